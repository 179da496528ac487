"""Genres and moods."""

import re
from collections.abc import Mapping

from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.tables.effects import EFFECT_PATTERNS
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.moods import MOODS, Mood

_LABEL = r"\bgenres?\s*:[^\n.;]*"


def read_genres(reader: Reader) -> tuple[Genre | None, Genre | None]:
    """Read the genre that the prompt names most clearly, and a second one.

    A genre counts for the letters of the words that name it, and loses a little with the distance
    from the beginning of the prompt, where people write what matters most. What stands behind the
    label "Genre:" outweighs all else: an era ("1980s") or a region is often named beside it.
    """
    matches = {name: list(reader.find_all(g.pattern)) for name, g in GENRES.items()}
    labelled = re.search(_LABEL, reader.text)
    span = labelled.span() if labelled else (0, 0)
    inside = {
        name: [match for match in found if span[0] <= match.start() < span[1]]
        for name, found in matches.items()
    }
    first = _clearest(inside) or _clearest(matches)
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
    for name, spans in ((first, taken), (second, [m.span() for m in rest.get(second or "", [])])):
        if name and GENRES[name].names_an_instrument:
            for start, end in spans:
                reader.withdraw(start, end)
    return GENRES[first], GENRES[second] if second else None


def _clearest(matches: Mapping[str, list[re.Match[str]]]) -> str | None:
    scores = [
        (
            GENRES[name].weight * sum(len(match[0]) for match in found) - found[0].start() / 12,
            -order,
            name,
        )
        for order, (name, found) in enumerate(matches.items())
        if found
    ]
    return max(scores)[2] if scores else None


def read_effects(reader: Reader, excluded: str) -> tuple[str, ...]:
    """Read the effects named in the prompt, without those that `excluded` names."""
    named = [name for name, pattern in EFFECT_PATTERNS.items() if list(reader.find_all(pattern))]
    return tuple(name for name in named if not re.search(EFFECT_PATTERNS[name], excluded))


def read_moods(reader: Reader, excluded: str) -> tuple[Mood, ...]:
    """Read the moods named in the prompt, without those that `excluded` names."""
    named = [mood for mood in MOODS if list(reader.find_all(mood.pattern))]
    return tuple(mood for mood in named if not re.search(mood.pattern, excluded))
