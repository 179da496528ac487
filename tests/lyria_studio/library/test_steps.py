"""Every step of the worker and of a person, tried from every state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pytest
from support.library_rows import START, Clock, in_state, job, request_id_of

from lyria_core import Charge
from lyria_studio.library import Library, NotSettled
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

pytestmark = pytest.mark.slow

S = State
LATER = START + timedelta(minutes=5)


class Step(NamedTuple):
    act: Callable[[Library, Generation], object]
    leads: dict[State, tuple[State, Charge]]


def known(one: Generation) -> str:
    return one.request_id or request_id_of(one.id)


def settle(library: Library, one: Generation, **how: object) -> object:
    try:
        return library.jobs.settlements.settle(one.id, **how)  # type: ignore[arg-type]
    except NotSettled:
        return None


NO, MAYBE, YES = Charge.NO, Charge.MAYBE, Charge.YES
MADE = (S.DOWNLOADING, YES)
STEPS = {
    "claim for submit": Step(
        lambda library, one: library.jobs.claim_for_submit(one.id),
        {S.INTENDED: (S.SUBMITTING, MAYBE)},
    ),
    "postponed": Step(
        lambda library, one: library.jobs.postponed(one.id, LATER),
        {S.SUBMITTING: (S.INTENDED, MAYBE)},
    ),
    "accepted": Step(
        lambda library, one: library.jobs.accepted(one.id, request_id_of(one.id)),
        {S.SUBMITTING: (S.QUEUED, MAYBE), S.UNKNOWN: (S.QUEUED, MAYBE)},
    ),
    "refused": Step(
        lambda library, one: library.jobs.refused(one.id, error="No."),
        {S.INTENDED: (S.REFUSED, NO), S.SUBMITTING: (S.REFUSED, NO), S.UNKNOWN: (S.REFUSED, NO)},
    ),
    "unknown": Step(
        lambda library, one: library.jobs.unknown(one.id, error="Nobody knows."),
        {S.SUBMITTING: (S.UNKNOWN, MAYBE)},
    ),
    "unknown, but with an id": Step(
        lambda library, one: library.jobs.unknown(
            one.id, error="Cut short.", request_id=request_id_of(one.id)
        ),
        {S.SUBMITTING: (S.QUEUED, MAYBE)},
    ),
    "called back": Step(
        lambda library, one: library.jobs.callbacks.received(one.id, known(one)),
        {
            S.SUBMITTING: (S.SUBMITTING, MAYBE),
            S.UNKNOWN: (S.QUEUED, MAYBE),
            S.STALLED: (S.QUEUED, MAYBE),
            S.QUEUED: (S.QUEUED, MAYBE),
            S.PROCESSING: (S.PROCESSING, MAYBE),
            S.REFUSED: (S.QUEUED, MAYBE),
        },
    ),
    "observed QUEUED": Step(
        lambda library, one: library.jobs.observed(one.id, job(known(one), "QUEUED")),
        {S.QUEUED: (S.QUEUED, MAYBE), S.PROCESSING: (S.PROCESSING, MAYBE)},
    ),
    "observed PROCESSING": Step(
        lambda library, one: library.jobs.observed(one.id, job(known(one))),
        {S.QUEUED: (S.PROCESSING, MAYBE), S.PROCESSING: (S.PROCESSING, MAYBE)},
    ),
    "observed a status nobody knows": Step(
        lambda library, one: library.jobs.observed(one.id, job(known(one), "DREAMING")),
        {S.QUEUED: (S.QUEUED, MAYBE), S.PROCESSING: (S.PROCESSING, MAYBE)},
    ),
    "observed COMPLETED": Step(
        lambda library, one: library.jobs.observed(one.id, job(known(one), "COMPLETED")),
        {S.QUEUED: MADE, S.PROCESSING: MADE, S.STALLED: MADE},
    ),
    "observed FAILED": Step(
        lambda library, one: library.jobs.observed(one.id, job(known(one), "FAILED")),
        {
            S.QUEUED: (S.FAILED, MAYBE),
            S.PROCESSING: (S.FAILED, MAYBE),
            S.STALLED: (S.FAILED, MAYBE),
        },
    ),
    "observed ERROR": Step(
        lambda library, one: library.jobs.observed(one.id, job(known(one), "ERROR")),
        {S.QUEUED: (S.ERROR, NO), S.PROCESSING: (S.ERROR, NO), S.STALLED: (S.ERROR, NO)},
    ),
    "poll failed": Step(
        lambda library, one: library.jobs.poll_failed(one.id, LATER, error="503"),
        {S.QUEUED: (S.QUEUED, MAYBE), S.PROCESSING: (S.PROCESSING, MAYBE)},
    ),
    "stalled": Step(
        lambda library, one: library.jobs.stalled(one.id),
        {S.QUEUED: (S.STALLED, MAYBE), S.PROCESSING: (S.STALLED, MAYBE)},
    ),
    "download failed, again later": Step(
        lambda library, one: library.jobs.download_failed(
            one.id, error="503", next_attempt_at=LATER
        ),
        {S.DOWNLOADING: MADE},
    ),
    "download failed for good": Step(
        lambda library, one: library.jobs.download_failed(one.id, error="404"),
        {S.DOWNLOADING: (S.UNDELIVERED, YES)},
    ),
    "wait for key": Step(
        lambda library, one: library.jobs.wait_for_key(one.id),
        {
            S.INTENDED: (S.INTENDED, MAYBE),
            S.QUEUED: (S.QUEUED, MAYBE),
            S.PROCESSING: (S.PROCESSING, MAYBE),
        },
    ),
    "cancel": Step(
        lambda library, one: library.jobs.cancel(one.id) or None, {S.INTENDED: (S.CANCELLED, NO)}
    ),
    "poll again": Step(
        lambda library, one: library.jobs.poll_again(one.id) or None,
        {
            S.QUEUED: (S.QUEUED, MAYBE),
            S.PROCESSING: (S.PROCESSING, MAYBE),
            S.STALLED: (S.QUEUED, MAYBE),
            S.FAILED: (S.QUEUED, MAYBE),
        },
    ),
    "retry download": Step(
        lambda library, one: library.jobs.retry_download(one.id) or None,
        {S.UNDELIVERED: MADE, S.DOWNLOADING: MADE},
    ),
    "settle with a request id": Step(
        lambda library, one: settle(library, one, request_id="lyria-3_019d5721-c333-7002"),
        {S.UNKNOWN: (S.QUEUED, MAYBE)},
    ),
    "settle as not charged": Step(
        lambda library, one: settle(library, one, charged=False),
        {S.UNKNOWN: (S.REFUSED, NO), S.STALLED: (S.ERROR, NO), S.FAILED: (S.FAILED, NO)},
    ),
    "settle as charged": Step(
        lambda library, one: settle(library, one, charged=True),
        {S.UNKNOWN: (S.FAILED, YES), S.STALLED: (S.FAILED, YES), S.FAILED: (S.FAILED, YES)},
    ),
}


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("state", State)
def test_a_step_happens_where_it_makes_sense_and_nowhere_else(
    library: Library, clock: Clock, state: State, name: str
) -> None:
    step = STEPS[name]
    before = in_state(library, state)
    clock.forward(seconds=1)
    result = step.act(library, before)
    after = library.tracks.generation(before.id)
    if state in step.leads:
        assert result is not None
        assert (after.state, after.charge) == step.leads[state]
        assert after.updated_at > before.updated_at or name == "called back"
    else:
        assert result is None
        assert replace(after, called_back_at=None) == before
    # No row is ever stuck: what is active is due, and nothing else is.
    waits = after.state is S.SUBMITTING or after.waiting_for_key
    assert (after.next_attempt_at is not None) == (after.active and not waits)
