import pytest
from support.library_rows import in_state, job

from lyria_core import Charge
from lyria_studio.library import Library, NotSettled, UnknownGeneration, is_request_id
from lyria_studio.model.states import State


@pytest.mark.parametrize(
    ("text", "model", "form"),
    [
        ("lyria-3-pro_019d5721-c333-7002-426f-b50cf48bab672", "lyria-3-pro", True),
        ("lyria-3_019dxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "lyria-3", True),
        ("lyria-3_019d5721-c333-7002-426f-b50cf48bab672", "lyria-3-pro", False),
        ("lyria-3-pro_019d5721-c333-7002-426f-b50cf48bab672", "lyria-3", False),
        ("019d5721-c333-7002-426f-b50cf48bab672", "lyria-3", True),
        ("lyria-3_0198a1b2c3d4e", "lyria-3", True),
        ("job/7?a=ä", "lyria-3", True),
        ("7" * 1024, "lyria-3", True),
        ("7" * 1025, "lyria-3", False),
        ("number 7", "lyria-3", False),
        ("nonsense", "lyria-3", False),
        ("lyria-3_", "lyria-3", False),
        ("lyria-3_short", "lyria-3", False),
        ("lyria-3_019d5721/../../secret", "lyria-3", False),
        ("lyria-3_019d5721-c333\n", "lyria-3", False),
        ("", "lyria-3", False),
    ],
)
def test_the_form_of_a_request_id(text: str, model: str, form: bool) -> None:
    assert is_request_id(text, model) is form


def test_a_request_id_that_was_found_is_polled(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    found = library.jobs.settle(one.id, request_id="  lyria-3_019d5721-c333  ")
    assert (found.request_id, found.request_id_from) == ("lyria-3_019d5721-c333", "person")
    assert found.settled_by_person
    assert [due.id for due in library.jobs.due()] == [one.id]
    done = library.jobs.observed(one.id, job("lyria-3_019d5721-c333", "COMPLETED"))
    assert done
    assert done.charge is Charge.YES


def test_a_request_id_in_the_wrong_form_changes_nothing(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    with pytest.raises(NotSettled, match="lyria-3_019d5721"):
        library.jobs.settle(one.id, request_id="lyria-2_019d5721-c333")
    assert library.tracks.generation(one.id) == one


def test_a_request_id_of_another_generation_changes_nothing(library: Library) -> None:
    other = in_state(library, State.READY)
    one = in_state(library, State.UNKNOWN)
    assert other.request_id
    with pytest.raises(NotSettled, match="another generation"):
        library.jobs.settle(one.id, request_id=other.request_id)
    assert library.tracks.generation(one.id) == one
    assert library.tracks.generation(other.id) == other


def test_a_request_id_typed_wrong_can_be_corrected(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    library.jobs.settle(one.id, request_id="lyria-3_typed-wrong")
    library.jobs.stalled(one.id, error="There is no such job.", http_status=404)
    corrected = library.jobs.settle(one.id, request_id="lyria-3_019d5721-c333")
    assert corrected.request_id == "lyria-3_019d5721-c333"


def test_settling_says_who_settled_it(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    free = library.jobs.settle(one.id, charged=False)
    assert free.error == "No answer came back. You settled it as not charged."
    assert free.completed_at
    with pytest.raises(NotSettled, match="settled already"):
        library.jobs.settle(one.id, charged=True)
    assert library.tracks.generation(one.id) == free


def test_a_settled_failure_is_settled_for_good(library: Library) -> None:
    one = in_state(library, State.FAILED)
    settled = library.jobs.settle(one.id, charged=False)
    assert not library.jobs.poll_again(one.id)
    with pytest.raises(NotSettled, match="settled already"):
        library.jobs.settle(one.id, charged=True)
    assert library.tracks.generation(one.id) == settled


def test_an_unsettled_failure_may_turn_out_to_be_music(library: Library) -> None:
    one = in_state(library, State.FAILED)
    assert one.request_id
    assert library.jobs.poll_again(one.id)
    done = library.jobs.observed(one.id, job(one.request_id, "COMPLETED"))
    assert done
    assert (done.state, done.charge) == (State.DOWNLOADING, Charge.YES)


def test_one_says_either_the_id_or_the_charge(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    with pytest.raises(ValueError, match="request id"):
        library.jobs.settle(one.id)
    with pytest.raises(ValueError, match="request id"):
        library.jobs.settle(one.id, request_id="lyria-3_019d5721", charged=True)


def test_nobody_can_act_on_what_is_not_there(library: Library) -> None:
    for act in (
        library.jobs.cancel,
        library.jobs.poll_again,
        library.jobs.retry_download,
        library.tracks.generation,
    ):
        with pytest.raises(UnknownGeneration, match="no such generation"):
            act("nothing-like-this")
    with pytest.raises(UnknownGeneration):
        library.jobs.settle("nothing-like-this", charged=False)
    assert library.tracks.find("nothing-like-this") is None
