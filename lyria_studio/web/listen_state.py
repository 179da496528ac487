"""The data of the listeners' page: before a vote, nothing that distinguishes the sides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from lyria_studio.audio.blind_files import BlindCopies
from lyria_studio.model.listening_test import ListeningKind, ListeningTest, Reveal
from lyria_studio.model.vote import Trial, Vote
from lyria_studio.web.listen_reveals import revealed
from lyria_studio.worker.blind_copies import BLIND_FOLDER, blind_copies

if TYPE_CHECKING:
    from pathlib import Path

    from lyria_studio.services import Services

__all__ = ["SoundPlace", "copies_of", "places", "sound_name", "state_of"]

SoundPlace = Literal["first", "second", "x"]
"""What the sounds of a trial are called on the server."""

PRACTICE_LUFS = -15.4
"""The loudness of the practice pair's files, played by both speakers."""
_MOST_MINUTES_A_PAIR = 0.75
_LEAST_MINUTES_A_PAIR = 0.3


def places(test: ListeningTest) -> tuple[SoundPlace, ...]:
    """Return the sounds of a trial: both sides, and in an ABX test X."""
    return ("first", "second", "x") if test.kind is ListeningKind.ABX else ("first", "second")


def sound_name(services: Services, trial: Trial, place: SoundPlace) -> str:
    """Return the opaque name of a sound in its address, different in each trial.

    Args:
        services: the services.
        trial: which trial.
        place: which of its sounds.
    """
    return services.signer.opaque("sound", trial.test_id, trial.id, place)


def copies_of(services: Services, test: ListeningTest) -> tuple[Path, BlindCopies] | None:
    """Return the folder of the blind copies and its contents; None if they must be made."""
    if test.prepared is None:
        return None
    folder = services.settings.home / BLIND_FOLDER / test.prepared
    try:
        return (folder, blind_copies(folder)) if folder.is_dir() else None
    except (OSError, ValueError):
        return None


def state_of(services: Services, test: ListeningTest, listener_id: str | None) -> dict[str, Any]:
    """Return all that the page shows, as JSON values.

    Args:
        services: the services.
        test: which test.
        listener_id: what the cookie holds, if there is one.
    """
    found = copies_of(services, test)
    copies = found[1] if found else None
    state: dict[str, Any] = {
        "test": _about(test, copies),
        "phase": "welcome",
        "message": None,
        "listener": None,
        "trial": None,
        "last": None,
        "revealed": [],
        "practice": False,
    }
    standing = services.library.listening.standing(test.id, listener_id)
    listener, over, trial = standing.listener, standing.over, standing.trial
    votes = list(standing.votes)
    if listener is not None:
        state["listener"] = {"name": listener.name, "voted": listener.voted}
        # Before the first vote the page may let the listener set the volume on this pair.
        state["practice"] = not listener.voted
        state["last"] = _last(test, votes, closed=over is not None, ended=trial is None)
        state["revealed"] = revealed(services, votes, copies)
        state["phase"] = "trial"
        if trial is None and listener.finished_at is not None:
            return state | {"phase": "done"}
    if over is not None:
        return state | {"phase": "over", "message": over}
    if copies is None:
        return state | _preparing(services, test)
    if trial is not None:
        state["trial"] = {
            "id": trial.id,
            "number": trial.number,
            "sounds": [sound_name(services, trial, place) for place in places(test)],
            "duration_s": copies.duration_s,
            "must_hear_s": trial.must_hear_s,
        }
    return state


def _about(test: ListeningTest, copies: BlindCopies | None) -> dict[str, Any]:
    # Both sides are heard for a while, some parts of them twice; hardly anybody hears all of it.
    whole = copies.duration_s / 60 if copies else _LEAST_MINUTES_A_PAIR
    pair = min(max(whole, _LEAST_MINUTES_A_PAIR), _MOST_MINUTES_A_PAIR)
    return {
        "host": test.host_name,
        "oneself": test.for_oneself,
        "ask_device": test.ask_device,
        "question": test.question,
        "kind": test.kind.value,
        "trials": test.trials_per_listener,
        "minutes": max(1, math.ceil(pair * test.trials_per_listener)),
        "reveal": test.reveal.value,
        # How much the practice pair is turned up, so that it is as loud as the test.
        "practice_db": round(copies.loudness_lufs - PRACTICE_LUFS, 1) if copies else 0.0,
    }


def _preparing(services: Services, test: ListeningTest) -> dict[str, Any]:
    if test.problem is not None:
        todo = "See the comparison." if test.for_oneself else f"Please tell {test.host_name}."
        message = f"The sounds of this test cannot be prepared. {todo}"
        return {"phase": "problem", "message": message}
    services.prepare_test(test.id)
    return {"phase": "preparing"}


def _last(
    test: ListeningTest, votes: list[Vote], *, closed: bool, ended: bool
) -> dict[str, Any] | None:
    """Return the vote before, which may have been a slip of the finger."""
    if not votes:
        return None
    last = votes[-1]
    open_ = last.revealed_at is None
    return {
        "trial": last.trial_id,
        "number": last.trial_number,
        "choice": last.choice.value,
        "can_undo": open_ and not closed,
        "can_reveal": open_ and (test.reveal is Reveal.AFTER_VOTE or ended),
        "unrevealed": sum(1 for vote in votes if vote.revealed_at is None),
    }
