"""Dynamics of the whole: sections of little intensity are quieter, builds grow."""

import numpy as np

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.sound.filters import blocks
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, scale

_SPAN_DB = 4.0
"""How much quieter a piece would be at no intensity than at full intensity."""

_STEP_S = 0.12
"""Time in which the level moves to that of the next section."""

_RAMP_FROM = 0.55


def ride(mix: Samples, plan: Plan) -> None:
    """Move the fader of a mix with the intensity of its sections, in place.

    Args:
        mix: Stereo sound.
        plan: The plan of the piece.
    """
    times: list[float] = []
    levels: list[float] = []
    for section in plan.sections:
        start = plan.tempo_map.seconds(section.start_beat)
        end = plan.tempo_map.seconds(section.start_beat + sum(section.bars))
        from_intensity = section.intensity * (_RAMP_FROM if section.ramp else 1.0)
        times += [start, max(start + _STEP_S, end - _STEP_S)]
        levels += [_SPAN_DB * (from_intensity - 1), _SPAN_DB * (section.intensity - 1)]
    at = 0
    for block in blocks(mix):
        moments = np.arange(at, at + len(block), 64) / SAMPLE_RATE
        gain = 10 ** (np.interp(moments, times, levels) / 20)
        scale(block, np.repeat(gain.astype(np.float32), 64)[: len(block)])
        at += len(block)
