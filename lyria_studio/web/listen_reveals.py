"""What a listener sees after the vote: which recordings were played."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lyria_core import MODELS
from lyria_studio.audio.blind_files import BlindCopies
from lyria_studio.model.generation import Generation
from lyria_studio.model.listening_test import Side
from lyria_studio.model.vote import Choice, Vote
from lyria_studio.prompts import word_diff
from lyria_studio.worker.blind_copies import side_name

if TYPE_CHECKING:
    from lyria_studio.services import Services

__all__ = ["revealed"]

_LONGEST_PROMPT = 1500
_BARS = 150


def revealed(
    services: Services, votes: Sequence[Vote], copies: BlindCopies | None
) -> list[dict[str, Any]]:
    """Return, as JSON values, what the revealed ones of these votes were about.

    Args:
        services: the services.
        votes: of one listener.
        copies: for the waveforms of what was heard; None: they are gone.

    Returns:
        One dictionary a revealed vote, in the order of the trials.
    """
    shown = sorted(
        (vote for vote in votes if vote.revealed_at is not None),
        key=lambda vote: vote.trial_number,
    )
    if not shown:
        return []
    made = services.library.tracks.generations(
        side.generation_id for vote in shown for side in (vote.first, vote.second)
    )
    return [_reveal(vote, made, copies) for vote in shown]


def _reveal(
    vote: Vote, made: Mapping[str, Generation], copies: BlindCopies | None
) -> dict[str, Any]:
    first, second = (
        _recording(side, made.get(side.generation_id), copies) for side in (vote.first, vote.second)
    )
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


def _recording(side: Side, made: Generation | None, copies: BlindCopies | None) -> dict[str, Any]:
    if made is None:
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
    """Return two prompts in pieces, each with whether the other prompt has it."""
    first, second = (_cut(prompt) for prompt in (first, second))
    pieces = word_diff(first, second)
    return (
        [[text, op == "equal"] for op, text in pieces if op != "insert"],
        [[text, op == "equal"] for op, text in pieces if op != "delete"],
    )


def _cut(prompt: str) -> str:
    return prompt if len(prompt) <= _LONGEST_PROMPT else prompt[: _LONGEST_PROMPT - 1] + "…"


def _bars(peaks: bytes) -> str:
    """Return the heights of a waveform's bars, a byte each, in base64."""
    pairs = np.abs(np.frombuffer(peaks, dtype=np.int8).astype(np.int16)).reshape(-1, 2).max(axis=1)
    if not len(pairs):
        return ""
    starts = np.arange(min(_BARS, len(pairs))) * len(pairs) // min(_BARS, len(pairs))
    return base64.b64encode(np.maximum.reduceat(pairs, starts).astype(np.uint8).tobytes()).decode()
