"""Genres and what usually goes with them. The tempos are the customary ones of each genre."""

from __future__ import annotations

from dataclasses import dataclass

from lyria_studio.prompts.tokens import tokens


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
    _g("trap", 130, 150, "808 bass, rapid hi-hats, dark bells", "phonk, trap beat"),
    _g("reggae", 68, 88, "offbeat guitar, deep bass guitar, hammond organ", "dub, rocksteady"),
    _g("ska", 112, 160, "offbeat guitar, horn section, walking bass"),
    _g("reggaeton", 88, 100, "dembow drums, sub bass, plucked synth", "dembow"),
    _g("Latin pop", 96, 128, "nylon-string guitar, congas, brass section", "cumbia"),
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
        "drum & bass, dnb"),
    _g("dubstep", 138, 142, "wobble bass, half-time drums, risers"),
    _g("EDM", 122, 130, "supersaw synths, big drums, sub bass, risers",
        "electronic dance music, electronic dance, big room"),
    _g("synthwave", 84, 116, "analog synths, gated drums, arpeggiated bass",
        "retrowave, vaporwave, outrun"),
    _g("chiptune", 120, 160, "square-wave synths, 8-bit drums, pulse bass",
        "8-bit, video game music"),
    _g("ambient", 54, 76, "soft pads, felt piano, distant textures", "new age, soundscape"),
    _g("downtempo", 76, 104, "electric piano, dusty drums, sub bass", "chillout, trip hop"),
    _g("cinematic", 70, 120, "orchestral strings, french horns, taiko drums",
        "film score, trailer music, film music"),
    _g("orchestral", 66, 120, "strings, woodwinds, brass, timpani", "symphonic"),
    _g("classical", 60, 132, "piano, string quartet", "baroque, chamber music"),
    _g("Celtic", 100, 128, "tin whistle, fiddle, bodhrán, harp", "irish folk"),
    _g("march", 108, 124, "brass band, snare drum, piccolo", "marching band, fanfare"),
    _g("waltz", 84, 180, "strings, piano, accordion", "musette"),
    _g("lullaby", 60, 92, "music box, soft piano, celesta"),
    _g("children's music", 96, 132, "ukulele, glockenspiel, hand claps", "nursery rhyme"),
    _g("holiday music", 92, 128, "sleigh bells, piano, strings", "christmas, christmas music"),
    _g("world music", 80, 120, "kalimba, hand percussion, flute"),
)  # fmt: skip
"""The genres that the form offers; it takes any other too."""


def genre_names() -> frozenset[str]:
    """Return the names of all genres and their other names, in lower case."""
    return frozenset(name.lower() for genre in GENRES for name in (genre.name, *genre.aliases))


_SPELLED = {
    tuple(token.folded for token in tokens(name)): genre
    for genre in reversed(GENRES)
    for name in (genre.name, *genre.aliases)
}
_LONGEST = max(len(words) for words in _SPELLED)

_ALSO_THINGS = frozenset({"house", "trap", "march", "rock", "soul", "swing", "country", "metal"})
_BEFORE_THINGS = frozenset({"a", "an", "the", "my", "our", "your", "this", "in", "last", "haunted"})
_MUSIC_WORDS = """
anthem ballad band banger beat beats drums groove guitar instrumental jingle loop music number
piece riff rhythm song songs sound track tracks tune vibe vocals
"""
_MUSIC = frozenset(_MUSIC_WORDS.split())


def genre_in(text: str) -> Genre | None:
    """Return the genre that a text names first; the longest name wins.

    "A haunted house" and "in March" name none, "a house track" does.
    """
    words = [token.folded for token in tokens(text)]
    for start, word in enumerate(words):
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            genre = _SPELLED.get(tuple(words[start : start + length]))
            if genre is None:
                continue
            is_thing = length == 1 and word in _ALSO_THINGS and start > 0
            if is_thing and words[start - 1] in _BEFORE_THINGS:
                behind = words[start + 1] if start + 1 < len(words) else ""
                if behind not in _MUSIC:
                    continue
            return genre
    return None
