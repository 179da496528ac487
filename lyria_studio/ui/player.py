"""Tracks to play: a button and a waveform on a card, and the bar at the bottom of every screen."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import streamlit as st

from lyria_core import MODELS
from lyria_studio.audio import peaks_to_floats
from lyria_studio.model.generation import Generation, Track
from lyria_studio.prompts import Template
from lyria_studio.services import Services
from lyria_studio.ui.components import BAR, TRACK

BARS = 250
BUTTON_PX = 40
SAMPLE_PX = 220
_CARD_BARS = 160
_HIGHEST = 100


def draw(services: Services, generation: Generation, track: Track, playlist: str) -> None:
    """Draw a play button and a waveform from the stored peaks.

    A press plays the track in the bar. The tracks that this screen draws under the same name are
    the list of the bar, from top to bottom: J and K go through it, on other screens too. The sound
    is fetched when it is first played.

    Args:
        services: the services.
        generation: whose track it is.
        track: what to play.
        playlist: the list that it belongs to, such as "History"; the bar shows it.
    """
    TRACK(
        key=f"play-{track.id}",
        data=_entry(services, generation, track, playlist),
        height=BUTTON_PX,
    )


def draw_small(
    services: Services, generation: Generation, track: Track, playlist: str, place: str = ""
) -> None:
    """Draw the play button of `draw` alone.

    Args:
        services: the services.
        generation: whose track it is.
        track: what to play.
        playlist: the list that it belongs to.
        place: names the place where a track stands more than once on a screen.
    """
    entry = _entry(services, generation, track, playlist)
    _draw_small(f"listen-{place}{track.id}", entry)


def draw_sample(template: Template, peaks: bytes = b"") -> None:
    """Draw a button that plays what a template sounds like; it is rendered when first asked for.

    Args:
        template: what to play.
        peaks: its waveform, if it was rendered before; it is drawn beside the button.
    """
    key = f"sample-{template.id}"
    entry = {
        "track_id": key,
        "title": template.title,
        "about": "Template",
        "url": f"/samples/{template.id}",
        "duration_s": 30,
        "peaks": _scaled(peaks),
        "list": "Templates",
    }
    if peaks:
        TRACK(key=f"{key}-wave", data=entry, height=BUTTON_PX, width=SAMPLE_PX)
    else:
        _draw_small(key, entry)


def draw_bar(tabs: Sequence[tuple[str, str]] = (), current: str | None = None) -> None:
    """Draw the bar at the bottom of the screen; it is hidden until something has been played.

    Args:
        tabs: titles and paths of the screens, which a phone shows below it.
        current: the path of the screen that is shown.
    """
    with st.bottom:
        BAR(key="bar", data={"tabs": tabs, "current": current})


def _entry(
    services: Services, generation: Generation, track: Track, playlist: str
) -> dict[str, Any]:
    model = MODELS.get(generation.model_id)
    return {
        "track_id": track.id,
        "title": generation.name,
        "about": f"{model.name if model else generation.model_id} · {playlist}",
        "url": services.sign(track.id),
        "download_url": services.sign(track.id, download=True),
        "file_name": track.file_name,
        "duration_s": track.duration_s or 0,
        "peaks": _scaled(track.peaks),
        "list": playlist,
    }


def _scaled(peaks: bytes) -> list[int]:
    return [round(height * _HIGHEST) for height in bars(peaks, _CARD_BARS)]


def _draw_small(key: str, entry: dict[str, Any]) -> None:
    TRACK(key=key, data={**entry, "small": True}, width=BUTTON_PX, height=BUTTON_PX)


def bars(peaks: bytes, count: int = BARS) -> list[float]:
    """Heights of the bars of a waveform, 0 to 1: the largest deflection of each slice."""
    heights = [max(abs(low), abs(high)) for low, high in peaks_to_floats(peaks)]
    if len(heights) <= count:
        return heights
    edges = [index * len(heights) // count for index in range(count + 1)]
    return [max(heights[start:end]) for start, end in pairwise(edges)]
