"""Tempo and meter."""

import re

from lyria_sandbox.composer.parse.reader import Reader

SLOWEST_BPM, FASTEST_BPM = 40.0, 220.0

_NUMBER = (
    r"(\d{2,3}(?:\.\d+)?)(?:\s*(?:-|to)\s*(\d{2,3}(?:\.\d+)?))?\s*-?\s*(?:bpm|beats per minute)\b"
)
_LABELLED = (
    r"\b(?:tempo|bpm)\s*(?:(?:of|is|=|:|at|around|about|~)\s*)*(\d{2,3}(?:\.\d+)?)"
    r"(?!\s*(?:s\b|sec|min))"
)

_ITALIAN = (
    (r"\bprestissimo\b", 196.0),
    (r"\bpresto\b", 176.0),
    (r"\bvivace\b", 156.0),
    (r"\ballegretto\b", 112.0),
    (r"\ballegro\b", 132.0),
    (r"\bmoderato\b", 108.0),
    (r"\bandantino\b", 84.0),
    (r"\bandante\b", 80.0),
    (r"\badagio\b", 66.0),
    (r"\b(?:largo|lento|grave)\b", 50.0),
)

_WORDS = (
    (r"\b(?:very|extremely|super)[- ]slow\b", 0.68),
    (
        r"\b(?:slow(?!-? ?burn)(?:[- ]tempo)?|laid[- ]back|slow jam|leisurely"
        r"|langsam\w*|lent[oa]?)\b",
        0.82,
    ),
    (r"\b(?:very|extremely|super|blazing(?:ly)?)[- ]fast\b|\bfrantic\b|\bbreakneck\b", 1.4),
    (
        r"\b(?:fast(?:-paced)?|up-?tempo|quick|rapid|brisk|schnell\w*|r[aá]pid[oa]|rapide"
        r"|high[- ]tempo)\b",
        1.22,
    ),
    (r"\b(?:mid-?tempo|medium tempo|moderate(?: tempo)?)\b", 1.0),
)

_METERS = (
    (r"\b(?:3/4|three[- ]four)(?: time)?\b|\bwaltz\b|\bin three\b", "3/4"),
    (r"\b(?:6/8|six[- ]eight|12/8)(?: time)?\b", "6/8"),
    (r"\b(?:4/4|four[- ]four)(?: time)?\b", "4/4"),
)


def read_tempo_number(reader: Reader) -> float | None:
    """Read a tempo given in beats a minute or as an Italian tempo mark."""
    match = reader.find(_NUMBER)
    if match:
        low = float(match[1])
        return clamp_tempo((low + float(match[2])) / 2 if match[2] else low)
    match = reader.find(_LABELLED)
    if match:
        return clamp_tempo(float(match[1]))
    for pattern, bpm in _ITALIAN:
        if reader.find(pattern):
            return bpm
    return None


def clamp_tempo(bpm: float) -> float:
    """Bring a tempo into the range that the composer plays."""
    return min(max(bpm, SLOWEST_BPM), FASTEST_BPM)


def read_tempo_words(reader: Reader) -> float | None:
    """Read "slow", "uptempo" and their like: a factor on the genre's tempo, or None."""
    for pattern, factor in _WORDS:
        if reader.find(pattern):
            return factor
    return None


def read_meter(reader: Reader) -> str | None:
    """Read a time signature."""
    found = [
        (match.start(), meter)
        for pattern, meter in _METERS
        for match in [re.search(pattern, reader.text)]
        if match
    ]
    for pattern, _ in _METERS:
        reader.find(pattern)
    # A signature in figures outweighs the word "waltz".
    figures = re.search(r"\b(3/4|6/8|12/8|4/4)\b", reader.text)
    if figures:
        return "6/8" if figures[1] == "12/8" else figures[1]
    return min(found)[1] if found else None
