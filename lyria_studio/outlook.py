"""What screens show of a generation and offer to do: one decision for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lyria_core import Charge
from lyria_studio.model.generation import FetchKind, Generation
from lyria_studio.model.states import BEING_MADE, KEY_REFUSED, State
from lyria_studio.wording import LABELS, NEEDS_KEY, NOT_SENT, Label

__all__ = ["Action", "Outlook", "outlook"]


class Action(StrEnum):
    """What a person can do; the values are the texts of the buttons."""

    CANCEL = "Cancel"
    CHECK = "Check again"
    CHECK_WITH_KEY = "Check with the current key"
    FETCH = "Fetch again"
    KEEP = "Keep as it is"
    SETTLE = "Settle"
    UNDO = "Undo settling"


@dataclass(frozen=True)
class Outlook:
    """How a generation stands.

    Attributes:
        label: its badge.
        sentence: what happened and what to do; "" where the badge says it all.
        actions: the buttons, the most useful first.
    """

    label: Label
    sentence: str = ""
    actions: tuple[Action, ...] = ()


_KEY_FROM = {
    "environment": "the API key that the app was started with",
    "secrets": "the API key in secrets.toml",
    "typed": "an API key typed in Settings",
}
_REFUSED_KEY = (
    "The key used for this order is no longer accepted. The track may be finished and paid."
)
_NEXT = {
    Action.CHECK: "Check again: that is free.",
    Action.FETCH: "Fetch it again: that is free.",
    Action.SETTLE: "Look it up in your gateway account, then settle it.",
}


_ACTIONS: Mapping[State, tuple[Action, ...]] = {
    State.INTENDED: (Action.CANCEL,),
    State.SUBMITTING: (),
    State.QUEUED: (Action.UNDO,),
    State.PROCESSING: (Action.UNDO,),
    State.DOWNLOADING: (Action.FETCH,),
    State.READY: (),
    State.REFUSED: (Action.UNDO,),
    State.FAILED: (Action.CHECK, Action.SETTLE, Action.UNDO),
    State.ERROR: (Action.UNDO,),
    State.UNKNOWN: (Action.SETTLE,),
    State.CANCELLED: (),
    State.STALLED: (Action.CHECK, Action.SETTLE, Action.UNDO),
    State.UNDELIVERED: (Action.FETCH, Action.KEEP),
}


def outlook(generation: Generation, *, key_here: bool = True) -> Outlook:
    """Return what to show of a generation.

    Args:
        generation: how it stands.
        key_here: whether its key is in memory.
    """
    state = generation.state
    if state is State.READY:
        return Outlook(LABELS[state])
    if state is State.CANCELLED and generation.cause is not None:
        return Outlook(NOT_SENT)
    if _lacks_key(generation, key_here):
        return _without_key(generation)
    if state is State.UNDELIVERED and (not key_here or _address_refused(generation)):
        return _undelivered_without_key(generation)
    actions = tuple(one for one in _ACTIONS[state] if _is_possible(generation, one))
    # The advice of an error names no button; where there is one, it is what to do next.
    do = next((_NEXT[one] for one in actions if one in _NEXT), generation.advice)
    if generation.active and not actions:
        do = None
    return Outlook(LABELS[state], " ".join(filter(None, (generation.error, do))), actions)


def _is_possible(generation: Generation, action: Action) -> bool:
    match action:
        case Action.UNDO:
            return generation.settled_from is not None
        case Action.KEEP:
            return bool(generation.set_aside)
        case Action.FETCH:
            # During the first download nothing has gone wrong yet.
            return generation.state is State.UNDELIVERED or generation.error is not None
        case Action.CHECK:
            return generation.charge is Charge.MAYBE and generation.request_id is not None
        case Action.SETTLE:
            return generation.charge is Charge.MAYBE
        case _:
            return True


_ANSWERLESS = BEING_MADE | {State.STALLED}


def _lacks_key(generation: Generation, key_here: bool) -> bool:
    refused = generation.state in _ANSWERLESS and generation.http_status in KEY_REFUSED
    waits = generation.waiting_for_key and generation.active
    maybe_failed = generation.state is State.FAILED and generation.charge is Charge.MAYBE
    asks = generation.state in _ANSWERLESS or maybe_failed
    return refused or waits or (asks and not key_here and generation.request_id is not None)


def _address_refused(generation: Generation) -> bool:
    """Return whether the key was refused when the gateway was last asked where the files are."""
    asked = [fetch for fetch in generation.fetches if fetch.kind is FetchKind.STATUS]
    return bool(asked) and asked[-1].http_status in KEY_REFUSED


def _undelivered_without_key(generation: Generation) -> Outlook:
    """Return what to show of a paid track whose new address needs another key."""
    actions = [one for one in _ACTIONS[generation.state] if _is_possible(generation, one)]
    next_ = f"{Action.CHECK_WITH_KEY} to get a new address: that is free."
    return Outlook(
        LABELS[generation.state],
        " ".join(filter(None, (generation.error, next_))),
        (Action.CHECK_WITH_KEY, *actions),
    )


def _without_key(generation: Generation) -> Outlook:
    """Return what to show if the order's key is missing or refused."""
    refused = generation.http_status in KEY_REFUSED
    key = _KEY_FROM.get(generation.key_source or "", "another API key")
    again = (
        "Enter it again in Settings"
        if generation.key_source == "typed"
        else "Set it again, or enter it in Settings"
    )
    gone = f"This order was placed with {key}, which is not in memory now."
    if generation.state is State.INTENDED:
        return Outlook(NEEDS_KEY, f"{gone} Nothing was sent. {again}.", (Action.CANCEL,))
    if generation.state is State.DOWNLOADING:
        return Outlook(NEEDS_KEY, f"{gone} {again}.", (Action.FETCH,))
    actions = (Action.CHECK_WITH_KEY, Action.SETTLE)
    if generation.state is State.FAILED:
        return Outlook(LABELS[State.FAILED], f"{generation.error or ''} {gone}".strip(), actions)
    if refused:
        return Outlook(NEEDS_KEY, _REFUSED_KEY, actions)
    return Outlook(NEEDS_KEY, f"{gone} The track may be finished and paid. {again}.", actions)
