"""Reading the prompt: words that the composer knows are controls, the others only salt it."""

import re
import zlib

from lyria_sandbox.composer.image_moods import moods_of
from lyria_sandbox.composer.meter import METERS
from lyria_sandbox.composer.order import Order
from lyria_sandbox.composer.parse.dynamics import read_dynamics, read_emphasis
from lyria_sandbox.composer.parse.instruments import read_instruments
from lyria_sandbox.composer.parse.length import read_length
from lyria_sandbox.composer.parse.neutral import NEUTRAL
from lyria_sandbox.composer.parse.orchestration import (
    read_alone,
    read_ensemble,
    read_instrumental,
    read_low_voice,
    says_solo,
    sings_alone,
)
from lyria_sandbox.composer.parse.parsed_prompt import ParsedKey, ParsedPrompt, ParsedSection
from lyria_sandbox.composer.parse.placement import read_placements
from lyria_sandbox.composer.parse.reader import Reader, plain
from lyria_sandbox.composer.parse.relative_tempo import read_relative_tempo
from lyria_sandbox.composer.parse.scopes import Scopes, hide_topics, read_scopes
from lyria_sandbox.composer.parse.structure import Structure, read_structure
from lyria_sandbox.composer.parse.style import read_effects, read_genres, read_moods
from lyria_sandbox.composer.parse.tempo import (
    Tempo,
    read_bare_tempo,
    read_meter,
    read_tempo,
    read_tempo_words,
)
from lyria_sandbox.composer.parse.tonality import read_key, read_last_key
from lyria_sandbox.composer.parse.translate import languages_of, translate
from lyria_sandbox.composer.parse.typos import mend

__all__ = ["ParsedKey", "ParsedPrompt", "ParsedSection", "read"]

_WORD = r"[^\W\d_](?:[\w\u0900-\u097f'-]*[^\W_])?[\u0900-\u097f]*|\d[\d./:]*\w*"
_LEAST_LETTERS = 3
_PERCUSSIVE = frozenset({"drums", "percussion"})


def read(order: Order) -> ParsedPrompt:
    """Read an order's prompt and negative prompt."""
    structure, body, notes = _english(order.prompt)
    reader = Reader(body)
    # The language of the lyrics is not a genre.
    for match in list(reader.find_all(r"\blanguage\s*:[^\n]*")):
        reader.withdraw(*match.span())
    instrumental = read_instrumental(reader)
    tempo = read_tempo(reader)
    reference = None
    if tempo.bpm is None:
        bpm, reference = read_relative_tempo(reader)
        tempo = Tempo(bpm, tempo.change)
    length_s = read_length(reader)
    placements = read_placements(reader)
    dynamics, emphasis = read_dynamics(reader), read_emphasis(reader)
    scopes = read_scopes(reader)
    negative = plain(order.negative_prompt)
    if negative:
        scopes.exclude(Reader(translate(negative, languages_of(negative))).text)
    tempo_factor = read_tempo_words(reader)
    if tempo_factor is None:
        tempo_factor = _opposite_tempo(scopes)
    key = read_key(reader)
    last_key = read_last_key(reader)
    meter, unplayed = read_meter(reader)
    if unplayed:
        notes = (*notes, f"{unplayed} can't be played. Choose {', '.join(METERS)}.")
    moods = read_moods(reader, scopes.text) or moods_of(
        tuple((look[0], look[1], look[2]) for look in order.image_looks)
    )
    hide_topics(reader)
    genre, touch, genre_ends = read_genres(reader, scopes.genres)
    if genre is None:
        # Where all is said of the sections, so is the genre.
        genre, touch, _ = read_genres(Reader(structure.described), scopes.genres)
    genre = genre or reference
    if tempo.bpm is None:
        tempo = Tempo(read_bare_tempo(reader, genre_ends), tempo.change)
    effects = _read_effects(reader, order, scopes)
    ensemble = read_ensemble(reader, genre)
    alone, solo = read_alone(reader) or scopes.only, says_solo(reader)
    low_voice = read_low_voice(reader)
    instruments = read_instruments(reader, genre)
    alone |= solo and bool(instruments) and all(i.role in _PERCUSSIVE for i in instruments)

    excluded = tuple(dict.fromkeys(scopes.instruments))
    voice_excluded = any(instrument.role == "voice" for instrument in excluded)
    words = _words(reader.unknown())
    return ParsedPrompt(
        tempo_bpm=tempo.bpm,
        tempo_change=tempo.change,
        tempo_factor=tempo_factor,
        key=key,
        last_key=last_key,
        meter=meter,
        moods=moods,
        effects=effects,
        genre=genre,
        touch=touch,
        ensemble=ensemble,
        instruments=tuple(i for i in instruments if i not in excluded),
        excluded=excluded,
        excluded_genres=tuple({genre.name: genre for genre in scopes.genres}.values()),
        excluded_moods=tuple(dict.fromkeys(scopes.moods)),
        quieter=tuple(dict.fromkeys(scopes.quieter)),
        louder=tuple(dict.fromkeys(scopes.louder)),
        dynamics=dynamics,
        placements=placements,
        emphasis=emphasis,
        alone=alone,
        instrumental=instrumental or voice_excluded or order.model == "lyria-2",
        voice=sings_alone(ensemble) or any(i.role == "voice" for i in instruments),
        low_voice=low_voice,
        sections=structure.sections,
        length_s=length_s,
        salt=zlib.crc32(" ".join(sorted(w for w in set(words) if not w[0].isdigit())).encode()),
        not_understood=_unique(
            [
                *words,
                *([unplayed] if unplayed else []),
                *_words(structure.unknown),
                *(f"no {phrase}" for phrase in scopes.unread),
            ]
        ),
        notes=notes,
    )


def _english(prompt: str) -> tuple[Structure, str, tuple[str, ...]]:
    """Take a prompt apart, and say what it says of the whole piece in English, without typos."""
    prompt = plain(prompt)
    languages = languages_of(read_structure(prompt).body) or languages_of(prompt)
    structure = read_structure(prompt, languages)
    body = translate(structure.body, languages)
    if any(lexicon.script == "latin" for lexicon in languages):
        return structure, body, ()
    return structure, *mend(body)


def _read_effects(reader: Reader, order: Order, scopes: Scopes) -> tuple[str, ...]:
    effects = read_effects(reader, scopes.text)
    if "fade-out" not in effects:
        # It is mostly said of the last section.
        fades = "fade-out" in read_effects(Reader(order.prompt), scopes.text)
        effects += ("fade-out",) if fades else ()
    return effects


def _opposite_tempo(scopes: Scopes) -> float:
    """Answer "not too fast" or a negative prompt such as "slow tempo" by moving the other way."""
    if scopes.not_slow == scopes.not_fast:
        return 1.0
    return 1.12 if scopes.not_slow else 0.9


def _words(text: str) -> list[str]:
    """List the words and numbers that carry a meaning of their own."""
    return [
        word
        for word in re.findall(_WORD, text)
        if word not in NEUTRAL
        and (len(word) >= _LEAST_LETTERS or not word.isascii() or word[0].isdigit())
    ]


def _unique(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
