from typing import Any

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
    found = library.jobs.settlements.settle(one.id, request_id="  lyria-3_019d5721-c333  ")
    assert (found.request_id, found.request_id_from) == ("lyria-3_019d5721-c333", "person")
    assert found.settled_by_person
    assert [due.id for due in library.jobs.due()] == [one.id]
    done = library.jobs.observed(one.id, job("lyria-3_019d5721-c333", "COMPLETED"))
    assert done
    assert done.charge is Charge.YES


def test_a_request_id_in_the_wrong_form_changes_nothing(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    with pytest.raises(NotSettled, match="lyria-3_019d5721"):
        library.jobs.settlements.settle(one.id, request_id="lyria-2_019d5721-c333")
    assert library.tracks.generation(one.id) == one


def test_a_request_id_of_another_generation_changes_nothing(library: Library) -> None:
    other = in_state(library, State.READY)
    one = in_state(library, State.UNKNOWN)
    assert other.request_id
    with pytest.raises(NotSettled, match="another generation"):
        library.jobs.settlements.settle(one.id, request_id=other.request_id)
    assert library.tracks.generation(one.id) == one
    assert library.tracks.generation(other.id) == other


def test_a_request_id_typed_wrong_can_be_corrected(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    library.jobs.settlements.settle(one.id, request_id="lyria-3_typed-wrong")
    library.jobs.stalled(one.id, error="There is no such job.", http_status=404)
    corrected = library.jobs.settlements.settle(one.id, request_id="lyria-3_019d5721-c333")
    assert corrected.request_id == "lyria-3_019d5721-c333"


def test_settling_says_who_settled_it(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    free = library.jobs.settlements.settle(one.id, charged=False)
    assert free.error == "You settled this as not charged."
    assert free.completed_at
    with pytest.raises(NotSettled, match="settled already"):
        library.jobs.settlements.settle(one.id, charged=True)
    assert library.tracks.generation(one.id) == free


def test_a_settled_failure_is_settled_for_good(library: Library) -> None:
    one = in_state(library, State.FAILED)
    settled = library.jobs.settlements.settle(one.id, charged=False)
    assert not library.jobs.poll_again(one.id)
    with pytest.raises(NotSettled, match="settled already"):
        library.jobs.settlements.settle(one.id, charged=True)
    assert library.tracks.generation(one.id) == settled


@pytest.mark.parametrize("how", [{"charged": True}, {"charged": False}], ids=str)
@pytest.mark.parametrize(
    ("state", "values"),
    [
        (State.UNKNOWN, {}),
        (State.STALLED, {}),
        (State.FAILED, {}),
        (State.QUEUED, {"http_status": 401}),
        (State.PROCESSING, {"http_status": 403}),
        (State.PROCESSING, {"waiting_for_key": True, "next_attempt_at": None}),
    ],
    ids=str,
)
def test_settling_is_undone_to_the_last_word(
    library: Library, state: State, values: dict[str, Any], how: dict[str, Any]
) -> None:
    one = in_state(library, state)
    with library._store.writing() as rows:
        rows.change(one.id, {state}, **values)
    one = library.tracks.generation(one.id)
    settled = library.jobs.settlements.settle(one.id, **how)
    what = "charged, without a track" if how["charged"] else "not charged"
    assert settled.error == f"You settled this as {what}."
    assert settled.charge is (Charge.YES if how["charged"] else Charge.NO)
    assert library.jobs.settlements.undo(one.id) == one
    with pytest.raises(NotSettled, match="no settlement to undo"):
        library.jobs.settlements.undo(one.id)


def test_a_wrong_request_id_is_undone_until_an_answer_came(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    library.jobs.settlements.settle(one.id, request_id="lyria-3_typed-0001")
    assert library.jobs.settlements.undo(one.id) == one
    library.jobs.settlements.settle(one.id, request_id="lyria-3_typed-0001")
    library.jobs.observed(one.id, job("lyria-3_typed-0001", "COMPLETED"))
    with pytest.raises(NotSettled):
        library.jobs.settlements.undo(one.id)


@pytest.mark.parametrize("state", [State.QUEUED, State.PROCESSING, State.INTENDED, State.READY])
def test_what_may_still_be_answered_is_not_settled(library: Library, state: State) -> None:
    one = in_state(library, state)
    with pytest.raises(NotSettled):
        library.jobs.settlements.settle(one.id, charged=False)
    assert library.tracks.generation(one.id) == one


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
        library.jobs.settlements.settle(one.id)
    with pytest.raises(ValueError, match="request id"):
        library.jobs.settlements.settle(one.id, request_id="lyria-3_019d5721", charged=True)


def test_acting_on_a_missing_generation_is_refused(library: Library) -> None:
    for act in (
        library.jobs.cancel,
        library.jobs.poll_again,
        library.jobs.retry_download,
        library.tracks.generation,
    ):
        with pytest.raises(UnknownGeneration, match="no such generation"):
            act("nothing-like-this")
    with pytest.raises(UnknownGeneration):
        library.jobs.settlements.settle("nothing-like-this", charged=False)
    assert library.tracks.find("nothing-like-this") is None
