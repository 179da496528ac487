"""Choosing the part of long tracks that listeners hear."""

from collections.abc import Sequence

import streamlit as st

from lyria_studio.comparisons import Standing
from lyria_studio.comparisons.excerpts import ExcerptSide, starts_of
from lyria_studio.model.comparison import Comparison
from lyria_studio.ui.components import EXCERPT
from lyria_studio.ui.player import bars

WHOLE_S = 45.0  # shorter tracks are heard whole
LENGTHS_S = (20.0, 25.0, 30.0)
WHOLE = "Whole track"
LENGTH = "excerpt_length"
LINKED = "excerpt_linked"
SAME = "Same second in every track"


def draw(comparison: Comparison, now: Standing, letters: Sequence[str]) -> None:
    """Draw the waveforms with the part that is heard; nothing for short tracks.

    Args:
        comparison: as it is stored.
        now: how its takes stand.
        letters: the variants that take part.
    """
    sides = _sides(comparison, now, letters)
    if not sides:
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="excerpt"):
        st.segmented_control(
            "Excerpt that listeners hear",
            [*LENGTHS_S, WHOLE],
            format_func=lambda one: one if isinstance(one, str) else f"{one:.0f} s",
            default=LENGTHS_S[1],
            key=LENGTH,
            required=True,
            persist_state="session",
            width="content",
        )
        if st.session_state[LENGTH] == WHOLE:
            return
        if len(sides) > 1:
            st.pills(
                "Start",
                [SAME],
                selection_mode="multi",
                default=[SAME],
                key=LINKED,
                persist_state="session",
                width="content",
                help="Off: move the start in one track alone.",
            )
    length = _length()
    assert length is not None, "the whole track was dealt with"  # noqa: S101
    EXCERPT(
        key=_key(sides),
        data={
            "sides": [
                {
                    "letter": side.letter,
                    "duration_s": side.duration_s,
                    "peaks": _peaks(now, side),
                }
                for side in sides
            ],
            "starts": starts_of(sides, length, _reported(sides), linked=_linked()),
            "length_s": length,
            "linked": _linked(),
        },
        on_starts_change=lambda: None,
    )
    st.caption("Drag the window, or use the arrow keys: 1 s, with Shift 0.1 s.")


def chosen(
    comparison: Comparison, now: Standing, letters: Sequence[str]
) -> tuple[dict[str, float] | None, float | None]:
    """Return where the excerpt begins in each variant and how long it is; None: all is heard.

    Args:
        comparison: as it is stored.
        now: how its takes stand.
        letters: the variants that take part.
    """
    sides = _sides(comparison, now, letters)
    length = _length()
    if not sides or length is None:
        return None, None
    return starts_of(sides, length, _reported(sides), linked=_linked()), length


def _sides(comparison: Comparison, now: Standing, letters: Sequence[str]) -> list[ExcerptSide]:
    """List the variants, each as long as its shortest take; none where one is short."""
    offsets = {variant.letter: variant.offset_s for variant in comparison.variants}
    base = min(0.0, *(offsets[letter] for letter in letters)) if letters else 0.0
    sides = [
        ExcerptSide(
            letter,
            min((one.tracks[0].duration_s or 0.0 for one in now.generations(letter)), default=0.0),
            offsets[letter] - base,
        )
        for letter in letters
    ]
    return sides if all(side.duration_s - side.lead_s > WHOLE_S for side in sides) else []


def _peaks(now: Standing, side: ExcerptSide) -> list[float]:
    """Return the waveform of the first take, as far as the shortest one goes."""
    track = now.generations(side.letter)[0].tracks[0]
    heights = bars(track.peaks)
    shown = side.duration_s / (track.duration_s or side.duration_s)
    return [round(height, 3) for height in heights[: max(1, round(len(heights) * shown))]]


def _length() -> float | None:
    found = st.session_state.get(LENGTH, LENGTHS_S[1])
    return found if found in LENGTHS_S else None


def _linked() -> bool:
    return SAME in st.session_state.get(LINKED, [SAME])


def _key(sides: Sequence[ExcerptSide]) -> str:
    return f"excerpt-{''.join(side.letter for side in sides)}"


def _reported(sides: Sequence[ExcerptSide]) -> object:
    return (st.session_state.get(_key(sides)) or {}).get("starts")
