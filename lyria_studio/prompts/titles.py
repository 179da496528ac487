"""Short names for tracks, from what was asked for."""

from __future__ import annotations

import re
from functools import lru_cache

from lyria_studio.prompts.advice import Fields
from lyria_studio.prompts.genre_defaults import genre_in
from lyria_studio.prompts.prompt_facts import PromptFacts
from lyria_studio.prompts.templates import all_templates
from lyria_studio.prompts.tokens import tokens
from lyria_studio.prompts.vocabulary import INSTRUMENT_WORDS, INSTRUMENTS, MOOD_WORDS, MOODS

LONGEST = 48  # characters of a title
UNTITLED = "Untitled"
_SHORT_PHRASE = 5  # words that are read as a name as they stand
_MARKS = re.compile(r"\[\[.*?\]\]|\[[^\]\n]*\]|^\s*lyrics\s*:\s*$", re.IGNORECASE | re.MULTILINE)
_CLAUSE = re.compile(r"[,.;:!?()\n–—|·。，、；！？]| with | featuring | feat\. ")
_ASKING = re.compile(
    r"^(?:(?:please|make|create|generate|write|compose|give|produce|i want|i need|i'd like|me|us)"
    r"\b\s*)*(?:an?|the|some)?\b\s+(?=\S)",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^\s*genre\s*:", re.IGNORECASE | re.MULTILINE)
_COMMON_WORDS = """
beat beats lead bass drum drums percussion kick snare hat hats clap claps cymbals pad pads keys
keyboard orchestra
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_MOODS = frozenset(word for mood in MOODS for word in mood.split()) | MOOD_WORDS
_BY_LENGTH = sorted(INSTRUMENTS, key=len, reverse=True)
_TRAILING = re.compile(r"(?:\s+(?:and|or|with|of|in|a|an|the|for|to|by|at|on|und|mit|y|et|e))+$")


@lru_cache(maxsize=4096)
def title_of(prompt: str) -> str:
    """Return a short name for what a prompt asks for, as in "Lo-fi hip hop, Rhodes".

    It is the name of the template that the prompt is; else genre, instrument and mood in the words
    of the prompt; else, as in a language whose words are not known, the first words. Never empty,
    and at most 48 characters on one line.
    """
    stripped = prompt.strip()
    for template in all_templates():
        if stripped == template.prompt.strip():
            return template.title
    text = _MARKS.sub(" ", stripped)
    if not text.strip():
        return _capitalised(_cut(" ".join(stripped.strip("[] ").split())))
    facts = PromptFacts(Fields(text, "", (), "lyria-3"))
    name = (_named_parts(facts) if _LABELLED.search(text) else "") or _phrase(facts, text)
    return _capitalised(name or _cut(" ".join(text.split()).strip(" ,.;:-")))


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:] or UNTITLED


def _named_parts(facts: PromptFacts) -> str:
    """Return mood, genre and instrument of a prompt that names its parts, one a line."""
    parts = facts.blueprint
    if not parts.genre:
        return ""
    mood = parts.moods[0].lower() if parts.moods else ""
    return _with_instrument(_joined(mood, parts.genre), next(iter(parts.instruments), ""))


def _phrase(facts: PromptFacts, text: str) -> str:
    first = next(filter(str.strip, _CLAUSE.split(text)), "")
    first = " ".join(_ASKING.sub("", first.strip(), count=1).split())
    instrument = _instrument(facts.wanted)
    named = genre_in(first) is not None
    if len(first.split()) <= _SHORT_PHRASE and (named or facts.genre is None):
        return _with_instrument(_cut(first), instrument if named else "")
    if facts.genre is None or not facts.english:
        return _cut(first)
    mood = next((word.text for word in tokens(facts.wanted) if word.base in _MOODS), "")
    return _with_instrument(_joined(mood.lower(), facts.genre.name), instrument)


def _joined(mood: str, genre: str) -> str:
    return _cut(genre if not mood or mood in genre.lower() else f"{mood} {genre}")


def _with_instrument(name: str, instrument: str) -> str:
    words = {token.base for token in tokens(name)}
    if not name or not instrument or not words.isdisjoint(INSTRUMENT_WORDS - _COMMON):
        return name
    both = f"{name}, {instrument}"
    return both if len(both) <= LONGEST else name


def _instrument(text: str) -> str:
    """Return the first instrument that a text names, as it is written there."""
    lower = re.sub(r"[^\w'-]", " ", text.lower())
    found = [(lower.index(name), name) for name in _BY_LENGTH if f" {name} " in f" {lower} "]
    for word in tokens(text):
        if word.base in INSTRUMENT_WORDS - _COMMON:
            found.append((word.start, word.text))
            break
    rare = [one for one in found if one[1].lower() not in _COMMON]
    if not rare:
        return ""
    start, name = min(rare, key=lambda one: (one[0], -len(one[1])))
    return text[start : start + len(name)]


def _cut(text: str) -> str:
    """Cut at a word, and not behind one that asks for more."""
    if len(text) > LONGEST:
        cut = text[: LONGEST + 1]
        text = cut.rsplit(" ", 1)[0] if " " in cut else cut[:LONGEST]
        text = _TRAILING.sub("", text)
    return text.strip(" ,.;:-–—")
