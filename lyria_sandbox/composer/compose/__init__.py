"""Writing the score: pure functions of the plan."""

from lyria_sandbox.composer.compose.background import write_background
from lyria_sandbox.composer.compose.bars import Bar, make_bars
from lyria_sandbox.composer.compose.bass import write_bass
from lyria_sandbox.composer.compose.chords import write_chords
from lyria_sandbox.composer.compose.counter import write_counter
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.drums import write_drums
from lyria_sandbox.composer.compose.melody import write_melody
from lyria_sandbox.composer.compose.transitions import write_transitions
from lyria_sandbox.composer.compose.voicings import make_voicings
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.score import Score

__all__ = ["Bar", "compose", "make_bars"]


def compose(plan: Plan) -> Score:
    """Write every part of the piece."""
    bars = make_bars(plan)
    voicings = make_voicings(plan, bars)
    desk = Desk(plan)
    write_drums(desk, bars)
    write_bass(desk, bars)
    write_chords(desk, bars, voicings)
    write_background(desk, bars, voicings)
    write_counter(desk, bars)
    write_melody(desk, bars)
    write_transitions(desk, bars)
    return Score(
        parts=desk.parts,
        tempo_map=plan.tempo_map,
        chords=tuple(bar.chord.degree for bar in bars),
    )
