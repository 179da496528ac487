"""The words that the Build form offers. They are suggestions: every field takes other words too.

Tempos of genres and of the Italian words are the customary ones; nothing here comes from a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Genre:
    """A genre and what usually goes with it.

    Attributes:
        name: As offered.
        bpm: Usual range of beats a minute.
        instruments: What usually plays, for a first suggestion.
        aliases: Other names, in lower case.
    """

    name: str
    bpm: tuple[int, int]
    instruments: tuple[str, ...]
    aliases: tuple[str, ...] = ()


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
        own_name: As its speakers write it.
    """

    code: str
    name: str
    own_name: str


def _g(name: str, low: int, high: int, instruments: str, aliases: str = "") -> Genre:
    return Genre(name, (low, high), _split(instruments), _split(aliases))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


GENRES: tuple[Genre, ...] = (
    _g("pop", 96, 124, "bright synths, clean electric guitar, punchy drums",
        "synth-pop, electropop"),
    _g("indie pop", 100, 124, "jangly electric guitar, bass guitar, live drums",
        "dream pop, bedroom pop"),
    _g("indie folk", 84, 112, "fingerpicked acoustic guitar, banjo, soft strings"),
    _g("folk", 84, 116, "acoustic guitar, violin, upright bass", "singer-songwriter, folk song"),
    _g("country", 92, 124, "acoustic guitar, pedal steel, brushed drums",
        "americana, country music"),
    _g("bluegrass", 120, 160, "banjo, mandolin, fiddle, upright bass"),
    _g("rock", 112, 140, "electric guitar, bass guitar, live drums",
        "classic rock, rock and roll, hard rock"),
    _g("indie rock", 108, 140, "jangly electric guitar, bass guitar, live drums",
        "alternative rock, shoegaze"),
    _g("punk", 160, 188, "distorted electric guitar, bass guitar, live drums",
        "punk rock, pop punk"),
    _g("metal", 130, 180, "distorted electric guitar, bass guitar, double-kick drums",
        "heavy metal"),
    _g("blues", 66, 116, "electric guitar, harmonica, hammond organ", "delta blues"),
    _g("jazz", 100, 170, "piano, upright bass, brushed drums, saxophone",
        "cool jazz, smooth jazz, bebop"),
    _g("big band", 130, 180, "brass section, saxophone, upright bass, jazz drums", "swing"),
    _g("bossa nova", 116, 138, "nylon-string guitar, soft percussion, flute", "samba"),
    _g("soul", 70, 108, "electric piano, bass guitar, horn section", "neo-soul, motown"),
    _g("R&B", 64, 96, "electric piano, 808 bass, finger snaps", "rnb, contemporary r&b"),
    _g("funk", 100, 120, "slap bass, wah guitar, horn section, tight drums"),
    _g("disco", 114, 126, "four-on-the-floor drums, strings, funky bass guitar", "nu-disco"),
    _g("gospel", 68, 104, "hammond organ, piano, choir, claps"),
    _g("hip hop", 84, 100, "sampled drums, deep bass, electric piano", "hip-hop, boom bap, rap"),
    _g("lo-fi hip hop", 70, 88, "electric piano, vinyl crackle, soft drums, upright bass",
        "lo-fi, lofi, chillhop"),
    _g("trap", 130, 150, "808 bass, rapid hi-hats, dark bells", "drill, phonk"),
    _g("reggae", 68, 88, "offbeat guitar, deep bass guitar, hammond organ", "dub, rocksteady"),
    _g("ska", 112, 160, "offbeat guitar, horn section, walking bass"),
    _g("reggaeton", 88, 100, "dembow drums, sub bass, plucked synth", "dembow"),
    _g("Latin pop", 96, 128, "nylon-string guitar, congas, brass section", "cumbia, latin"),
    _g("salsa", 150, 220, "piano, congas, trumpets, timbales", "mambo"),
    _g("flamenco", 100, 130, "nylon-string guitar, hand claps, cajón"),
    _g("tango", 56, 66, "bandoneon, violin, piano, double bass"),
    _g("Afrobeats", 98, 116, "log drum, shakers, plucked guitar, warm pads",
        "afrobeat, amapiano, afropop"),
    _g("Bollywood", 92, 132, "tabla, sitar, strings, dhol", "bhangra, filmi"),
    _g("K-pop", 100, 132, "bright synths, punchy drums, sub bass", "j-pop, city pop"),
    _g("house", 118, 128, "four-on-the-floor drums, piano stabs, synth bass",
        "deep house, tropical house"),
    _g("techno", 124, 138, "drum machine, analog synth bass, hypnotic arpeggios",
        "industrial, electro"),
    _g("trance", 132, 142, "supersaw synths, rolling bass, plucked arpeggios", "psytrance"),
    _g("drum and bass", 168, 178, "breakbeat drums, reese bass, atmospheric pads",
        "drum & bass, dnb, jungle"),
    _g("dubstep", 138, 142, "wobble bass, half-time drums, risers"),
    _g("EDM", 122, 130, "supersaw synths, big drums, sub bass, risers",
        "electronic dance music, electronic dance, big room"),
    _g("synthwave", 84, 116, "analog synths, gated drums, arpeggiated bass",
        "retrowave, vaporwave, outrun"),
    _g("chiptune", 120, 160, "square-wave synths, 8-bit drums, pulse bass",
        "8-bit, video game music"),
    _g("ambient", 54, 76, "soft pads, felt piano, distant textures", "drone, new age, soundscape"),
    _g("downtempo", 76, 104, "electric piano, dusty drums, sub bass", "chillout, trip hop, chill"),
    _g("cinematic", 70, 120, "orchestral strings, french horns, taiko drums",
        "film score, trailer music, epic, soundtrack"),
    _g("orchestral", 66, 120, "strings, woodwinds, brass, timpani", "symphonic"),
    _g("classical", 60, 132, "piano, string quartet", "baroque, romantic, chamber music"),
    _g("Celtic", 100, 128, "tin whistle, fiddle, bodhrán, harp", "irish folk"),
    _g("march", 108, 124, "brass band, snare drum, piccolo", "marching band, fanfare"),
    _g("waltz", 84, 180, "strings, piano, accordion", "musette"),
    _g("lullaby", 60, 92, "music box, soft piano, celesta"),
    _g("children's music", 96, 132, "ukulele, glockenspiel, hand claps", "nursery rhyme"),
    _g("world music", 80, 120, "kalimba, hand percussion, flute"),
)  # fmt: skip

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
vibrant rousing stirring
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
    Language("en", "English", "English"),
    Language("de", "German", "Deutsch"),
    Language("es", "Spanish", "Español"),
    Language("fr", "French", "Français"),
    Language("hi", "Hindi", "हिन्दी"),
    Language("ja", "Japanese", "日本語"),
    Language("ko", "Korean", "한국어"),
    Language("pt", "Portuguese", "Português"),
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
    """The word for a number of beats a minute."""
    for tempo in TEMPOS:
        if bpm < tempo.bpm[1]:
            return tempo.word
    return TEMPOS[-1].word
