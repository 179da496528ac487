"""The voicings that all chord players of a piece share."""

from dataclasses import dataclass

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.compose.harmony import voicing
from lyria_sandbox.composer.plan.model import Plan


@dataclass(frozen=True)
class Voicings:
    """Notes of every bar, as MIDI keys above the tonic C.

    Attributes:
        chords: For those who play chords and arpeggios.
        pads: For those who hold them.
    """

    chords: tuple[tuple[int, ...], ...]
    pads: tuple[tuple[int, ...], ...]


def make_voicings(plan: Plan, bars: list[Bar]) -> Voicings:
    """Voice the chords so that every voice moves as little as it can."""
    chords: list[tuple[int, ...]] = []
    pads: list[tuple[int, ...]] = []
    for bar in bars:
        # Every section begins afresh, so that the length of the one before changes nothing.
        last_chord = chords[-1] if chords and bar.number else None
        last_pad = pads[-1] if pads and bar.number else None
        classes = bar.chord.pitch_classes
        # Where a bass plays the root, rich chords leave it out.
        rootless = plan.genre.chord_size >= 4 and len(classes) > 3 and not bar.section.band.rooted
        chords.append(voicing(classes[1:] if rootless else classes, last_chord, 53, 72))
        pads.append(voicing(classes[:3], last_pad, 58, 76))
    return Voicings(tuple(chords), tuple(pads))
