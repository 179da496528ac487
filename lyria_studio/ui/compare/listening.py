"""Hearing the variants in step."""

import streamlit as st

from lyria_studio.comparisons import Standing, lane_names
from lyria_studio.library import LibraryError
from lyria_studio.model.comparison import Comparison
from lyria_studio.services import Services
from lyria_studio.ui import instep
from lyria_studio.ui.error_messages import show_error


def draw(services: Services, comparison: Comparison, now: Standing) -> None:
    """Draw the player for one take of all variants; take 1 unless another one is chosen.

    Args:
        services: the services.
        comparison: as it is stored.
        now: how its takes stand.
    """
    takes = sorted({take for _, take in now.ready})
    if not takes:
        return
    take = _chosen(takes)
    names = lane_names(comparison.variants)
    sides = [
        instep.Side(
            letter=variant.letter,
            title=name,
            track=now.ready[variant.letter, take].tracks[0],
            offset_s=variant.offset_s,
        )
        for variant, name in zip(comparison.variants, names, strict=True)
        if (variant.letter, take) in now.ready
    ]

    def moved(letter: str, seconds: float) -> None:
        try:
            services.library.listening.set_offset(comparison.id, letter, seconds)
        except LibraryError as error:
            show_error(error)

    instep.draw(services, sides, f"{comparison.id}-{take}", on_offset=moved)


def _chosen(takes: list[int]) -> int:
    if len(takes) == 1:
        return takes[0]
    chosen = st.segmented_control(
        "Take",
        takes,
        key="listen_take",
        default=takes[0],
        required=True,
        format_func=lambda take: f"Take {take}",
        label_visibility="collapsed",
    )
    return chosen if chosen in takes else takes[0]
