"""Translating what a prompt says in other languages into the English that the tables know."""

import re
from functools import cache, lru_cache

from lyria_sandbox.composer.parse.lexicon import AFTER, Lexicon, fold, letters_of, lexicons
from lyria_sandbox.composer.parse.neutral import NEUTRAL
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.instruments import INSTRUMENTS
from lyria_sandbox.composer.tables.moods import MOODS
from lyria_sandbox.composer.tables.related import RELATED

_ENGLISH_MARKS = frozenset(
    [
        "a",
        "about",
        "after",
        "an",
        "and",
        "anything",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "like",
        "music",
        "no",
        "not",
        "of",
        "on",
        "song",
        "that",
        "the",
        "then",
        "to",
        "track",
        "tune",
        "with",
        "without",
    ]
)
_ENGLISH_ALIKE = frozenset(
    [
        "alto",
        "ambiance",
        "chic",
        "coral",
        "crescendo",
        "fin",
        "final",
        "gai",
        "genre",
        "instruments",
        "marche",
        "minutes",
        "solo",
        "style",
        "text",
    ]
)
_ENGLISH_ENDING = re.compile(r"(?:ity|ing|ness|ly|ed)$")
_TELLING = 4
"""Letters of a word that tells a language alone."""

_WORDS = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_ENGLISH_KEY = re.compile(
    r"\b[a-g](?:[ -]?(?:[#b]|sharp|flat))?[ -]?(?:major|minor|maj|min)\b", re.IGNORECASE
)
"""Stays as it is where the rest is in another language: "a" is a word in many of them."""
_NEGATED = re.compile(
    rf"((?:[\w&#'-]+ ){{0,3}}[\w&#'-]+)[^\x00-\x7f]{{0,3}} *"
    rf"{AFTER}(no|anything but|less|rather than)"
)


def languages_of(text: str) -> tuple[Lexicon, ...]:
    """Tell which languages beside English a text is written in.

    The script tells most of them; among those in Latin letters the one with the most words that are
    its own, provided that they are more than the English ones.
    """
    found = [
        lexicon
        for lexicon in lexicons()
        if lexicon.script != "latin" and re.search(f"[{letters_of(lexicon.script)}]", text)
    ]
    if any(lexicon.script == "kana" for lexicon in found):
        # Japanese is written with Chinese characters too.
        found = [lexicon for lexicon in found if lexicon.script != "han"]
    folded = fold(text)
    words = set(_WORDS.findall(folded))
    best: tuple[int, Lexicon | None] = (len(words & _ENGLISH_MARKS), None)
    for lexicon in lexicons():
        if lexicon.script == "latin":
            evidence = {word for word in words & lexicon.marks if len(word) > 1}
            evidence -= _ENGLISH_MARKS | _ENGLISH_ALIKE
            terms = {match[0] for match in lexicon.pattern.finditer(folded) if len(match[0]) > 2}
            evidence |= {term for term in terms if not _may_be_english(term)}
            # A single short word may be a name: "Rio de Janeiro".
            telling = len(evidence) > 1 or any(len(word) >= _TELLING for word in evidence)
            if telling and len(evidence) > best[0]:
                best = len(evidence), lexicon
    return (*found, *([best[1]] if best[1] else []))


def translate(text: str, languages: tuple[Lexicon, ...]) -> str:
    """Translate the terms of the languages; what is not known stays as it is."""
    for lexicon in languages:
        text = _translated(text, lexicon)
    if AFTER in text:
        text = re.sub(" +", " ", text)
        text = _NEGATED.sub(lambda match: f" {match[2]} {match[1]} , ", text)
    return text.replace(AFTER, " ")


def _translated(text: str, lexicon: Lexicon) -> str:
    for pattern in lexicon.comparisons:
        while match := pattern.search(fold(text)):
            wanted = text[slice(*match.span("wanted"))]
            text = f"{text[: match.start()]} {wanted} rather than {text[match.end() :]}"
    pieces: list[str] = []
    end = 0
    kept = [match.span() for match in _ENGLISH_KEY.finditer(text)]
    for match in lexicon.pattern.finditer(fold(text)):
        if not match[0] or any(first <= match.start() < last for first, last in kept):
            continue
        group = match.lastindex or 1
        english = lexicon.key(match[0]) if group == 1 else lexicon.meanings[group - 1]
        pieces += [text[end : match.start()], " " if lexicon.script != "latin" else "", english]
        pieces.append(" " if lexicon.script != "latin" else "")
        end = match.end()
    return "".join([*pieces, text[end:]])


def _may_be_english(term: str) -> bool:
    return bool(_ENGLISH_ENDING.search(term)) or term in _table_words() or is_english(term)


@lru_cache(maxsize=4096)
def is_english(word: str) -> bool:
    """Return whether the tables know a word, so that it says nothing of the language."""
    if word in NEUTRAL or word in _ENGLISH_ALIKE:
        return True
    return any(re.fullmatch(pattern, word) for pattern in _patterns())


@cache
def _patterns() -> tuple[str, ...]:
    return (
        *(genre.pattern for genre in (*GENRES.values(), *RELATED.values())),
        *(instrument.pattern for instrument in INSTRUMENTS),
        *(mood.pattern for mood in MOODS),
    )


@cache
def _table_words() -> frozenset[str]:
    """List the words of which names consist: "electro" of "electro swing"."""
    plain = re.sub(r"\\[a-z]", " ", " ".join(_patterns()))
    return frozenset(re.findall(r"[a-z]{3,}", plain))
