"""A tempo told by the usual one of a genre: "half the tempo of drum and bass"."""

import re
from collections.abc import Mapping

from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.parse.scopes import ALL_GENRES
from lyria_sandbox.composer.parse.tempo import clamp_tempo
from lyria_sandbox.composer.tables.genre import Genre

_FACTORS: Mapping[str, float] = {
    "half": 0.5,
    "twice": 2.0,
    "double": 2.0,
    "two thirds": 2 / 3,
    "three quarters": 0.75,
}
_DEGREES: Mapping[str, float] = {
    "a bit": 0.07,
    "a little": 0.07,
    "a touch": 0.07,
    "slightly": 0.07,
    "much": 0.3,
    "way": 0.3,
    "far": 0.3,
}
_PLAINLY = 0.15
"""How much slower "slower than techno" is."""

_SPEED = r"(?:tempo|speed|pace|bpm)"
_USUAL = r"(?:(?:an?|the|your|normal|usual|typical|most|standard|classic|average) )*"
_TIMES = rf"(?P<times>{'|'.join(_FACTORS)})".replace(" ", "[ -]")
_COMPARISONS = (
    rf"\b(?:at |in |with )?(?:{_TIMES}(?: of)? |(?:the )?same )?(?:the )?{_SPEED} (?:of|as) "
    rf"{_USUAL}",
    rf"\b(?:{_TIMES} )?as (?P<slow>slow|fast|quick) as {_USUAL}",
    rf"\b(?:(?P<degree>{'|'.join(_DEGREES)}) )?(?P<way>slower|faster|quicker) than {_USUAL}",
)


def read_relative_tempo(reader: Reader) -> tuple[float | None, Genre | None]:
    """Read a tempo that is told by a genre, and take the words out of the text.

    Returns:
        The tempo in BPM and the genre that it is compared with, or twice None.
    """
    for pattern in _COMPARISONS:
        for match in re.finditer(pattern, reader.text):
            genre, end = _genre_at(reader.text, match.end())
            if genre is not None:
                reader.withdraw(match.start(), end)
                return clamp_tempo(round(_factor(match) * sum(genre.tempo) / 2)), genre
    return None, None


def _genre_at(text: str, start: int) -> tuple[Genre | None, int]:
    """Return the genre whose name is longest of those that begin here, and where it ends."""
    found = [
        (match.end(), genre)
        for genre in ALL_GENRES.values()
        if (match := re.compile(genre.pattern).match(text, start))
    ]
    end, genre = max(found, key=lambda one: one[0], default=(start, None))
    return genre, end


def _factor(match: re.Match[str]) -> float:
    groups = match.groupdict()
    if groups.get("way"):
        change = _DEGREES.get(groups["degree"] or "", _PLAINLY)
        return 1 - change if groups["way"] == "slower" else 1 + change
    factor = _FACTORS.get((groups.get("times") or "").replace("-", " "), 1.0)
    return 1 / factor if groups.get("slow") == "slow" else factor
