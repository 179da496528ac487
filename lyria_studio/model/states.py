"""The states of a generation and the only moves between them that are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lyria_core import Charge

__all__ = [
    "ACTIVE",
    "BEING_MADE",
    "FINAL",
    "KEY_REFUSED",
    "TRANSITIONS",
    "State",
    "StateGroup",
    "group_of",
    "sources_of",
]


class State(StrEnum):
    """Where a generation stands between the intent and the finished track."""

    INTENDED = "intended"
    """Stored and its cost reserved; the POST has not left: cancelling is free."""
    SUBMITTING = "submitting"
    """The POST is leaving or has left. Whoever finds this after a crash never sends it again."""
    QUEUED = "queued"
    """The gateway gave a request id."""
    PROCESSING = "processing"
    """The gateway says that the model is at work."""
    DOWNLOADING = "downloading"
    """Made and charged; the app is fetching it, or will try again at `next_attempt_at`."""
    READY = "ready"
    """Every track is in the library."""
    REFUSED = "refused"
    """Never taken by the gateway: nothing was charged."""
    FAILED = "failed"
    """The gateway says FAILED: it may have been charged, until a person settles it."""
    ERROR = "error"
    """The gateway says ERROR: not charged (its reference says so)."""
    UNKNOWN = "unknown"
    """The POST left and no answer that we understand came back: a person has to settle it."""
    CANCELLED = "cancelled"
    """Taken back before the POST left: nothing was charged."""
    STALLED = "stalled"
    """Still being made when we stopped looking: look again."""
    UNDELIVERED = "undelivered"
    """Made and charged, but not fetched in spite of many tries: can be asked for again."""

    @property
    def active(self) -> bool:
        """Whether the worker still has something to do without being asked."""
        return self in ACTIVE

    @property
    def final(self) -> bool:
        """Whether nothing more is expected, neither from the worker nor from a person."""
        return self in FINAL


ACTIVE: Final = frozenset(
    {State.INTENDED, State.SUBMITTING, State.QUEUED, State.PROCESSING, State.DOWNLOADING}
)

# FAILED is final in the sense of the gateway; a person may still settle what it cost.
FINAL: Final = frozenset({State.READY, State.REFUSED, State.FAILED, State.ERROR, State.CANCELLED})

TRANSITIONS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        # To QUEUED from here or from a final state: a callback proved that it was taken after all.
        State.INTENDED: frozenset({State.SUBMITTING, State.CANCELLED, State.REFUSED, State.QUEUED}),
        State.SUBMITTING: frozenset(
            # Back to INTENDED only where the gateway certainly took nothing (429, no connection).
            {State.INTENDED, State.QUEUED, State.REFUSED, State.UNKNOWN}
        ),
        State.QUEUED: frozenset(
            {
                State.PROCESSING,
                State.DOWNLOADING,
                State.FAILED,
                State.ERROR,
                State.STALLED,
                State.UNKNOWN,
            }
        ),
        State.PROCESSING: frozenset({State.DOWNLOADING, State.FAILED, State.ERROR, State.STALLED}),
        State.DOWNLOADING: frozenset({State.READY, State.UNDELIVERED}),
        State.UNKNOWN: frozenset({State.QUEUED, State.REFUSED, State.FAILED}),
        State.STALLED: frozenset({State.QUEUED, State.DOWNLOADING, State.FAILED, State.ERROR}),
        State.UNDELIVERED: frozenset({State.DOWNLOADING, State.READY}),
        # Back to a state without an answer: a person undoes what they settled.
        State.FAILED: frozenset({State.QUEUED, State.PROCESSING, State.STALLED, State.UNKNOWN}),
        State.ERROR: frozenset({State.QUEUED, State.PROCESSING, State.STALLED}),
        State.READY: frozenset(),
        State.REFUSED: frozenset({State.QUEUED, State.UNKNOWN}),
        State.CANCELLED: frozenset({State.QUEUED}),
    }
)
"""From each state, the states that it may become. Staying in a state is not a move."""


def sources_of(target: State) -> frozenset[State]:
    """Return the states from which `target` may be reached in one move."""
    return frozenset(state for state, targets in TRANSITIONS.items() if target in targets)


class StateGroup(StrEnum):
    """The groups that a person filters History by; every generation is in exactly one."""

    IN_PROGRESS = "in progress"
    READY = "ready"
    NEEDS_ACTION = "needs action"
    """A person can do something: settle it, check again, fetch again, give a key."""
    FAILED = "failed"

    @property
    def states(self) -> frozenset[State]:
        """The states that a generation of this group may be in."""
        return _GROUPS[self]


KEY_REFUSED: Final = frozenset({401, 403})
"""HTTP statuses of a poll whose key is not accepted."""

BEING_MADE: Final = frozenset({State.QUEUED, State.PROCESSING})

_STUCK = frozenset({State.UNKNOWN, State.STALLED, State.UNDELIVERED})
_GROUPS: Final[Mapping[StateGroup, frozenset[State]]] = MappingProxyType(
    {
        StateGroup.IN_PROGRESS: ACTIVE,
        StateGroup.READY: frozenset({State.READY}),
        StateGroup.NEEDS_ACTION: _STUCK | ACTIVE | {State.FAILED},
        StateGroup.FAILED: FINAL - {State.READY},
    }
)


def group_of(
    state: State, charge: Charge, *, waiting_for_key: bool = False, http_status: int | None = None
) -> StateGroup:
    """Return the group of a generation.

    Args:
        state: where it stands.
        charge: what it cost.
        waiting_for_key: whether its key is not in memory.
        http_status: of the last answer of the gateway.
    """
    if state is State.READY:
        return StateGroup.READY
    maybe_failed = state is State.FAILED and charge is Charge.MAYBE
    key_refused = state in BEING_MADE and http_status in KEY_REFUSED
    if state in _STUCK or maybe_failed or key_refused or (waiting_for_key and state in ACTIVE):
        return StateGroup.NEEDS_ACTION
    return StateGroup.IN_PROGRESS if state in ACTIVE else StateGroup.FAILED
