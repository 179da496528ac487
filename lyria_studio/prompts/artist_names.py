"""Finding artists and well-known songs in a prompt, with care for common words.

Lyria checks for artist intent and recitation and refuses such prompts
(https://cloud.google.com/vertex-ai/generative-ai/docs/music/music-gen-prompt-guide). The names are
data, in `names.json`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from lyria_studio.prompts.genre_defaults import genre_names
from lyria_studio.prompts.tokens import Token, folded, tokens
from lyria_studio.prompts.vocabulary import ERAS_AND_REGIONS, INSTRUMENT_WORDS, LANGUAGES

Kind = Literal["artist", "song", "unknown"]

CUES: tuple[tuple[str, ...], ...] = (
    ("style", "of"), ("styles", "of"), ("manner", "of"), ("vein", "of"), ("cover", "of"),
    ("version", "of"), ("remix", "of"), ("tribute", "to"), ("homage", "to"), ("similar", "to"),
    ("reminiscent", "of"), ("a", "la"), ("like",), ("by",), ("think",), ("channelling",),
    ("channeling",),
)  # fmt: skip
"""Words behind which a name is a name, the most telling first."""

_CUES_BY_END = {
    end: tuple(cue for cue in (*CUES, ("song",)) if cue[-1] == end)
    for end in {cue[-1] for cue in (*CUES, ("song",))}
}
_IN_THE_STYLE = (("style", "of"), ("styles", "of"), ("manner", "of"), ("vein", "of"), ("a", "la"))
_BEHIND = frozenset({"style", "styled", "esque", "inspired", "type", "song", "songs", "cover"})
_LINKS = frozenset({"and", "or", "meets", "x", "vs", "plus"})

_GAP = re.compile(r"[ \t]?(?:[&/,.!$+'’-][ \t]?)?|[ \t][&(][ \t]?|,[ \t]")
_CUE_GAP = re.compile(r"[ \t]{1,3}[\"“”‘’']?|[ \t]?[\"“”‘’']|-")


@dataclass(frozen=True)
class Entry:
    """A name or title of the list, as words to compare."""

    name: str
    kind: Kind
    cue: str
    instead: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Name:
    """A name found in a text.

    Attributes:
        start: Where it begins, with "the" before it.
        end: Where it ends.
        text: As written.
        kind: "artist", "song", or "unknown" for capitalised words behind "in the style of".
        instead: A description in its place; empty for an unknown one.
        cue: The cue before it, or ().
        cue_start: Where the cue begins; `start` without one.
    """

    start: int
    end: int
    text: str
    kind: Kind
    instead: str
    cue: tuple[str, ...] = ()
    cue_start: int = 0


def find_names(text: str) -> list[Name]:
    """Find names of artists and titles of songs, from left to right, without overlaps.

    Clear ones are found anywhere. Those that are also words ("Queen", "Kiss") need a cue before
    them ("like", "in the style of") or behind them ("-style"); the commonest words ("Yes", "Heart",
    "Boston") a cue and a capital letter, and no genre or instrument behind them.
    """
    words = tokens(text)
    found: list[Name] = []
    index = 0
    while index < len(words):
        hit = _known_at(words, index, text, found) or _unknown_at(words, index, text, found)
        if hit is None:
            index += 1
            continue
        name, index = hit
        found.append(name)
    return found


@cache
def _entries() -> dict[str, tuple[Entry, ...]]:
    """Return the entries by their first word, the longest first."""
    data = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
    index: dict[str, list[Entry]] = {}
    for group, kind in (("artists", "artist"), ("songs", "song")):
        for row in data[group]:
            spelled = [token.folded for token in tokens(row["name"])]
            if row["kind"] != "strict" and spelled[0] == "the" and len(spelled) > 1:
                spelled = spelled[1:]
            entry = Entry(row["name"], kind, row["kind"], row["instead"], tuple(spelled))  # type: ignore[arg-type]  # two literals
            index.setdefault(spelled[0], []).append(entry)
    return {
        word: tuple(sorted(entries, key=lambda e: -len(e.words))) for word, entries in index.items()
    }


def _known_at(
    words: list[Token], index: int, text: str, found: list[Name]
) -> tuple[Name, int] | None:
    first = words[index]
    for entry in _entries().get(first.folded) or _entries().get(first.base, ()):
        stop = index + len(entry.words)
        if not _matches(words, index, stop, entry, text):
            continue
        begin = index
        if (
            index
            and words[index - 1].folded == "the"
            and _joined(words, index - 1, index + 1, text)
        ):
            begin = index - 1
        cue, cue_index = _cue_before(words, begin, text, found)
        if _is_meant(entry, words, index, stop, text, cue):
            start, end = words[begin].start, words[stop - 1].end
            if "(" in text[start:end] and text[end : end + 1] == ")":
                end += 1
            cue_start = words[cue_index].start if cue else start
            name = Name(start, end, text[start:end], entry.kind, entry.instead, cue, cue_start)
            return name, stop
    return None


def _matches(words: list[Token], index: int, stop: int, entry: Entry, text: str) -> bool:
    if stop > len(words):
        return False
    folded = tuple(token.folded for token in words[index : stop - 1])
    last = words[stop - 1]
    return (
        folded == entry.words[:-1]
        and entry.words[-1] in (last.folded, last.base)
        and _joined(words, index, stop, text)
    )


def _joined(words: list[Token], start: int, stop: int, text: str) -> bool:
    """Return whether words stand side by side, within a sentence."""
    return all(
        _GAP.fullmatch(text, words[i].end, words[i + 1].start) for i in range(start, stop - 1)
    )


def _cue_before(
    words: list[Token], begin: int, text: str, found: list[Name]
) -> tuple[tuple[str, ...], int]:
    """Return the cue that stands just before a word, and where it begins."""
    if not begin:
        return (), 0
    for cue in _CUES_BY_END.get(words[begin - 1].folded, ()):
        first = begin - len(cue)
        if first < 0 or tuple(word.folded for word in words[first:begin]) != cue:
            continue
        gap = text[words[begin - 1].end : words[begin].start]
        if _CUE_GAP.fullmatch(gap):
            return cue, first
    if found and _is_link(words, begin, text, found[-1]):
        return ("and",), begin
    return (), 0


def _is_link(words: list[Token], begin: int, text: str, before: Name) -> bool:
    """Return whether a word continues a list of names: "like Queen and Prince"."""
    between = text[before.end : words[begin].start]
    if before.kind == "song" or len(between) > 12:
        return False
    folded = {token.folded for token in tokens(between)}
    return folded <= _LINKS and not re.search(r"[.;:!?\n]", between)


def _is_meant(
    entry: Entry, words: list[Token], index: int, stop: int, text: str, cue: tuple[str, ...]
) -> bool:
    """Return whether words that spell an artist's name mean the artist."""
    if entry.cue == "clear":
        return True
    if cue == ("song",) and entry.kind != "song":
        cue = ()
    after = words[stop] if stop < len(words) else None
    gap = text[words[stop - 1].end : after.start] if after else ""
    behind = after is not None and after.folded in _BEHIND and gap in (" ", "-")
    if entry.cue == "cued":
        if behind:
            return words[index].capitalised or gap == "-"
        # "like Prince Charming": the capital goes on.
        return bool(cue) and not (after and gap == " " and after.capitalised and stop - index == 1)
    if not cue or not all(word.capitalised for word in (words[index], words[stop - 1])):
        return False
    if after is None or gap != " ":
        return True
    sound = after.folded in INSTRUMENT_WORDS or after.folded in _sounds()
    return not sound and not (after.capitalised and stop - index == 1)


