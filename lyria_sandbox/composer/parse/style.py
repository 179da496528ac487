"""Genres, moods and effects."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.parse.scopes import ALL_GENRES
from lyria_sandbox.composer.tables.effects import EFFECT_PATTERNS
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.moods import MOODS, Mood

_LABEL = r"\bgenres?(?: and style)?\s*:[^\n.;]*"
_HINT = 0.35
"""How much words that only suggest a genre count against its name."""

_HEAD = 6.0
"""What the second of two names side by side gains: "jazz rock" is rock with a touch of jazz."""


@dataclass(frozen=True)
class _Named:
    """Words that name a genre, or suggest it."""

    genre: Genre
    start: int
    end: int
    strength: float


def read_genres(
    reader: Reader, excluded: Sequence[Genre] = ()
) -> tuple[Genre | None, Genre | None, frozenset[int]]:
    """Read the genre that the prompt names most clearly, and a second one.

    A genre counts for the letters of the words that name it, and loses a little with the distance
    from the beginning of the prompt, where people write what matters most. Of words that overlap
    the longest phrase counts. What stands behind the label "Genre:" outweighs all else: an era
    ("1980s") or a region is often named beside it.

    Returns:
        The genre, the second genre, and where the names of genres end.
    """
    named = _longest(_all_names(reader.text))
    for match in named:
        reader.mark(match.start, match.end)
    ends = frozenset(match.end for match in named if match.strength == 1)
    banned = {genre.name for genre in excluded}
    named = [m for m in named if not {m.genre.name, m.genre.neighbour} & banned]
    labelled = re.search(_LABEL, reader.text)
    inside = [m for m in named if labelled and labelled.start() <= m.start < labelled.end()]
    outright = [match for match in named if match.strength == 1]
    first = _clearest(inside) or _clearest(outright) or _clearest(named)
    if first is None:
        return None, None, ends
    second = _clearest([match for match in named if match.genre is not first])
    for match in named:
        if match.genre in (first, second) and match.genre.names_an_instrument:
            reader.withdraw(match.start, match.end)
    return first, second, ends


def _all_names(text: str) -> Iterable[_Named]:
    for genre in ALL_GENRES.values():
        for pattern, strength in ((genre.pattern, 1.0), (genre.hint, _HINT)):
            for match in re.finditer(pattern, text) if pattern else ():
                yield _Named(genre, *match.span(), strength)


def _longest(matches: Iterable[_Named]) -> list[_Named]:
    """Keep the longest of matches that overlap."""
    kept: list[_Named] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, -m.strength)):
        if match.end > match.start and all(
            m.end <= match.start or match.end <= m.start for m in kept
        ):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)


def _clearest(named: Sequence[_Named]) -> Genre | None:
    scores: dict[str, float] = {}
    for index, match in enumerate(named):
        genre = match.genre
        letters: float = match.end - match.start
        before = named[index - 1] if index else None
        if before and match.start - before.end <= 1 and before.strength == match.strength == 1:
            letters += _HEAD
        weight = genre.weight * match.strength
        scores[genre.name] = scores.get(genre.name, -match.start / 12) + weight * letters
    best = max(scores, key=lambda name: scores[name], default=None)
    return ALL_GENRES[best] if best else None


def read_effects(reader: Reader, excluded: str) -> tuple[str, ...]:
    """Read the effects named in the prompt, without those that `excluded` names."""
    named = [name for name, pattern in EFFECT_PATTERNS.items() if list(reader.find_all(pattern))]
    return tuple(name for name in named if not re.search(EFFECT_PATTERNS[name], excluded))


def read_moods(reader: Reader, excluded: str) -> tuple[Mood, ...]:
    """Read the moods named in the prompt, without those that `excluded` names."""
    named = [mood for mood in MOODS if list(reader.find_all(mood.pattern))]
    return tuple(mood for mood in named if not re.search(mood.pattern, excluded))
