"""The words that the Build form suggests; every field takes other words too.

The tempos of the Italian words are the customary ones; nothing here comes from a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lyria_studio.prompts.genre_defaults import GENRES, Genre


@dataclass(frozen=True)
class TempoWord:
    """A word for a tempo and the beats a minute that it stands for."""

    word: str
    bpm: tuple[int, int]


@dataclass(frozen=True)
class Language:
    """A language that Lyria 3 sings.

    Attributes:
        code: ISO 639-1.
        name: In English, as written into the prompt.
    """

    code: str
    name: str


MOODS: tuple[str, ...] = (
    "uplifting", "happy", "playful", "energetic", "confident", "triumphant", "hopeful", "warm",
    "romantic", "tender", "intimate", "dreamy", "nostalgic", "bittersweet", "melancholic", "sad",
    "lonely", "calm", "peaceful", "relaxed", "meditative", "mysterious", "suspenseful", "tense",
    "dark", "eerie", "aggressive", "epic", "heroic", "majestic", "groovy", "cool", "quirky",
    "inspiring", "festive", "sensual",
)  # fmt: skip
"""Moods, from light to dark and back."""

_MOOD_WORDS = """
upbeat joyful cheerful bright sunny fun funny lively bouncy driving powerful bold proud
victorious optimistic motivational motivating cozy cosy gentle soft soothing sweet loving
reflective pensive thoughtful wistful yearning longing sentimental moody gloomy somber sombre
sorrowful tragic heartbreaking serene tranquil mellow laid-back chill chilled hypnotic ethereal
magical whimsical enchanting haunting ominous sinister creepy scary spooky menacing brooding
gritty raw angry furious intense dramatic grand sweeping adventurous anthemic euphoric
ecstatic sexy smooth sophisticated elegant classy carefree breezy summery wintry celebratory
emotional passionate urgent restless anxious frantic chaotic solemn sacred spiritual mystical
atmospheric spacious contemplative friendly innocent childlike comical silly light light-hearted
feel-good high-energy relaxing calming melancholy mournful airy floating focused determined
vibrant rousing stirring smoky fiery glittering swinging heavy glamorous late-night nocturnal rainy
cosmic tender-hearted cheeky heartfelt soaring stately
"""
MOOD_WORDS: frozenset[str] = frozenset(_MOOD_WORDS.split())
"""Further words that say a mood, as the coach recognises them."""

INSTRUMENT_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "Keys": (
        "piano", "felt piano", "electric piano", "hammond organ", "church organ", "harpsichord",
        "accordion", "celesta", "music box", "clavinet",
    ),
    "Guitars": (
        "acoustic guitar", "nylon-string guitar", "electric guitar", "distorted electric guitar",
        "clean electric guitar", "slide guitar", "pedal steel", "ukulele", "banjo", "mandolin",
    ),
    "Bass": (
        "bass guitar", "upright bass", "slap bass", "synth bass", "sub bass", "808 bass",
    ),
    "Strings": (
        "strings", "string quartet", "violin", "viola", "cello", "double bass", "harp", "fiddle",
        "pizzicato strings",
    ),
    "Winds and brass": (
        "flute", "tin whistle", "clarinet", "oboe", "bassoon", "saxophone", "trumpet",
        "muted trumpet", "trombone", "french horns", "tuba", "brass section", "harmonica",
    ),
    "Drums and percussion": (
        "live drums", "brushed drums", "drum machine", "808 drums", "congas", "bongos", "cajón",
        "shakers", "tambourine", "hand claps", "finger snaps", "taiko drums", "timpani", "tabla",
    ),
    "Tuned percussion": (
        "glockenspiel", "vibraphone", "marimba", "xylophone", "kalimba", "steel drums", "bells",
    ),
    "Synths": (
        "analog synths", "warm pads", "plucked synth", "supersaw synths", "arpeggiated synth",
        "square-wave synths", "theremin",
    ),
    "Around the world": (
        "sitar", "koto", "erhu", "shamisen", "oud", "kora", "didgeridoo", "bandoneon", "bagpipes",
    ),
    "Voices as instruments": ("choir", "humming", "vocal chops"),
}  # fmt: skip
"""Instruments by family."""

INSTRUMENTS: tuple[str, ...] = tuple(
    name for family in INSTRUMENT_FAMILIES.values() for name in family
)
"""All instruments that are offered."""

_INSTRUMENT_WORDS = """
piano pianos rhodes wurlitzer keys keyboard keyboards organ hammond harpsichord accordion
celesta clavinet clav mellotron guitar guitars ukulele banjo mandolin lute bass basses
bassline basslines 808 808s string strings violin violins viola cello celli cellos fiddle harp
harps quartet
orchestra flute flutes piccolo recorder whistle clarinet oboe bassoon saxophone saxophones sax
trumpet trumpets trombone trombones horn horns tuba brass woodwind woodwinds harmonica drum
drums drumkit percussion kick snare hi-hat hi-hats hats cymbal cymbals clap claps snaps conga
congas bongo bongos cajon cajón shaker shakers tambourine taiko timpani tabla dhol djembe
timbales glockenspiel vibraphone marimba xylophone kalimba bell bells chimes synth synths
synthesizer synthesizers pad pads arpeggio arpeggios arpeggiator arp lead supersaw theremin
sitar koto erhu shamisen oud kora didgeridoo bandoneon bagpipe bagpipes bodhran bodhrán
choir choirs steelpan beat beats breakbeat breakbeats dulcimer gong turntables scratches
stomps handpan
"""
INSTRUMENT_WORDS: frozenset[str] = frozenset(_INSTRUMENT_WORDS.split())
"""Single words that name an instrument, as the coach recognises them."""

_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

KEYS: tuple[str, ...] = tuple(f"{tonic} {mode}" for mode in ("major", "minor") for tonic in _TONICS)
"""The 24 keys, with the names that are easiest to read."""

TEMPOS: tuple[TempoWord, ...] = (
    TempoWord("very slow", (40, 60)),
    TempoWord("slow", (60, 80)),
    TempoWord("relaxed", (80, 96)),
    TempoWord("medium", (96, 116)),
    TempoWord("upbeat", (116, 132)),
    TempoWord("fast", (132, 160)),
    TempoWord("very fast", (160, 200)),
)
"""Words for a tempo, with their beats a minute."""

ITALIAN_TEMPOS: tuple[TempoWord, ...] = (
    TempoWord("largo", (40, 60)),
    TempoWord("adagio", (60, 76)),
    TempoWord("andante", (76, 108)),
    TempoWord("moderato", (108, 120)),
    TempoWord("allegro", (120, 156)),
    TempoWord("vivace", (156, 176)),
    TempoWord("presto", (168, 200)),
)
"""The Italian marks, as on metronomes; neighbours overlap."""

SLOWEST_BPM, FASTEST_BPM = 30, 240
"""Range of the form's number field, in beats a minute."""

