from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from support.library_rows import START, Clock, in_state, job, request_id_of, takes

from lyria_core import Charge
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State


def test_only_one_of_many_claims_wins(library: Library) -> None:
    (one,) = library.jobs.order(takes())
    with ThreadPoolExecutor(16) as pool:
        claims = list(pool.map(lambda _: library.jobs.claim_for_submit(one.id), range(64)))
    (winner,) = [claim for claim in claims if claim]
    assert winner.state is State.SUBMITTING
    assert winner.submits == 1


def test_cancelling_and_submitting_exclude_each_other(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        orders = library.jobs.order(takes(40))
        with ThreadPoolExecutor(16) as pool:
            claims = [pool.submit(library.jobs.claim_for_submit, one.id) for one in orders]
            cancels = [pool.submit(library.jobs.cancel, one.id) for one in reversed(orders)]
            claimed = [claim.result() is not None for claim in claims]
            cancelled = [cancel.result() for cancel in reversed(cancels)]
        assert [c + d for c, d in zip(claimed, cancelled, strict=True)] == [1] * 40
        for one, was_cancelled in zip(orders, cancelled, strict=True):
            expected = State.CANCELLED if was_cancelled else State.SUBMITTING
            assert library.tracks.generation(one.id).state is expected


def test_a_request_id_is_kept_in_any_form(library: Library) -> None:
    one = in_state(library, State.SUBMITTING)
    accepted = library.jobs.accepted(one.id, "Ω:strange/id", raw={"polling_url": "https://x"})
    assert accepted
    assert accepted.request_id == "Ω:strange/id"
    assert accepted.raw == {"polling_url": "https://x"}
    assert library.tracks.generation(one.id) == accepted


def test_one_request_id_is_never_two_generations(library: Library) -> None:
    first = in_state(library, State.QUEUED)
    second = in_state(library, State.SUBMITTING)
    assert first.request_id
    doubled = library.jobs.accepted(second.id, first.request_id)
    assert doubled
    assert doubled.state is State.UNKNOWN
    assert doubled.error
    assert first.request_id in doubled.error
    assert library.tracks.generation(first.id) == first


def test_two_gateways_may_give_the_same_request_id(library: Library) -> None:
    first = in_state(library, State.QUEUED)
    assert first.request_id
    second = in_state(library, State.SUBMITTING, base_url="https://other.example")
    accepted = library.jobs.accepted(second.id, first.request_id)
    assert accepted
    assert accepted.state is State.QUEUED


def test_after_a_crash_nothing_is_sent_twice(library: Library) -> None:
    crashed = in_state(library, State.SUBMITTING)
    others = [in_state(library, state) for state in State if state is not State.SUBMITTING]
    assert library.jobs.interrupted() == [crashed.id]
    found = library.tracks.generation(crashed.id)
    assert found.state is State.UNKNOWN
    assert found.charge is Charge.MAYBE
    assert found.error
    assert found.advice
    assert library.jobs.claim_for_submit(crashed.id) is None
    assert [library.tracks.generation(one.id) for one in others] == others
    assert library.jobs.interrupted() == []


def test_a_callback_that_came_before_the_crash_saves_the_job(library: Library) -> None:
    crashed = in_state(library, State.SUBMITTING)
    assert library.jobs.callbacks.received(crashed.id, "lyria-3_019d5721")
    library.jobs.interrupted()
    found = library.tracks.generation(crashed.id)
    assert (found.state, found.request_id) == (State.QUEUED, "lyria-3_019d5721")
    assert [due.id for due in library.jobs.due()] == [crashed.id]


@pytest.mark.parametrize("outcome", ["refused", "postponed", "unknown"])
def test_a_callback_outweighs_the_answer_to_the_post(
    library: Library, clock: Clock, outcome: str
) -> None:
    one = in_state(library, State.SUBMITTING)
    library.jobs.callbacks.received(one.id, "lyria-3_019d5721")
    if outcome == "refused":
        after = library.jobs.refused(one.id, error="500")
    elif outcome == "postponed":
        after = library.jobs.postponed(one.id, clock.now + timedelta(seconds=9))
    else:
        after = library.jobs.unknown(one.id, error="cut")
    assert after
    assert (after.state, after.charge) == (State.QUEUED, Charge.MAYBE)
    assert (after.request_id, after.request_id_from) == ("lyria-3_019d5721", "webhook")


def _postpone(library: Library) -> Generation:
    one = in_state(library, State.SUBMITTING)
    found = library.jobs.postponed(one.id, START, error="Too many requests.", http_status=429)
    assert found
    return found


def _cancel_postponed(library: Library) -> Generation:
    one = _postpone(library)
    assert library.jobs.cancel(one.id)
    return library.tracks.generation(one.id)


def _settle(charged: bool) -> Callable[[Library], Generation]:
    def settle(library: Library) -> Generation:
        return library.jobs.settlements.settle(in_state(library, State.UNKNOWN).id, charged=charged)

    return settle


TAKEN_AFTER_ALL: dict[str, Callable[[Library], Generation]] = {
    "refused": lambda library: in_state(library, State.REFUSED),
    "postponed": _postpone,
    "postponed, then cancelled": _cancel_postponed,
    "settled as not charged": _settle(False),
    "settled as charged": _settle(True),
    "outcome unknown": lambda library: in_state(library, State.UNKNOWN),
}


@pytest.mark.parametrize("case", TAKEN_AFTER_ALL.values(), ids=TAKEN_AFTER_ALL)
def test_a_callback_proves_that_the_gateway_took_it_after_all(
    library: Library, case: Callable[[Library], Generation]
) -> None:
    one = case(library)
    found = library.jobs.callbacks.received(one.id, "lyria-3_019d5721")
    assert found
    assert (found.state, found.charge) == (State.QUEUED, Charge.MAYBE)
    assert (found.request_id, found.error, found.completed_at) == ("lyria-3_019d5721", None, None)
    assert library.jobs.claim_for_submit(one.id) is None
    assert [due.id for due in library.jobs.due()] == [one.id]


@pytest.mark.parametrize("state", [State.INTENDED, State.CANCELLED])
def test_no_callback_is_taken_in_for_what_was_never_sent(library: Library, state: State) -> None:
    one = in_state(library, state)
    assert library.jobs.callbacks.received(one.id, "lyria-3_019d5721") is None
    assert library.tracks.generation(one.id).state is state


def test_after_a_callback_that_was_quicker_than_the_answer_the_poll_is_due_at_once(
    library: Library, clock: Clock
) -> None:
    one = in_state(library, State.SUBMITTING)
    library.jobs.callbacks.received(one.id, "lyria-3_019d5721")
    later = clock.now + timedelta(seconds=68)
    after = library.jobs.accepted(one.id, "lyria-3_019d5721", next_attempt_at=later)
    assert after
    assert after.next_attempt_at == clock.now


def test_whether_callbacks_arrive_is_told_by_the_newest_job_that_asked_for_one(
    library: Library, clock: Clock
) -> None:
    arrive = library.jobs.callbacks.arrive
    assert arrive() is None
    for called_back in (False, True, False):
        clock.forward(minutes=5)
        (one,) = library.jobs.order(takes())
        library.jobs.claim_for_submit(one.id, webhook=True)
        library.jobs.accepted(one.id, request_id_of(one.id))
        if called_back:
            library.jobs.callbacks.received(one.id, request_id_of(one.id))
        before = arrive()
        library.jobs.observed(one.id, job(request_id_of(one.id), "COMPLETED"))
        assert arrive() is (before if not called_back else True), "it may still come"
        clock.forward(seconds=61)
        assert arrive() is called_back
    assert arrive(since=clock.now) is None


def test_the_answer_outweighs_a_callback_on_the_request_id(library: Library) -> None:
    one = in_state(library, State.SUBMITTING)
    library.jobs.callbacks.received(one.id, "lyria-3_another")
    after = library.jobs.accepted(one.id, "lyria-3_019d5721")
    assert after
    assert (after.request_id, after.request_id_from) == ("lyria-3_019d5721", "gateway")


def test_a_callback_cannot_change_the_id_that_the_gateway_gave(library: Library) -> None:
    one = in_state(library, State.QUEUED)
    assert library.jobs.callbacks.received(one.id, "lyria-3_another") is None
    assert library.tracks.generation(one.id) == one


def test_a_callback_mends_an_id_that_was_typed_wrong(library: Library) -> None:
    one = in_state(library, State.UNKNOWN)
    library.jobs.settlements.settle(one.id, request_id="lyria-3_typed-wrong")
    mended = library.jobs.callbacks.received(one.id, "lyria-3_019d5721")
    assert mended
    assert mended.request_id == "lyria-3_019d5721"


def test_a_callback_cannot_take_the_id_of_another_generation(library: Library) -> None:
    other = in_state(library, State.READY)
    one = in_state(library, State.UNKNOWN)
    assert other.request_id
    assert library.jobs.callbacks.received(one.id, other.request_id) is None
    assert library.jobs.callbacks.received("nothing-like-this", other.request_id) is None
    assert library.tracks.generation(one.id) == one


def test_a_postponed_order_is_due_at_the_given_time(library: Library, clock: Clock) -> None:
    one = in_state(library, State.SUBMITTING)
    later = clock.now + timedelta(seconds=30)
    library.jobs.postponed(one.id, later, error="Too many requests.", http_status=429)
    assert library.jobs.due() == []
    clock.now = later
    assert [due.id for due in library.jobs.due()] == [one.id]
    claimed = library.jobs.claim_for_submit(one.id, webhook=True)
    assert claimed
    assert (claimed.submits, claimed.webhook, claimed.error) == (2, True, None)


def test_a_late_answer_still_counts_after_an_unknown_outcome(library: Library) -> None:
    """A second process that starts on the same library may declare an order of ours unknown."""
    one = in_state(library, State.SUBMITTING)
    library.jobs.interrupted()
    accepted = library.jobs.accepted(one.id, request_id_of(one.id))
    assert accepted
    assert accepted.state is State.QUEUED


def test_strange_words_of_the_gateway_never_stop_the_bookkeeping(library: Library) -> None:
    one = in_state(library, State.QUEUED)
    assert one.request_id
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"deeper": deep}
    failed = library.jobs.observed(
        one.id, job(one.request_id, "FAILED", error="half \ud83d of an emoji\0", more=deep)
    )
    assert failed
    assert failed.state is State.FAILED
    assert failed.error == "half ? of an emoji"
    assert failed.raw is not None
    other = in_state(library, State.SUBMITTING)
    assert library.jobs.accepted(other.id, "lyria-3_x", raw={"progress": float("nan")})
