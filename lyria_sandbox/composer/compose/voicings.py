"""The voicings that all chord players of a piece share."""

from dataclasses import dataclass

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.compose.harmony import voicing
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.tables.progressions import IDIOMATIC

_MAJOR_THIRD = 4


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
        if plan.genre.chord_size >= 4 and len(classes) > 3 and not bar.section.band.rooted:
            # Where a bass plays the root, rich chords leave it out; but without its root, a major
            # tonic is heard as the chord on its third: there the seventh moves to the root.
            home = bar.chord.degree == "1" and plan.genre.family in IDIOMATIC
            root, third, fifth, seventh, *ninth = classes
            major_home = home and third - root == _MAJOR_THIRD
            classes = (third, fifth, root if major_home else seventh, *ninth)
        chords.append(voicing(classes, last_chord, 53, 72))
        pads.append(voicing(classes[:3], last_pad, 58, 76))
    return Voicings(tuple(chords), tuple(pads))
