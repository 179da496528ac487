"""The plan of a piece: every decision that is taken before a note is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lyria_sandbox.composer.meter import Meter
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.moods import Mood
from lyria_sandbox.composer.timing import TempoMap


@dataclass(frozen=True)
class Band:
    """Who plays what.

    Attributes:
        patches: Patch of each role that plays: "bass", "comp", "arp", "pad", "pad2", "lead",
            "counter", "voice", "drums".
        percussion: Names of percussion instruments that were asked for.
        octaves: Octaves by which a melodic role leaves its usual register.
        unaccompanied: Whether the chords have to move by themselves, because the style of the band
            has no drums. It stays when drums are merely excluded: "no drums" changes the drums.
        rooted: Whether the chords carry their root, because the style of the band has no bass.
    """

    patches: Mapping[str, str]
    percussion: tuple[str, ...] = ()
    octaves: Mapping[str, int] = field(default_factory=dict)
    unaccompanied: bool = False
    rooted: bool = False

    def patch(self, role: str) -> str:
        """Return the patch of a role, "" when nobody plays it."""
        return self.patches.get(role, "")


@dataclass(frozen=True)
class SectionPlan:
    """A section as it will be played.

    Attributes:
        kind: A key of `sections.SECTIONS`.
        theme: Letter of its chords and melody.
        occurrence: How many sections of this kind came before.
        start_beat: Where it begins, in beats of the piece.
        bars: Beats of each bar; the last may be shorter or longer than the meter.
        intensity: From 0.2 to 1.
        ramp: Whether the intensity grows through the section.
        energy: Intensity at its beginning and at its end where the prompt shapes the piece, else
            None: then `intensity` and `ramp` tell.
        band: Who plays here.
        forced: Roles that its description names; they play at any intensity.
        lyrics: Lines that are sung.
        mode: Mode, a key of `scales.SCALES`.
        transpose: Semitones above the tonic C of the composed notes.
        sung: Whether the voice sings here.
    """

    kind: str
    theme: str
    occurrence: int
    start_beat: float
    bars: tuple[float, ...]
    intensity: float
    ramp: bool
    band: Band
    forced: frozenset[str]
    lyrics: tuple[str, ...]
    mode: str
    transpose: int
    sung: bool
    energy: tuple[float, float] | None = None


@dataclass(frozen=True)
class Plan:
    """Everything that the composer needs to write the piece.

    Attributes:
        genre: The genre.
        meter: The meter.
        tempo_bpm: Tempo at the beginning.
        tempo_map: Seconds of every beat.
        tonic: Pitch class of the tonic at the beginning.
        mode: Mode at the beginning.
        moods: Moods understood.
        sections: Sections in order, without gaps.
        duration_s: Length of the file in seconds.
        exact_length: Whether the file has this length to the frame; otherwise it ends when the last
            chord has died away.
        even: Whether all sections are about as loud, because the prompt asks for no shape.
        low_voice: Whether the voice sings in a man's register.
        seed: The order's seed.
        salt: Checksum of the meaningless words.
        reverb_s: Reverberation time in seconds.
        tape: Whether the mix goes through a worn tape machine.
        fade_s: Length of the fade-out in seconds; 0 where the last chord rings out.
        stops: Whether the last chord is cut short.
        beat: Patterns of drums that take the place of the genre's, by the lane.
        levels: What is added to the level of roles of which less or more is wanted, in dB.
        brightness: Added to the master's brightness, in dB at 8 kHz.
        notes: Sentences for people about what could not be followed.
    """

    genre: Genre
    meter: Meter
    tempo_bpm: float
    tempo_map: TempoMap
    tonic: int
    mode: str
    moods: tuple[Mood, ...]
    sections: tuple[SectionPlan, ...]
    duration_s: float
    exact_length: bool
    even: bool
    low_voice: bool
    seed: int
    salt: int
    reverb_s: float
    tape: bool
    fade_s: float
    stops: bool
    beat: Mapping[str, str]
    levels: Mapping[str, float]
    brightness: float
    notes: tuple[str, ...]
