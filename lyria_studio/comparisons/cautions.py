"""Warnings about comparisons that show less than they seem to, in sentences for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

import numpy as np

from lyria_core import MODELS
from lyria_studio.audio import peaks_to_floats
from lyria_studio.comparisons.differences import differences, model_name, sent
from lyria_studio.evidence.takes import TAKES_NEEDED
from lyria_studio.model.comparison import Variant
from lyria_studio.model.generation import Generation, Track
from lyria_studio.phrases import clock, listed

__all__ = ["Caution", "Kind", "cautions_of_takes", "cautions_of_variants"]

LENGTH_S = 1.0
"""Recordings whose lengths differ by more than this can be told apart by it."""

SILENCE_S = 0.5
"""A track that is silent for so long at its beginning can be told by it."""

SILENT_PEAK = 0.01
"""Peaks up to 1% of full scale are as good as silent, and about the step of stored peaks."""

LOUDNESS_LU = 1.0
"""About the smallest difference in level that listeners notice between two pieces of music."""


class Kind(StrEnum):
    """What a caution is about."""

    SAME = "same"
    SEVERAL = "several"
    SEED = "seed"
    CHANCE = "chance"
    LENGTH = "length"
    LOUDNESS = "loudness"
    SILENCE = "silence"
    SANDBOX = "sandbox"
    GATEWAYS = "gateways"


class Caution(NamedTuple):
    """One caution: what it is about, and the sentence."""

    kind: Kind
    text: str


def cautions_of_variants(
    variants: Sequence[Variant], takes: int, *, sandbox: bool = False
) -> list[Caution]:
    """Return what can be said before anything is made.

    Args:
        variants: A first, as they stand in the form.
        takes: how many takes each has.
        sandbox: whether the sandbox will make them, with one seed for take n of every variant.
    """
    first, *others = variants
    found: list[Caution] = []
    for other in others:
        found += _against(first, other)
    found += _same_pairs(others)
    if others:
        found += _seeds(variants)
        found += [_shared_seed(takes)] if sandbox else _chance(variants, takes)
        found += _models_lengths(variants)
    return found


def cautions_of_takes(takes: Mapping[str, Sequence[Generation]]) -> list[Caution]:
    """Return what can be said about recordings that exist.

    Args:
        takes: the generations of each letter.
    """
    found: list[Caution] = []
    gateways = {one.gateway for some in takes.values() for one in some}
    if gateways == {"sandbox"}:
        found.append(
            Caution(
                Kind.SANDBOX,
                "Demo mode: the verdict is not about Lyria's music, which may sound different.",
            )
        )
    elif len(gateways) > 1:
        found.append(
            Caution(
                Kind.GATEWAYS,
                "Some tracks are Lyria's and some come from the sandbox's local composer: that "
                "difference alone could decide.",
            )
        )
    lengths = _spread(takes, "duration_s")
    if lengths and lengths[1] - lengths[0] > LENGTH_S:
        found.append(
            Caution(
                Kind.LENGTH,
                f"The tracks last from {clock(lengths[0])} to {clock(lengths[1])}, which could "
                f"give the answer away. Blind copies are all cut to the shortest, "
                f"{clock(lengths[0])}.",
            )
        )
    found += _late_beginnings(takes)
    levels = _spread(takes, "loudness_lufs")
    if levels and levels[1] - levels[0] > LOUDNESS_LU:
        found.append(
            Caution(
                Kind.LOUDNESS,
                f"The loudest track is {levels[1] - levels[0]:.1f} LU above the quietest, and "
                "louder tends to win. The player and the blind copies match them.",
            )
        )
    return found


def _late_beginnings(takes: Mapping[str, Sequence[Generation]]) -> list[Caution]:
    late = [
        f"{letter} ({silence:.1f} s)"
        for letter, some in takes.items()
        for one in some
        for track in one.tracks[:1]
        if (silence := leading_silence_s(track)) >= SILENCE_S
    ]
    if not late:
        return []
    return [
        Caution(
            Kind.SILENCE,
            f"Silence at the beginning of {listed(late)} could give the answer away. Shift the "
            "start in the player.",
        )
    ]


def leading_silence_s(track: Track) -> float:
    """Return how long a track is silent at its beginning, in seconds; 0 if it is not known."""
    levels = np.abs(np.array(peaks_to_floats(track.peaks))).reshape(-1, 2).max(axis=1)
    heard = np.flatnonzero(levels > SILENT_PEAK)
    if not heard.size or track.duration_s is None:
        return 0.0
    return float(heard[0] / len(levels) * track.duration_s)


def _against(first: Variant, other: Variant) -> list[Caution]:
    found = differences(first, other)
    if not found.causes and not found.seeds:
        return [
            Caution(
                Kind.SAME,
                f"{other.letter} asks for the same as {first.letter}. Change one thing; as it is, "
                "you compare two takes of one prompt.",
            )
        ]
    if found.causes > 1:
        return [
            Caution(
                Kind.SEVERAL,
                f"{other.letter} differs from {first.letter} in {listed(found.things)}: a verdict "
                "will not tell which of them made the difference.",
            )
        ]
    return []


def _same_pairs(others: Sequence[Variant]) -> list[Caution]:
    """Return a caution for variants that are equal to each other but not to A."""
    return [
        Caution(Kind.SAME, f"{other.letter} asks for the same as {one.letter}. Change one thing.")
        for one, other in combinations(others, 2)
        if not differences(one, other).causes and not differences(one, other).seeds
    ]


def _seeds(variants: Sequence[Variant]) -> list[Caution]:
    able = [one for one in variants if MODELS[one.model_id].supports_seed]
    seeds = {sent(one).seed for one in able}
    if len(able) < 2 or seeds == {None} or len(seeds) == 1:
        return []
    return [
        Caution(
            Kind.SEED,
            f"The seeds of {listed([one.letter for one in able])} differ: chance makes a part of "
            "what you hear. The same seed for all leaves only your change.",
        )
    ]


def _shared_seed(takes: int) -> Caution:
    which = "All variants have" if takes == 1 else "Take 1 of every variant has"
    return Caution(
        Kind.SEED, f"Demo mode: {which} the same seed. You hear your change, not chance."
    )


def _chance(variants: Sequence[Variant], takes: int) -> list[Caution]:
    if takes >= TAKES_NEEDED:
        return []
    able = [one for one in variants if MODELS[one.model_id].supports_seed]
    if len(able) == len(variants) and len({sent(one).seed for one in able} - {None}) == 1:
        return []
    unable = sorted({model_name(one.model_id) for one in variants if one not in able})
    because = (
        f"{listed(unable)} {'takes' if len(unable) == 1 else 'take'} no seed"
        if unable
        else "There is no seed"
    )
    return [
        Caution(
            Kind.CHANCE,
            f"{because}, so every take comes out differently. {_few(takes)}; "
            f"{TAKES_NEEDED} takes each can compare the prompts.",
        )
    ]


def _few(takes: int) -> str:
    if takes == 1:
        return "With one take each you compare two recordings"
    return f"With {takes} takes each you compare these recordings"


def _models_lengths(variants: Sequence[Variant]) -> list[Caution]:
    models = {one.model_id: MODELS[one.model_id] for one in variants}
    ranges = [model.typical_duration_s for model in models.values()]
    shortest_high = min(high for _, high in ranges)
    longest_low = max(low for low, _ in ranges)
    if longest_low - shortest_high <= LENGTH_S * 5:
        return []
    return [
        Caution(
            Kind.LENGTH,
            f"{listed([model.name for model in models.values()])} make tracks of different "
            "length, which would give the answer away. Blind copies are all cut to the shortest.",
        )
    ]


def _spread(takes: Mapping[str, Sequence[Generation]], measure: str) -> tuple[float, float] | None:
    values = [
        value
        for some in takes.values()
        for one in some
        for track in one.tracks[:1]
        if (value := getattr(track, measure)) is not None
    ]
    return (min(values), max(values)) if len(values) > 1 else None
