"""Genres and moods."""

import re
from collections.abc import Mapping

from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.moods import MOODS, Mood


def read_genres(reader: Reader) -> tuple[Genre | None, Genre | None]:
    """Read the genre that the prompt names most clearly, and a second one.

    A genre counts for the letters of the words that name it, and loses a little with the distance
    from the beginning of the prompt, where people write what matters most.
    """
    matches = {name: list(reader.find_all(g.pattern)) for name, g in GENRES.items()}
    first = _clearest(matches)
    if first is None:
        return None, None
    taken = [match.span() for match in matches.pop(first)]
    rest = {
        name: [
            m for m in found if not any(m.start() < end and start < m.end() for start, end in taken)
        ]
        for name, found in matches.items()
    }
    second = _clearest(rest)
    return GENRES[first], GENRES[second] if second else None


def _clearest(matches: Mapping[str, list[re.Match[str]]]) -> str | None:
    scores = [
        (sum(len(match[0]) for match in found) - found[0].start() / 40, -order, name)
        for order, (name, found) in enumerate(matches.items())
        if found
    ]
    return max(scores)[2] if scores else None


def read_moods(reader: Reader, excluded: str) -> tuple[Mood, ...]:
    """Read the moods named in the prompt, without those that `excluded` names."""
    named = [mood for mood in MOODS if list(reader.find_all(mood.pattern))]
    return tuple(mood for mood in named if not re.search(mood.pattern, excluded))