@cache
def _sounds() -> frozenset[str]:
    """Words that make a place or an era of what stands before them: "Chicago house"."""
    return frozenset(
        {word for name in genre_names() for word in name.split()}
        | {"style", "of", "music", "sound"}
    )


@cache
def _no_artists() -> frozenset[str]:
    """Capitalised words that are no names of artists."""
    several = (*ERAS_AND_REGIONS, *genre_names(), *(lang.name for lang in LANGUAGES))
    return frozenset(word for name in several for word in folded(name).split())


def _unknown_at(
    words: list[Token], index: int, text: str, found: list[Name]
) -> tuple[Name, int] | None:
    """Capitalised words behind "in the style of", or "by" behind a title, are likely an artist."""
    if not words[index].capitalised:
        return None
    cue, cue_index = _cue_before(words, index, text, [])
    by_title = cue == ("by",) and bool(found) and _is_just_behind(found[-1], words[cue_index], text)
    if cue not in _IN_THE_STYLE and not by_title:
        return None
    stop = index
    while stop < len(words) and stop - index < 4 and words[stop].capitalised:
        if words[stop].folded in _no_artists() or not _joined(words, index, stop + 1, text):
            break
        if _known_at(words, stop, text, found):
            break
        stop += 1
    if stop - index < (1 if by_title else 2):
        return None
    if stop < len(words) and words[stop].folded in _sounds():
        return None
    start, end = words[index].start, words[stop - 1].end
    return Name(start, end, text[start:end], "unknown", "", cue, words[cue_index].start), stop


def _is_just_behind(name: Name, word: Token, text: str) -> bool:
    return name.kind == "song" and not text[name.end : word.start].strip(" \"”’',")
