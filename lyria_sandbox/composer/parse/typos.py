"""Mending words that are one edit away from one that the composer knows."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from lyria_sandbox.composer.parse.neutral import NEUTRAL
from lyria_sandbox.composer.parse.translate import is_english
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.instruments import INSTRUMENTS
from lyria_sandbox.composer.tables.moods import MOODS
from lyria_sandbox.composer.tables.related import RELATED

_SHORTEST = 5
"""Letters of the shortest word that is guessed; its misspelling may be one shorter."""

_WORD = re.compile(r"(?<![\w'#-])[A-Za-z]{3,}(?![\w'-])")


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """Replace misspelt words.

    A word of the dictionary, a name and a short word stay as they are.

    Returns:
        The text, and a sentence for each word that was replaced.
    """
    notes: list[str] = []
    end = 0
    pieces: list[str] = []
    for match in _WORD.finditer(text):
        if match.start() < end:
            continue
        meant, length = _meant(text, match)
        if meant:
            read = text[match.start() : match.start() + length]
            notes.append(f'Read "{read}" as "{meant}".')
            pieces += [text[end : match.start()], meant]
            end = match.start() + length
    return "".join([*pieces, text[end:]]), tuple(notes)


def _meant(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Return what a word was meant to be, or "", and how many letters it takes the place of."""
    word = match[0]
    sentence_begins = (
        not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".!?:\n"
    )
    if word[0].isupper() and not sentence_begins:
        return "", 0
    lower = word.lower()
    if lower in NEUTRAL or lower in _dictionary() or is_english(lower):
        return "", 0
    following = re.match(r" [A-Za-z]{3,}", text[match.end() :])
    if following:
        phrase = lower + following[0].lower()
        if is_english(phrase):
            return "", 0
        found = _neighbours(phrase)
        if found:
            return found, len(phrase)
    return (_neighbours(lower), len(word)) if len(lower) >= _SHORTEST - 1 else ("", 0)


def _neighbours(word: str) -> str:
    """Return the one known word within an edit, or "" where there is none or a choice."""
    found = {
        known
        for shortened in (word, *_shortened(word))
        for known in _by_shortened().get(shortened, ())
        if _is_one_edit(word, known)
    }
    # The first letter is the one that people get right; they leave one out more often than they
    # take another one for it.
    alike = [known for known in found if known[0] == word[0]]
    longer = [known for known in alike if len(known) > len(word)]
    likely = longer or alike
    return likely[0] if len(likely) == 1 else ""


def _shortened(word: str) -> Iterator[str]:
    return (word[:index] + word[index + 1 :] for index in range(len(word)))


@cache
def _by_shortened() -> Mapping[str, set[str]]:
    table: dict[str, set[str]] = {}
    for word in vocabulary():
        for shortened in (word, *_shortened(word)):
            table.setdefault(shortened, set()).add(word)
    return table


def _is_one_edit(one: str, other: str) -> bool:
    """Return whether one edit makes one the other: a letter more, less, changed or swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    if len(one) == len(other):
        swapped = one[start : start + 2] == other[start : start + 2][::-1]
        return one[start + 1 :] == other[start + 1 :] or (
            swapped and one[start + 2 :] == other[start + 2 :]
        )
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[start + 1 :] == shorter[start:]


@cache
def vocabulary() -> frozenset[str]:
    """Return the words, and names of two words, that misspellings are compared with."""
    genres = (*GENRES.values(), *RELATED.values())
    patterns = [
        *(genre.pattern for genre in genres),
        *(instrument.pattern for instrument in INSTRUMENTS),
        *(mood.pattern for mood in MOODS),
    ]
    words: set[str] = set()
    for pattern in patterns:
        # What may be left out, and stems, are no words.
        plain = re.sub(
            r"\\[bsw][*+?]?|\(\?[^)]*\)|.\?", " ", re.sub(r"[\w)\]]\?|\w+\\w[*+]", " ", pattern)
        )
        words |= {word for word in re.findall(r"[a-z]+", plain) if len(word) >= _SHORTEST}
    names = {
        *(genre.name.lower() for genre in genres),
        *(instrument.name.lower() for instrument in INSTRUMENTS),
    }
    words |= {name for name in names if len(name) >= _SHORTEST and name.isascii()}
    return frozenset(word for word in (*words, *_word_list("stems.txt")) if is_english(word))


@cache
def _dictionary() -> frozenset[str]:
    """Read the words of the English dictionary that lie one edit from the vocabulary."""
    return _word_list("not_typos.txt")


def _word_list(name: str) -> frozenset[str]:
    file = resources.files("lyria_sandbox.composer.tables") / "words" / name
    return frozenset(file.read_text("utf-8").split())
