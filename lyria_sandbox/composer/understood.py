"""Telling people what was understood."""

from itertools import pairwise
from typing import Any

from lyria_sandbox.composer.order import Order
from lyria_sandbox.composer.parse.parsed_prompt import ParsedPrompt
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.score import Score
from lyria_sandbox.composer.tables.patches import patch_name
from lyria_sandbox.composer.tables.scales import tonic_name

_MOST_WORDS = 24
_RISE = 0.3
"""How much stronger the last section is than the first in a piece that rises."""


def describe(
    order: Order, parsed: ParsedPrompt, plan: Plan, score: Score, duration_s: float
) -> dict[str, Any]:
    """Describe what was read in the order and what was made of it, as plain JSON values.

    Args:
        order: the order.
        parsed: what was read in it.
        plan: what was decided.
        score: what was written.
        duration_s: length of the piece, in seconds.
    """
    time = plan.tempo_map.seconds
    edges = [*(time(section.start_beat) for section in plan.sections), duration_s]
    sung = any(part.role == "voice" for part in score.parts)
    notes = [*plan.notes, *parsed.notes, *_stand_ins(parsed)]
    if order.image_looks:
        notes.append("Your images set the mood if the prompt doesn't.")
    elif order.images:
        notes.append("Your images were not used.")
    if sung:
        notes.append("Voices sing syllables, not words.")
    return {
        "engine": "Lyria Studio sandbox composer (not Lyria)",
        "tempo_bpm": round(plan.tempo_bpm, 2),
        "tempo_changes": [
            {"start_s": round(time(beat), 3), "tempo_bpm": bpm}
            for beat, bpm in zip(plan.tempo_map.beats[1:], plan.tempo_map.bpm[1:], strict=True)
        ],
        "meter": plan.meter.name,
        "key": tonic_name(plan.tonic, plan.mode),
        "mode": plan.mode,
        "key_changes": [
            {
                "start_s": round(time(section.start_beat), 3),
                "key": tonic_name(section.transpose % 12, section.mode),
                "mode": section.mode,
            }
            for before, section in pairwise(plan.sections)
            if (before.transpose, before.mode) != (section.transpose, section.mode)
        ],
        "moods": [mood.name for mood in plan.moods],
        "effects": list(parsed.effects),
        "genre": plan.genre.name,
        "genre_touch": parsed.touch.name if parsed.touch else None,
        "instruments": _players(score),
        "ensemble": parsed.ensemble.name if parsed.ensemble else None,
        "instruments_asked": [
            {"name": i.name, "played_by": i.stand_in or patch_name(i.patch) or i.name}
            for i in parsed.instruments
            if i.role != "voice"
        ],
        "excluded": [
            *(instrument.name for instrument in parsed.excluded),
            *(genre.name for genre in parsed.excluded_genres),
            *(mood.name for mood in parsed.excluded_moods),
        ],
        "quieter": [instrument.name for instrument in parsed.quieter],
        "louder": [instrument.name for instrument in parsed.louder],
        "dynamics": _dynamics(parsed, plan),
        "sections": [
            {"name": section.kind, "start_s": round(start, 3), "end_s": round(end, 3)}
            for section, start, end in zip(plan.sections, edges, edges[1:], strict=False)
        ],
        "sung_lines": sum(len(section.lyrics) for section in plan.sections),
        "instrumental": not sung,
        "voice": "wordless" if sung else None,
        "length_s": round(duration_s, 3),
        "seed": order.seed,
        "not_understood": list(parsed.not_understood[:_MOST_WORDS]),
        "notes": notes,
        "midi": True,
    }


def _stand_ins(parsed: ParsedPrompt) -> list[str]:
    """Say who plays for whom: genres and instruments that the composer does not have."""
    notes = [
        f"{genre.name}: played as {genre.neighbour}."
        for genre in (parsed.genre, parsed.touch)
        if genre and genre.neighbour
    ]
    asked = [*parsed.instruments, *(i for s in parsed.sections for i in s.instruments)]
    return notes + [
        f"{instrument.name}: played by {instrument.stand_in}."
        for instrument in dict.fromkeys(asked)
        if instrument.stand_in and instrument.stand_in != instrument.name
    ]


def _dynamics(parsed: ParsedPrompt, plan: Plan) -> str | None:
    """Return whether the whole piece rises or falls, by its words or by those of its sections."""
    if parsed.dynamics:
        return parsed.dynamics
    strengths = [section.intensity for section in plan.sections]
    if len(parsed.sections) < 3 or strengths[-1] - strengths[0] < _RISE:
        return None
    return "rising" if strengths == sorted(strengths) else None


def _players(score: Score) -> list[str]:
    """List who plays, the melody first."""
    order = ("voice", "lead", "counter", "comp", "arp", "pad", "pad2", "bass", "drums")
    ranked = sorted(
        score.parts,
        key=lambda part: order.index(part.role) if part.role in order else len(order),
    )
    names = [patch_name(part.patch) for part in ranked]
    return list(dict.fromkeys(names))
