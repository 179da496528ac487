"""Reading the prompt: words that the composer knows are controls, the others only salt it."""

import re
import zlib

from lyria_sandbox.composer.order import Order
from lyria_sandbox.composer.parse.length import read_length
from lyria_sandbox.composer.parse.neutral import NEUTRAL
from lyria_sandbox.composer.parse.orchestration import (
    instruments_in,
    read_alone,
    read_ensemble,
    read_instrumental,
    read_instruments,
    read_low_voice,
    read_negations,
)
from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.parse.structure import read_structure
from lyria_sandbox.composer.parse.style import read_effects, read_genres, read_moods
from lyria_sandbox.composer.parse.tempo import read_meter, read_tempo_number, read_tempo_words
from lyria_sandbox.composer.parse.tonality import read_key
from lyria_sandbox.composer.parse.wishes import KeyWish, SectionWish, Wishes
from lyria_sandbox.composer.pictures import moods_of

__all__ = ["KeyWish", "SectionWish", "Wishes", "read"]


def read(order: Order) -> Wishes:
    """Read an order's prompt and negative prompt."""
    structure = read_structure(order.prompt)
    reader = Reader(structure.body)
    # The language of the lyrics is not a genre.
    for match in list(reader.find_all(r"\blanguage\s*:[^\n]*")):
        reader.withdraw(*match.span())
    instrumental = read_instrumental(reader)
    negations = read_negations(reader)
    excluded_text = " , ".join([*negations, Reader(order.negative_prompt).text])
    excluded = instruments_in(excluded_text)

    tempo_bpm = read_tempo_number(reader)
    tempo_factor = read_tempo_words(reader)
    if tempo_factor is None:
        tempo_factor = _opposite_tempo(excluded_text)
    key = read_key(reader)
    meter = read_meter(reader)
    length_s = read_length(reader)
    genre, touch = read_genres(reader)
    moods = read_moods(reader, excluded_text) or moods_of(
        tuple((look[0], look[1], look[2]) for look in order.image_looks)
    )
    effects = read_effects(reader, excluded_text)
    if "fade-out" not in effects:
        # It is mostly said of the last section.
        whole = Reader(order.prompt)
        fades = "fade-out" in read_effects(whole, excluded_text)
        effects += ("fade-out",) if fades else ()
    ensemble = read_ensemble(reader)
    alone = read_alone(reader)
    low_voice = read_low_voice(reader)
    instruments = read_instruments(reader)

    voice_excluded = any(instrument.role == "voice" for instrument in excluded)
    words = _words(reader.unknown())
    return Wishes(
        tempo_bpm=tempo_bpm,
        tempo_factor=tempo_factor,
        key=key,
        meter=meter,
        moods=moods,
        effects=effects,
        genre=genre,
        touch=touch,
        ensemble=ensemble,
        instruments=tuple(i for i in instruments if i not in excluded),
        excluded=excluded,
        alone=alone,
        instrumental=instrumental or voice_excluded or order.model == "lyria-2",
        voice=any(instrument.role == "voice" for instrument in instruments),
        low_voice=low_voice,
        sections=structure.sections,
        length_s=length_s,
        salt=zlib.crc32(" ".join(sorted(set(words))).encode()),
        not_understood=_unique([*words, *_words(structure.unknown), *_unread(negations)]),
    )


def _opposite_tempo(excluded_text: str) -> float:
    """Answer a negative prompt such as "slow tempo" by moving the other way."""
    if re.search(r"\bslow\b", excluded_text):
        return 1.12
    return 0.9 if re.search(r"\bfast\b", excluded_text) else 1.0


def _words(text: str) -> list[str]:
    """List the words that carry a meaning of their own."""
    return [
        word
        for word in re.findall(r"[^\W\d_](?:[\w'-]*[^\W_])?", text)
        if len(word) > 2 and word not in NEUTRAL
    ]


def _unread(negations: tuple[str, ...]) -> list[str]:
    return [f"no {phrase}" for phrase in negations if not instruments_in(phrase)]


def _unique(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
