"""The score: notes of every part, before any sound."""

from dataclasses import dataclass, field

from lyria_sandbox.composer.timing import TempoMap


@dataclass(frozen=True, slots=True)
class Note:
    """A note.

    Attributes:
        beat: Where it is written, in beats of the piece.
        beats: How long it is held.
        pitch: MIDI key; for drums a General MIDI percussion key.
        velocity: 1 to 127.
        nudge_s: How much later (or earlier) a human would play it, in seconds.
    """

    beat: float
    beats: float
    pitch: int
    velocity: int
    nudge_s: float = 0.0


@dataclass
class Part:
    """The notes of one patch in one role."""

    role: str
    patch: str
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Score:
    """A written piece.

    Attributes:
        parts: By (role, patch), in order of first appearance.
        tempo_map: Seconds of every beat.
        chords: Name of the chord of every bar, as a degree of the mode.
    """

    parts: tuple[Part, ...]
    tempo_map: TempoMap
    chords: tuple[str, ...]

    def role(self, role: str) -> list[Note]:
        """Return all notes of a role in order of time."""
        notes = [note for part in self.parts if part.role == role for note in part.notes]
        return sorted(notes, key=lambda note: (note.beat, note.pitch))
