"""What the listeners' page is told: before a vote nothing that tells one side from the other."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from lyria_core import MODELS
from lyria_studio.audio.blind_files import BlindCopies
from lyria_studio.library import LibraryError
from lyria_studio.library.comparison_views import (
    Choice,
    ListeningKind,
    ListeningTest,
    Reveal,
    Side,
    Trial,
    Vote,
)
from lyria_studio.library.errors import ListeningOver
from lyria_studio.preparing import BLIND_FOLDER, blind_copies, side_name
from lyria_studio.prompts import word_diff

if TYPE_CHECKING:
    from pathlib import Path

    from lyria_studio.services import Services

__all__ = ["SoundPlace", "copies_of", "places", "sound_name", "state_of"]

SoundPlace = Literal["first", "second", "x"]
"""What the sounds of a trial are called on the server."""

_LONGEST_PROMPT = 1500
_BARS = 150
_WORST_MINUTES_A_PAIR = 0.75
_LEAST_MINUTES_A_PAIR = 0.3


def places(test: ListeningTest) -> tuple[SoundPlace, ...]:
    """The sounds of a trial: both sides, and in an ABX test X."""
    return ("first", "second", "x") if test.kind is ListeningKind.ABX else ("first", "second")


def sound_name(house: Services, trial: Trial, place: SoundPlace) -> str:
    """The last part of the address of a sound: new for each trial, and readable for nobody."""
    return house.signer.opaque("sound", trial.test_id, trial.id, place)


def copies_of(house: Services, test: ListeningTest) -> tuple[Path, BlindCopies] | None:
    """The folder of the blind copies and what is in it; None: they have to be made (again)."""
    if test.prepared is None:
        return None
    folder = house.settings.home / BLIND_FOLDER / test.prepared
    try:
        return (folder, blind_copies(folder)) if folder.is_dir() else None
    except (OSError, ValueError):
        return None


def state_of(house: Services, test: ListeningTest, listener_id: str | None) -> dict[str, Any]:
    """Return all that the page shows, as JSON values.

    Args:
        house: the services.
        test: which test.
        listener_id: what the cookie holds, if there is one.
    """
    library = house.library
    listener = library.listener(test.id, listener_id) if listener_id else None
    copies = copies_of(house, test)
    state: dict[str, Any] = {
        "test": _about(test, copies[1].duration_s if copies else None),
        "phase": "welcome",
        "message": None,
        "listener": None,
        "trial": None,
        "last": None,
        "revealed": [],
    }
    over: str | None = None
    trial: Trial | None = None
    if listener is None or listener_id is None:
        over = _over(house, test)
    else:
        state["listener"] = {"name": listener.name, "voted": listener.voted}
        try:
            trial = library.next_trial(test.id, listener_id)
        except ListeningOver as error:
            over = str(error)
        state["phase"] = "trial" if trial else "done"
        told_at_end = trial is None
        votes = library.own_votes(test.id, listener_id)
        state["last"] = _last(test, votes, over is not None, told_at_end)
        state["revealed"] = [
            _revealed(house, vote, copies[1] if copies else None)
            for vote in sorted(votes, key=lambda vote: vote.trial_number)
            if vote.revealed_at is not None
        ]
    if over is not None:
        return state | {"phase": "over", "message": over}
    if state["phase"] != "done" and copies is None:
        return state | _preparing(house, test)
    if trial is not None and copies is not None:
        state["trial"] = {
            "id": trial.id,
            "number": trial.number,
            "sounds": [sound_name(house, trial, place) for place in places(test)],
            "duration_s": copies[1].duration_s,
            "must_hear_s": trial.must_hear_s,
        }
    return state


def _about(test: ListeningTest, duration_s: float | None) -> dict[str, Any]:
    # Both sides are heard for a while, some parts of them twice; hardly anybody hears all of it.
    pair = min(max((duration_s or 30.0) / 60, _LEAST_MINUTES_A_PAIR), _WORST_MINUTES_A_PAIR)
    return {
        "host": test.host_name,
        "question": test.question,
        "kind": test.kind.value,
        "trials": test.trials_per_listener,
        "minutes": max(1, math.ceil(pair * test.trials_per_listener)),
        "reveal": test.reveal.value,
    }


def _over(house: Services, test: ListeningTest) -> str | None:
    try:
        house.library.refuse_if_over(test.id)
    except ListeningOver as error:
        return str(error)
    return None


def _preparing(house: Services, test: ListeningTest) -> dict[str, Any]:
    if test.problem is not None:
        host = test.host_name or "whoever invited you"
        message = f"The sounds of this test cannot be prepared. Please tell {host}."
        return {"phase": "problem", "message": message}
    house.prepare_test(test.id)
    return {"phase": "preparing"}


def _last(
    test: ListeningTest, votes: list[Vote], over: bool, told_at_end: bool
) -> dict[str, Any] | None:
    if not votes:
        return None
    last = votes[-1]
    open_ = last.revealed_at is None
    return {
        "trial": last.trial_id,
        "number": last.trial_number,
        "choice": last.choice.value,
        "can_undo": open_ and not over,
        "can_reveal": open_ and (test.reveal is Reveal.AFTER_VOTE or told_at_end),
        "untold": sum(1 for vote in votes if vote.revealed_at is None),
    }


def _revealed(house: Services, vote: Vote, copies: BlindCopies | None) -> dict[str, Any]:
    first, second = (_recording(house, side, copies) for side in (vote.first, vote.second))
    first["words"], second["words"] = _words(first.pop("prompt"), second.pop("prompt"))
    return {
        "number": vote.trial_number,
        "choice": vote.choice.value,
        "no_difference": vote.choice is Choice.NONE,
        "x_is": vote.x_is,
        "correct": vote.correct,
        "first": first,
        "second": second,
    }


def _recording(house: Services, side: Side, copies: BlindCopies | None) -> dict[str, Any]:
    try:
        made = house.library.generation(side.generation_id)
    except LibraryError:
        model, prompt, without, seed = "a model", "This recording was deleted.", None, None
    else:
        known = MODELS.get(made.model_id)
        model, prompt = known.name if known else made.model_id, made.prompt
        without, seed = made.negative_prompt, made.seed
        if made.gateway == "sandbox":
            model += " (sandbox)"
    copy = copies.copies.get(side_name(side)) if copies else None
    return {
        "letter": side.letter,
        "take": side.take,
        "model": model,
        "prompt": " ".join(prompt.split()),
        "without": without,
        "seed": seed,
        "wave": _bars(copy.peaks) if copy else "",
    }


def _words(first: str, second: str) -> tuple[list[Any], list[Any]]:
    """Two prompts in pieces, each with whether the other one has it, too."""
    first, second = (_cut(prompt) for prompt in (first, second))
    pieces = word_diff(first, second)
    return (
        [[text, op == "equal"] for op, text in pieces if op != "insert"],
        [[text, op == "equal"] for op, text in pieces if op != "delete"],
    )


def _cut(prompt: str) -> str:
    return prompt if len(prompt) <= _LONGEST_PROMPT else prompt[: _LONGEST_PROMPT - 1] + "…"


def _bars(peaks: bytes) -> str:
    """The heights of a waveform's bars, a byte each, in base64."""
    pairs = np.abs(np.frombuffer(peaks, dtype=np.int8).astype(np.int16)).reshape(-1, 2).max(axis=1)
    if not len(pairs):
        return ""
    starts = np.arange(min(_BARS, len(pairs))) * len(pairs) // min(_BARS, len(pairs))
    return base64.b64encode(np.maximum.reduceat(pairs, starts).astype(np.uint8).tobytes()).decode()
