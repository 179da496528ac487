"""What a genre is made of.

Patterns are written in sixteenths, 16 a bar (32 for a pattern of two bars):

* drums: a digit is a stroke, 9 the hardest, `.` nothing;
* bass: `R` root, `3` third, `5` fifth, `6` sixth, `O` octave, `a` a step towards the next root,
  `-` hold, `.` rest;
* chords: `X` accent, `x` soft, `P`/`p` power chord held/muted, a digit the n-th voice of the chord
  (arpeggio), `-` hold, `.` rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Groove:
    """A drum pattern.

    Attributes:
        kit: The patch that plays it.
        lanes: Pattern of each drum by its name in `DRUM_KEYS`.
        extra: Lanes that join in the loudest sections.
        fills: Whether sections end with a fill.
        crash: Whether loud sections begin with a crash cymbal.
    """

    kit: str
    lanes: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    fills: bool = True
    crash: bool = True


@dataclass(frozen=True)
class Line:
    """An instrument and the pattern it plays."""

    patch: str
    pattern: str


@dataclass(frozen=True)
class Genre:
    """A genre: who plays, how, and how it sounds.

    Attributes:
        name: As said to people.
        pattern: Regular expression of the words that name it.
        tempo: Usual range of quarter notes a minute.
        family: Progressions, a key of `progressions.FAMILIES`.
        groove: Drums, or None for a genre without.
        bass: Bass line.
        comp: Chords.
        lead: Patch of the melody.
        pad: Patch of the sustained background, or "".
        arp: Broken chords in fuller sections, or None.
        mode: Mode unless the prompt or a mood says otherwise.
        chord_size: Notes built from the mode: 3 triads, 4 sevenths, 5 ninths.
        swing_16: Lateness of every second sixteenth, as a part of a sixteenth.
        swing_8: Lateness of every second eighth, as a part of an eighth (1/3: triplets).
        reverb_s: Reverberation time in seconds.
        bars_per_chord: Harmonic rhythm.
        cells: Rhythm of melodies, a key of `rhythms.CELLS_4_4`.
        meter: "4/4", "3/4" or "6/8".
        intensity: Added to the intensity of every section.
        ducking: Whether the kick drum pushes the rest down (side chain).
        tape: Whether the mix goes through a worn tape machine.
        drums_db: Level of the drums relative to what is usual, in dB.
        tone: The spectral target of the master, a key of `tones.TONES`.
        chromatic_melody: Whether melodies use the whole mode rather than its pentatonic.
        ritardando: Whether the ending slows down.
        dance_form: Whether a long piece has builds and drops in place of verses and choruses.
        weight: How much its words count against those of other genres.
        names_an_instrument: Whether its name contains instruments that are not meant by it.
        hint: Regular expression of words that suggest it where no genre is named.
        neighbour: The genre of the tables that plays it, where it has no table of its own.
    """

    name: str
    pattern: str
    tempo: tuple[float, float]
    family: str
    groove: Groove | None
    bass: Line
    comp: Line
    lead: str
    pad: str = ""
    arp: Line | None = None
    mode: str = "major"
    chord_size: int = 3
    swing_16: float = 0.0
    swing_8: float = 0.0
    reverb_s: float = 1.4
    bars_per_chord: int = 1
    cells: str = "even"
    meter: str = "4/4"
    intensity: float = 0.0
    ducking: bool = False
    tape: bool = False
    drums_db: float = 0.0
    tone: str = "pop"
    chromatic_melody: bool = False
    ritardando: bool = False
    dance_form: bool = False
    weight: float = 1.0
    names_an_instrument: bool = False
    hint: str = ""
    neighbour: str = ""


DRUM_KEYS: Mapping[str, int] = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "snare2": 40,
    "tom_floor": 41,
    "hat": 42,
    "tom_low": 43,
    "hat_foot": 44,
    "tom_mid": 45,
    "hat_open": 46,
    "tom_high": 48,
    "crash": 49,
    "ride": 51,
    "ride_bell": 53,
    "tambourine": 54,
    "cowbell": 56,
    "bongo_high": 60,
    "bongo_low": 61,
    "conga_mute": 62,
    "conga_high": 63,
    "conga_low": 64,
    "cabasa": 69,
    "maracas": 70,
    "claves": 75,
    "woodblock": 76,
    "triangle": 81,
    "shaker": 82,
    "jingle": 83,
}
"""General MIDI percussion keys of the drums that patterns name."""

FOUR_ON_THE_FLOOR = "9...9...9...9..."
BACKBEAT = "....9.......9..."
EIGHTHS = "8.4.8.4.8.4.8.4."
OFFBEATS = "..7...7...7...7."
SOFT_SIXTEENTHS = "6343634363436343"