LANGUAGES: tuple[Language, ...] = (
    Language("en", "English"),
    Language("de", "German"),
    Language("es", "Spanish"),
    Language("fr", "French"),
    Language("hi", "Hindi"),
    Language("ja", "Japanese"),
    Language("ko", "Korean"),
    Language("pt", "Portuguese"),
)
"""What Lyria 3 sings (design, section 8)."""

VOICES: tuple[str, ...] = (
    "female voice", "male voice", "warm female alto", "airy soprano", "raspy male tenor",
    "deep baritone", "soulful female voice", "soft whispered voice", "female and male duet",
    "children's choir", "gospel choir", "vocal harmonies", "rap", "spoken word", "a cappella group",
)  # fmt: skip
"""Descriptions of a voice."""

ERAS_AND_REGIONS: tuple[str, ...] = (
    "1920s", "1950s", "1960s", "1970s", "1980s", "1990s", "2000s", "2010s", "modern", "futuristic",
    "Nashville", "New Orleans", "Detroit", "Jamaican", "Brazilian", "Cuban", "Andean", "Spanish",
    "French", "Italian", "Balkan", "Nordic", "Irish", "West African", "South African", "Arabic",
    "Turkish", "Indian", "Japanese", "Korean", "Hawaiian",
)  # fmt: skip
"""Eras and regions that colour a genre."""

SECTION_NAMES: tuple[str, ...] = (
    "Intro", "Verse 1", "Verse 2", "Pre-Chorus", "Chorus", "Bridge", "Build", "Drop", "Breakdown",
    "Solo", "Interlude", "Hook", "Outro",
)  # fmt: skip
"""Names of sections."""


def tempo_word(bpm: float) -> str:
    """Return the word for a number of beats a minute."""
    for tempo in TEMPOS:
        if bpm < tempo.bpm[1]:
            return tempo.word
    return TEMPOS[-1].word


def named(text: str, names: Sequence[str]) -> str:
    """Return the offered name that a typed text can only mean, or nothing.

    `bossa` means `bossa nova`, and `a MINOR` means `A minor`. Only whole words count, so that `pop`
    stays what it is beside `popular song`.
    """
    typed = " ".join(text.split()).casefold()
    for name in names:
        if name.casefold() == typed:
            return name
    longer = [name for name in names if name.casefold().startswith(f"{typed} ")]
    return longer[0] if typed and len(longer) == 1 else text


__all__ = [
    "ERAS_AND_REGIONS",
    "FASTEST_BPM",
    "GENRES",
    "INSTRUMENTS",
    "INSTRUMENT_FAMILIES",
    "INSTRUMENT_WORDS",
    "ITALIAN_TEMPOS",
    "KEYS",
    "LANGUAGES",
    "MOODS",
    "MOOD_WORDS",
    "SECTION_NAMES",
    "SLOWEST_BPM",
    "TEMPOS",
    "VOICES",
    "Genre",
    "Language",
    "TempoWord",
    "named",
    "tempo_word",
]
