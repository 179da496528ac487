"""The writing desk: puts notes into parts, with swing and a human hand."""

import numpy as np

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.randomness import stream
from lyria_sandbox.composer.score import Note, Part

_SWELL = 5.0
"""How much louder the middle of a phrase of four bars is than its ends."""


_STOPPED_S = 0.5
"""How long the last chord lasts where the band stops on it, in seconds."""


class Desk:
    """Collects the notes of a piece.

    Attributes:
        plan: The plan of the piece.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._parts: dict[tuple[str, str], Part] = {}

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts written so far."""
        return tuple(self._parts.values())

    def hand(self, role: str, bar: Bar) -> np.random.Generator:
        """Open the random stream of a role in a bar.

        It depends on the bar's place in its section and not on its place in the piece: a longer
        section before it changes nothing here.
        """
        section = bar.section
        return stream(
            self.plan.seed, self.plan.salt, role, section.kind, section.occurrence, bar.number
        )

    def habit(self, role: str, bar: Bar) -> np.random.Generator:
        """Open the stream of what a role does in a bar every time its section returns."""
        return stream(self.plan.seed, self.plan.salt, role, "habit", bar.section.kind, bar.number)

    def beat(self, bar: Bar, step: float) -> float:
        """Return the position of a grid step in beats of the piece, swing included."""
        genre, meter = self.plan.genre, self.plan.meter
        late = 0.0
        whole = int(step)
        if meter.steps_per_beat == 4 and whole == step:
            quarter = whole % 4
            if genre.swing_16 and whole % 2:
                late = genre.swing_16
            if genre.swing_8 and quarter >= 2:
                late += genre.swing_8 * 2 * (0.5 if quarter == 3 else 1.0)
        return bar.start + (step + late) / meter.steps_per_beat

    def ring_beats(self, bar: Bar) -> float:
        """Return the length of a note that begins with the closing bar: it rings to the end."""
        if self.plan.stops:
            return _STOPPED_S * self.plan.tempo_map.bpm_at(bar.start) / 60
        tempo = self.plan.tempo_map
        left = self.plan.duration_s - tempo.seconds(bar.start)
        return max(1.0, (left - 0.3) * tempo.bpm_at(bar.start) / 60)

    def write(
        self,
        role: str,
        patch: str,
        bar: Bar,
        step: float,
        beats: float,
        pitch: int,
        velocity: float,
        rng: np.random.Generator,
        *,
        jitter_s: float = 0.005,
        late_s: float = 0.0,
        pitched: bool = True,
    ) -> None:
        """Write a note.

        Args:
            role: Role that plays it.
            patch: Patch that sounds.
            bar: Bar it begins in.
            step: Grid step of the bar; fractions are not swung.
            beats: Length in beats.
            pitch: MIDI key above the tonic C; a percussion key where `pitched` is false.
            velocity: Wanted velocity; a human hand varies it.
            rng: The role's stream.
            jitter_s: Standard deviation of the hand's timing, in seconds.
            late_s: Intended lateness, in seconds (a strum).
            pitched: Whether the note follows the key.
        """
        part = self._parts.setdefault((role, patch), Part(role, patch))
        hand, strength = rng.normal(0.0, 1.0, 2)
        part.notes.append(
            Note(
                beat=self.beat(bar, step),
                beats=beats,
                pitch=int(pitch) + (bar.section.transpose if pitched else 0),
                velocity=round(min(max(velocity + _swell(bar) + 4 * strength, 12), 124)),
                nudge_s=float(np.clip(hand * jitter_s, -2.5 * jitter_s, 2.5 * jitter_s)) + late_s,
            )
        )


def _swell(bar: Bar) -> float:
    """Return the dynamics of the phrase: it rises to its third bar and falls."""
    return (0.0, 0.5, 1.0, 0.4)[bar.number % 4] * _SWELL - _SWELL / 2
