"""What the worker does next: pure functions, without network, clock or database."""

import random
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lyria_core import (
    Charge,
    LyriaError,
    RateLimited,
    StatusUnavailable,
    SubmitUnknown,
    next_look,
)
from lyria_studio.model.generation import Fetch, FetchKind

MOST_SUBMITS = 3
"""One POST, and two more where the gateway surely took none of those before."""

LONGEST_REST_S = 60.0
"""Longest pause of all submits to a gateway that asks to slow down."""

_REST_S = 5.0
_TROUBLE_S = 5.0

# Sooner after a short trouble, without hammering in a long one; together one day.
_DOWNLOAD_PAUSES_S = (
    *(5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 2 * 3600.0),
    *(4 * 3600.0, 4 * 3600.0, 4 * 3600.0, 4 * 3600.0, 4 * 3600.0),
)


@dataclass(frozen=True)
class Timing:
    """The worker's patience. All in seconds.

    Attributes:
        polling: the client's rule for the next look: elapsed, looks, recent durations, jitter.
        least_s: shortest pause between two looks at one job, whoever asks for them (2 s at the
            gateway, whatever the network adds to one and not to the other), and before
            anything else is done again to the same generation.
        trouble_s: shortest pause after a look that brought no answer.
        stalled_s: after this a person is told that it is still being made. Ten times what the
            slowest model takes.
        backstop_s: pause between looks at a stalled job that nobody asks about.
        callback_s: pause between looks at a job whose callback should come, once it is late.
        download_s: pauses after the first, second, ... failed download.
    """

    polling: Callable[[float, int, Sequence[float], random.Random], float] = next_look
    least_s: float = 2.2
    trouble_s: float = _TROUBLE_S
    stalled_s: float = 30 * 60.0
    backstop_s: float = 3600.0
    callback_s: float = 60.0
    download_s: tuple[float, ...] = _DOWNLOAD_PAUSES_S


@dataclass(frozen=True)
class Refuse:
    """The gateway took nothing; a person decides whether to order again."""


@dataclass(frozen=True)
class LeaveUnknown:
    """Nobody knows whether the gateway took it: it is never sent again.

    Attributes:
        request_id: an id saved from a broken answer; with it the job can be looked up.
    """

    request_id: str | None


def after_failed_submit(error: LyriaError) -> Refuse | LeaveUnknown:
    """Decide what becomes of a generation whose POST failed for good."""
    # Anything that is not surely free counts as unknown, also errors that are new to us.
    if isinstance(error, SubmitUnknown) or error.charge is not Charge.NO:
        return LeaveUnknown(error.request_id)
    return Refuse()


def may_submit_again(submits: int) -> bool:
    """Whether an order that the gateway surely did not take may be sent once more.

    Args:
        submits: how many POSTs were begun for it.
    """
    return submits < MOST_SUBMITS


def rest_s(error: LyriaError) -> float | None:
    """Return how long all submits to the gateway shall rest after this error; None: not at all."""
    if not isinstance(error, RateLimited):
        return None
    asked = error.retry_after
    return _REST_S if asked is None else min(max(asked, 0.0), LONGEST_REST_S)


def next_look_s(
    timing: Timing,
    elapsed_s: float,
    looks: int,
    recent_s: Sequence[float],
    webhook: bool,
    rng: random.Random,
) -> float:
    """Return the seconds until the next look at a job that is being made.

    Args:
        timing: the worker's patience.
        elapsed_s: seconds since the gateway took it.
        looks: how many looks there were.
        recent_s: how long the latest jobs of this model took, in seconds, newest last.
        webhook: whether a callback will come; then looks are only for one that was lost.
        rng: for jitter.
    """
    if not webhook:
        return max(timing.polling(elapsed_s, looks, recent_s, rng), timing.least_s)
    usual_s = statistics.median(recent_s) if recent_s else 0.0
    late_s = 1.5 * usual_s - elapsed_s
    return max(late_s, timing.callback_s, timing.least_s) * rng.uniform(1.0, 1.2)


def after_failed_look_s(timing: Timing, error: LyriaError, usual_s: float) -> float:
    """Return the seconds until a job is looked at again after a look that brought no answer.

    Args:
        timing: the worker's patience.
        error: what the look brought.
        usual_s: when the next look would have been due had it brought an answer.
    """
    asked = error.retry_after if isinstance(error, RateLimited | StatusUnavailable) else None
    # A gateway in trouble is asked less often than one that answers.
    return max(asked or 0.0, usual_s, timing.trouble_s)


def is_stalled(timing: Timing, elapsed_s: float) -> bool:
    """Whether a job that is not done has taken so long that a person should know."""
    return elapsed_s >= timing.stalled_s


MOST_DAMAGED = 3
"""A file that arrives damaged is fetched so often before a person is asked."""


def damaged(fetches: Sequence[Fetch]) -> int:
    """Return how often one file, the worst, arrived damaged since a person last asked for it."""
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
    return timing.download_s[failures - 1] * rng.uniform(0.9, 1.1)
