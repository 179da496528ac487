"""Dynamics of the whole: sections of little intensity are quieter, builds grow."""

import numpy as np

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.sound.filters import blocks
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, decibels, rms, scale

_SPAN_DB = 4.0
"""How much quieter a piece would be at no intensity than at full intensity."""

_SHAPED_SPAN_DB = 8.0
"""The same where the prompt asks for a rise or a fall of the whole piece."""

_STEP_S = 0.12
"""Time in which the level moves to that of the next section."""

_RAMP_FROM = 0.55
_EVENED, _MOST_EVENED_DB = 0.2, 8.0
"""How much of the way to the loudest section the others are lifted, and at most."""


def ride(mix: Samples, plan: Plan) -> None:
    """Move the fader of a mix with the intensity of its sections, in place.

    Args:
        mix: Stereo sound.
        plan: The plan of the piece.
    """
    levels: list[tuple[float, float]] = []
    for section in plan.sections:
        if section.energy:
            start, end = (_SHAPED_SPAN_DB * (energy - 1) for energy in section.energy)
        else:
            start = _SPAN_DB * (section.intensity * (_RAMP_FROM if section.ramp else 1.0) - 1)
            end = _SPAN_DB * (section.intensity - 1)
        levels.append((start, end))
    _move_fader(mix, plan, levels)


def even_out(mix: Samples, plan: Plan) -> None:
    """Bring the sections of a mix nearer to its loudest, in place.

    Each section gets one gain: one that followed the sound would blur where a section begins.
    """
    levels: list[float] = []
    for section in plan.sections:
        last_bar = section.bars[-1] if section is plan.sections[-1] else 0.0
        end = section.start_beat + sum(section.bars) - last_bar
        start_s = plan.tempo_map.seconds(section.start_beat)
        end_s = max(plan.tempo_map.seconds(end), start_s + 1.0)
        part = mix[int(start_s * SAMPLE_RATE) : int(end_s * SAMPLE_RATE)]
        levels.append(decibels(rms([part]) + 1e-6))
    gains = [min(_EVENED * (max(levels) - level), _MOST_EVENED_DB) for level in levels]
    _move_fader(mix, plan, [(gain, gain) for gain in gains])


def _move_fader(mix: Samples, plan: Plan, levels: list[tuple[float, float]]) -> None:
    """Move the level through each section from one value to another, in dB."""
    times: list[float] = []
    for section in plan.sections:
        start = plan.tempo_map.seconds(section.start_beat)
        end = plan.tempo_map.seconds(section.start_beat + sum(section.bars))
        times += [start, max(start + _STEP_S, end - _STEP_S)]
    flat = [level for pair in levels for level in pair]
    at = 0
    for block in blocks(mix):
        moments = np.arange(at, at + len(block), 64) / SAMPLE_RATE
        gain = 10 ** (np.interp(moments, times, flat) / 20)
        scale(block, np.repeat(gain.astype(np.float32), 64)[: len(block)])
        at += len(block)
