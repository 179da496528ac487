"""The player in step: several tracks on one clock, switched at the same position."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lyria_studio.audio.matching import matched_gains
from lyria_studio.model.generation import Track
from lyria_studio.services import Services
from lyria_studio.ui.components import INSTEP
from lyria_studio.ui.player import bars

MAX_SIDES = 6
MAX_OFFSET_S = 30.0
"""How far a side can be moved by hand, either way."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the tracks that are heard in step.

    Attributes:
        letter: what it is called by, A to F.
        title: a few words for people; shown as typed.
        track: what is played.
        gain_db: how much it is turned up (or, negative, down); None: so that all are equally loud.
        offset_s: seconds at the beginning of the track that are skipped, so that what differs in
            its intro does not put it out of step; negative: seconds of silence before it begins.
    """

    letter: str
    title: str
    track: Track
    gain_db: float | None = None
    offset_s: float = 0.0


def draw(
    services: Services,
    sides: Sequence[Side],
    key: str,
    *,
    on_offset: Callable[[str, float], None] | None = None,
) -> None:
    """Draw the player. The sounds are fetched when play is first pressed.

    What plays goes on when the page is drawn again around it with the same tracks.

    Args:
        services: the services of this process.
        sides: one to six, with different letters, in the order in which they are listed.
        key: tells this player from others on the page.
        on_offset: called as `on_offset(letter, seconds)`, before the page is drawn again, when a
            person has aligned a side by hand.

    Raises:
        ValueError: no sides, more than six, or a letter twice.
    """
    letters = [side.letter for side in sides]
    if not 1 <= len(sides) <= MAX_SIDES or len(set(letters)) < len(letters):
        raise ValueError(f"a player in step has 1 to {MAX_SIDES} sides with different letters")

    def moved() -> None:
        # A switch to another screen that comes with it has forgotten the player already.
        report = (st.session_state.get(f"instep-{key}") or {}).get("offsets")
        for letter, seconds in reported_offsets(report, letters).items():
            if on_offset is not None:
                on_offset(letter, seconds)

    with st.container(key=f"in-step-{key}"):
        INSTEP(
            key=f"instep-{key}",
            data={"key": key, "sides": [_shown(services, *pair) for pair in _with_gains(sides)]},
            on_offsets_change=moved,
        )


def _with_gains(sides: Sequence[Side]) -> list[tuple[Side, float]]:
    matched = matched_gains([side.track for side in sides])
    return [
        (side, gain if side.gain_db is None else side.gain_db)
        for side, gain in zip(sides, matched, strict=True)
    ]


def _shown(services: Services, side: Side, gain_db: float) -> dict[str, Any]:
    return {
        "letter": side.letter,
        "title": side.title,
        "track_id": side.track.id,
        "url": services.sign(side.track.id),
        "gain_db": round(gain_db, 3),
        "measured": side.track.loudness_lufs is not None,
        "offset_s": side.offset_s,
        "duration_s": side.track.duration_s or 0,
        "peaks": [round(height, 3) for height in bars(side.track.peaks)],
    }


def reported_offsets(report: object, letters: Sequence[str]) -> dict[str, float]:
    """Return what came from a browser, as far as it is an offset of one of these sides.

    Args:
        report: whatever was sent; offsets in seconds by letter are meant.
        letters: the sides that there are.
    """
    if not isinstance(report, Mapping):
        return {}
    return {
        letter: float(seconds)
        for letter, seconds in report.items()
        if letter in letters
        and isinstance(seconds, int | float)
        and not isinstance(seconds, bool)
        and abs(seconds) <= MAX_OFFSET_S
    }
