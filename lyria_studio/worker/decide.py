"""What the worker does next: pure functions, without network, clock or database."""

import random
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lyria_core import (
    AuthenticationError,
    Charge,
    LyriaError,
    RateLimited,
    StatusUnavailable,
    SubmitUnknown,
    next_look,
)
from lyria_studio.model.generation import Fetch, FetchKind
from lyria_studio.model.states import State

MOST_SUBMITS = 3
"""One POST, and two more where the gateway certainly took none of those before."""

LONGEST_REST_S = 60.0
"""Longest pause of all submits to a gateway that asks to slow down."""

_REST_S = 5.0
_TROUBLE_S = 5.0
_DOWNLOAD_JITTER = 1.1
_RESEND_JITTER_S = 1.0

# Sooner after a short trouble, without hammering in a long one; together one day.
_DOWNLOAD_PAUSES_S = (
    *(5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 2 * 3600.0),
    *(4 * 3600.0, 4 * 3600.0, 4 * 3600.0, 4 * 3600.0, 4 * 3600.0),
)


@dataclass(frozen=True)
class Timing:
    """The worker's patience. All in seconds.

    Attributes:
        polling: the client's rule for the next poll: elapsed, polls, recent durations, jitter.
        least_s: shortest pause between two polls of one job, whoever asks for them (2 s at the
            gateway, whatever the network adds to one and not to the other), and before
            anything else is done again to the same generation.
        trouble_s: shortest pause after a poll that brought no answer.
        refused_s: shortest pause after a poll whose key was not accepted.
        stalled_s: after polling a job for so long a person is told that it is still being made.
            Ten times what the slowest model takes.
        backstop_s: pause between polls of a stalled job that nobody asks about.
        callback_s: until a first callback is late, where no usual duration is known.
        longest_poll_s: longest pause between two polls of a job, whatever anybody asks for.
        download_s: pauses after the first, second, ... failed download.
    """

    polling: Callable[[float, int, Sequence[float], random.Random], float] = next_look
    least_s: float = 2.2
    trouble_s: float = _TROUBLE_S
    refused_s: float = 60.0
    stalled_s: float = 30 * 60.0
    backstop_s: float = 3600.0
    callback_s: float = 60.0
    longest_poll_s: float = 300.0
    download_s: tuple[float, ...] = _DOWNLOAD_PAUSES_S


@dataclass(frozen=True)
class Refuse:
    """The gateway took nothing; a person decides whether to order again."""


@dataclass(frozen=True)
class LeaveUnknown:
    """It is unknown whether the gateway took it: it is never sent again.

    Attributes:
        request_id: an id saved from a broken answer; with it the job can be looked up.
    """

    request_id: str | None


def after_failed_submit(error: LyriaError) -> Refuse | LeaveUnknown:
    """Decide what becomes of a generation whose POST failed for good."""
    # Anything that is not certainly free counts as unknown, also errors that are new to us.
    if isinstance(error, SubmitUnknown) or error.charge is not Charge.NO:
        return LeaveUnknown(error.request_id)
    return Refuse()


def may_submit_again(submits: int) -> bool:
    """Return whether an order that the gateway certainly refused may be sent again.

    Args:
        submits: how many POSTs were begun for it.
    """
    return submits < MOST_SUBMITS


def rest_s(error: LyriaError) -> float | None:
    """Return for how many seconds to pause all submits after this error; None: not at all."""
    if not isinstance(error, RateLimited):
        return None
    asked = error.retry_after
    return _REST_S if asked is None else min(max(asked, 0.0), LONGEST_REST_S)


def next_poll_s(
    timing: Timing,
    elapsed_s: float,
    polls: int,
    recent_s: Sequence[float],
    webhook: bool,
    rng: random.Random,
) -> float:
    """Return the seconds until the next poll of a job that is being made.

    Args:
        timing: the worker's patience.
        elapsed_s: seconds since the gateway took it, by a clock that may have been set.
        polls: how many polls there were.
        recent_s: how long the latest jobs of this model took, in seconds, newest last.
        webhook: whether a callback will come, as one came for the job before; until it is late
            no poll is needed.
        rng: for jitter.
    """
    elapsed_s = max(elapsed_s, 0.0)
    if webhook:
        late_s = 1.5 * statistics.median(recent_s) if recent_s else timing.callback_s
        if elapsed_s < late_s:
            pause_s = (late_s - elapsed_s) * rng.uniform(1.0, 1.2)
            return max(min(pause_s, timing.longest_poll_s), timing.least_s)
    pause_s = timing.polling(elapsed_s, polls, recent_s, rng)
    return max(min(pause_s, timing.longest_poll_s), timing.least_s)


def after_failed_poll_s(timing: Timing, error: LyriaError, usual_s: float) -> float:
    """Return the seconds until a job is polled again after a poll that brought no answer.

    Args:
        timing: the worker's patience.
        error: what the poll brought.
        usual_s: when the next poll would have been due had it brought an answer.
    """
    asked = error.retry_after if isinstance(error, RateLimited | StatusUnavailable) else None
    # A gateway in trouble is asked less often than one that answers, and so is one that does not
    # accept the key: a person has to act.
    least_s = timing.refused_s if isinstance(error, AuthenticationError) else timing.trouble_s
    return max(min(asked or 0.0, timing.longest_poll_s), usual_s, least_s)


def longest_wait_s(timing: Timing, state: State) -> float:
    """Return the longest time that anything in this state ever waits for, in seconds.

    Times are stored by a clock that a person may set, and that runs on while the computer sleeps.
    """
    match state:
        case State.INTENDED:
            return LONGEST_REST_S + _RESEND_JITTER_S
        case State.DOWNLOADING:
            return max(timing.download_s, default=0.0) * _DOWNLOAD_JITTER
        case State.STALLED:
            return timing.backstop_s
        case _:
            return timing.longest_poll_s


def is_stalled(timing: Timing, polled_for_s: float) -> bool:
    """Return whether polls failed for so long that a person should know.

    Args:
        timing: the worker's patience.
        polled_for_s: the pauses between the polls of this process, added up: neither a sleeping
            computer nor a clock that was set makes it longer.
    """
    return polled_for_s >= timing.stalled_s


MOST_DAMAGED = 3
"""A file that arrives damaged is fetched so often before a person is asked."""


def damaged(fetches: Sequence[Fetch]) -> int:
    """Return how often the worst file arrived damaged since a person last requested it."""
    counted: Counter[int | None] = Counter()
    for fetch in reversed(fetches):
        if fetch.kind in (FetchKind.AGAIN, FetchKind.KEEP):
            break
        counted[fetch.index] += fetch.kind is FetchKind.DAMAGED
    return max(counted.values(), default=0)


def download_pause_s(timing: Timing, failures: int, rng: random.Random) -> float | None:
    """Return the seconds until a failed download is tried again; None once a day has passed.

    Args:
        timing: the worker's patience.
        failures: how many tries failed, this one included, since somebody last asked for it.
        rng: for jitter.
    """
    if failures > len(timing.download_s):
        return None
    return timing.download_s[failures - 1] * rng.uniform(2 - _DOWNLOAD_JITTER, _DOWNLOAD_JITTER)
