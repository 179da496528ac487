"""The player of one track."""

from itertools import pairwise

import streamlit as st

from lyria_studio.audio import peaks_to_floats
from lyria_studio.model.generation import Generation, Track
from lyria_studio.prompts import Template
from lyria_studio.services import Services
from lyria_studio.ui.components import PLAYER
from lyria_studio.wording import title

BARS = 250


def draw(services: Services, generation: Generation, track: Track) -> None:
    """Draw the waveform from the stored peaks; the sound is fetched when play is pressed.

    The container carries a key of its own, so that the element, and what it plays, survives when
    the page is drawn again around it.

    Args:
        services: the services.
        generation: whose track it is.
        track: what to play.
    """
    with st.container(key=f"player-{track.id}"):
        PLAYER(
            key=f"play-{track.id}",
            data={
                "track_id": track.id,
                "title": title(generation.prompt, 60),
                "url": services.sign(track.id),
                "download_url": services.sign(track.id, download=True),
                "file_name": track.file_name,
                "duration_s": track.duration_s or 0,
                "peaks": bars(track.peaks),
            },
        )


def draw_sample(template: Template) -> None:
    """Draw a button that plays what a template sounds like; it is rendered when first asked for."""
    name = f"sample-{template.id}"
    _draw_small(name, name, template.title, f"/samples/{template.id}", 30, [])


def draw_small(services: Services, generation: Generation, track: Track) -> None:
    """Draw a button that plays a track.

    Args:
        services: the services.
        generation: whose track it is.
        track: what to play.
    """
    _draw_small(
        f"listen-{track.id}",
        track.id,
        title(generation.prompt, 60),
        services.sign(track.id),
        track.duration_s or 0,
        bars(track.peaks),
    )


def _draw_small(
    key: str, track_id: str, name: str, url: str, duration_s: float, peaks: list[float]
) -> None:
    with st.container(key=f"player-{key}", width=48):
        PLAYER(
            key=key,
            data={
                "track_id": track_id,
                "title": name,
                "url": url,
                "duration_s": duration_s,
                "peaks": peaks,
                "small": True,
            },
        )


def bars(peaks: bytes, count: int = BARS) -> list[float]:
    """Heights of the bars of a waveform, 0 to 1: the largest deflection of each slice."""
    heights = [max(abs(low), abs(high)) for low, high in peaks_to_floats(peaks)]
    if len(heights) <= count:
        return heights
    edges = [index * len(heights) // count for index in range(count + 1)]
    return [max(heights[start:end]) for start, end in pairwise(edges)]
