"""Recognising the parts of a prompt that is written as a list: "slow blues, harmonica, A minor"."""

from __future__ import annotations

import re
from typing import Any

from lyria_studio.prompts.blueprint import INSTRUMENTAL
from lyria_studio.prompts.genre_defaults import genre_names
from lyria_studio.prompts.grammar import NO_VOCALS_SAID
from lyria_studio.prompts.vocabulary import (
    INSTRUMENT_WORDS,
    ITALIAN_TEMPOS,
    LANGUAGES,
    MOOD_WORDS,
    MOODS,
    TEMPOS,
)

_LONGEST_FRAGMENT = 6  # words; a longer one is a clause, not an item of a list

_SIGNS = frozenset(":[]")  # what is left of a line must not become a label or a tag
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
_WORD = re.compile(r"[^\W_](?:[\w'’-]*[^\W_])?")
_BPM = re.compile(r"(?:at |around |about |tempo )?([1-9][0-9]{1,2}) ?bpm", re.IGNORECASE)
_KEY = re.compile(r"(?:in )?[A-G](?:#|b|♯|♭|[ -]sharp|[ -]flat)? (?:major|minor)", re.IGNORECASE)
_LANGUAGE = re.compile(
    rf"(?:(?:sung |lyrics |vocals |singing )?in )?({'|'.join(x.name for x in LANGUAGES)})"
    r"(?: (?:lyrics|language))?",
    re.IGNORECASE,
)
_VOICE = re.compile(r".*\b(?:vocals?|voices?|singers?|vocalists?|singing|rapping)", re.IGNORECASE)
_CLAUSE_WORDS = "with over then and or of in for to that which is are at by from no not without"
_CLAUSE = frozenset(_CLAUSE_WORDS.split())
_MUSIC_WORDS = "music song track tune beat piece theme groove ballad anthem loop jingle"
_MUSIC = frozenset(_MUSIC_WORDS.split())

_LISTS = ("moods", "instruments")
_GENRES = genre_names()
_MOODS = frozenset(MOODS) | MOOD_WORDS
_TEMPO_WORDS = frozenset(tempo.word for tempo in (*TEMPOS, *ITALIAN_TEMPOS))


def mentions_sound(text: str) -> bool:
    """Return whether a text names an instrument or a mood, so it is not lyrics."""
    words = [word.lower() for word in _WORD.findall(text)]
    return any(word in INSTRUMENT_WORDS or word in _MOODS for word in words)


def read_fragments(text: str, values: dict[str, Any]) -> str:
    """Move lists of known words from a text into fields that are still empty.

    A sentence is taken apart at its commas if at least half of the parts are recognised, and two
    of them, or the only one. The words of a recognised part go to its field unchanged.

    Args:
        text: The text.
        values: Values of fields of the blueprint; those that are found are added.

    Returns:
        The text that is left.
    """
    return "\n".join(_left_of_line(line, values) for line in text.split("\n"))


def _left_of_line(line: str, values: dict[str, Any]) -> str:
    if not _SIGNS.isdisjoint(line):
        return line
    sentences = _SENTENCE_END.split(line)
    left = [_left_of(sentence, values) for sentence in sentences]
    return line if left == sentences else " ".join(text for text in left if text)


def _left_of(sentence: str, values: dict[str, Any]) -> str:
    if NO_VOCALS_SAID.fullmatch(sentence) and "voice" not in values:
        values["voice"] = INSTRUMENTAL
        return ""
    taken: list[tuple[str, Any]] = []
    rest: list[str] = []
    for part in (piece.strip() for piece in sentence.rstrip(".;! ").split(",")):
        reading = _free_reading(part, values, taken)
        if reading:
            taken.append(reading)
        else:
            rest.append(part)
    if len(taken) < min(2, len(taken) + len(rest)) or len(taken) < len(rest):
        return sentence
    for field, value in taken:
        if field in _LISTS:
            values.setdefault(field, []).append(value)
        else:
            values[field] = value
    return f"{', '.join(rest)}." if any(rest) else ""


def _free_reading(
    part: str, values: dict[str, Any], taken: list[tuple[str, Any]]
) -> tuple[str, Any] | None:
    """Return the field and value of a part of a list, if the field is still empty."""
    words = [word.lower() for word in _WORD.findall(part)]
    if not words or len(words) > _LONGEST_FRAGMENT:
        return None
    reading = _reading(part, words)
    if reading is None or reading[0] in _LISTS:
        return reading
    field = reading[0]
    scalars = [name for name, _ in taken if name not in _LISTS]
    return None if field in values or field in scalars else reading


def _reading(part: str, words: list[str]) -> tuple[str, Any] | None:
    """Return the field that a part of a list fills, and the value."""
    lower = part.lower()
    bpm, language = _BPM.fullmatch(part), _LANGUAGE.fullmatch(part)
    readings: tuple[tuple[bool, str, Any], ...] = (
        (NO_VOCALS_SAID.fullmatch(part) is not None, "voice", INSTRUMENTAL),
        (bpm is not None, "tempo", int(bpm[1]) if bpm else None),
        (_KEY.fullmatch(part) is not None, "key", part.removeprefix("in ")),
        (lower in _GENRES, "genre", part),
        (lower.removesuffix(" tempo") in _TEMPO_WORDS, "tempo", lower.removesuffix(" tempo")),
        (len(words) > 1 and language is not None, "language", language and language[1]),
        (all(word in _MOODS or word == "and" for word in words), "moods", part),
    )
    for fits, field, value in readings:
        if fits:
            return field, value
    if not _CLAUSE.isdisjoint(words):
        return None
    if _VOICE.fullmatch(part):
        return "voice", part
    if _ends_in_genre(words):
        return "genre", part
    return ("instruments", part) if words[-1] in INSTRUMENT_WORDS else None


def _ends_in_genre(words: list[str]) -> bool:
    named = words[:-1] if words[-1] in _MUSIC else words
    return any(" ".join(named[i:]) in _GENRES for i in range(len(named)))
