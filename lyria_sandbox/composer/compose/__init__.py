"""Writing the score: pure functions of the plan."""

from lyria_sandbox.composer.compose.bars import Bar, make_bars
from lyria_sandbox.composer.compose.bass import write_bass
from lyria_sandbox.composer.compose.comping import write_chords
from lyria_sandbox.composer.compose.counter import write_counter
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.drums import write_drums
from lyria_sandbox.composer.compose.melody import write_melody
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.score import Score

__all__ = ["Bar", "compose", "make_bars"]


def compose(plan: Plan) -> Score:
    """Write every part of the piece."""
    bars = make_bars(plan)
    desk = Desk(plan)
    for write in (write_drums, write_bass, write_chords, write_counter, write_melody):
        write(desk, bars)
    return Score(
        parts=desk.parts,
        tempo_map=plan.tempo_map,
        end_beat=bars[-1].start + bars[-1].beats,
        section_beats=tuple(section.start_beat for section in plan.sections),
        chords=tuple(bar.chord.degree for bar in bars),
    )
