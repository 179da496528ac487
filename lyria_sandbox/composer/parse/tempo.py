"""Tempo, its changes, and meter."""

import re
from dataclasses import dataclass

from lyria_sandbox.composer.meter import METERS
from lyria_sandbox.composer.parse.reader import Reader

SLOWEST_BPM, FASTEST_BPM = 40.0, 220.0
_LEAST_CHANGE, _MOST_CHANGE = 0.4, 2.5

_UNIT = (
    r"\s*-?\s*(?:b\.?p\.?m\.?|(?:beats|steps|strides|pulses|quarter notes)"
    r" ?(?:per|a|/) ?min(?:ute)?)(?![a-z])"
)
_NUMBER = r"(\d{2,3}(?:\.\d+)?)"
_ABOUT = r"(?:(?:of|is|=|:|at|around|about|approx(?:imately)?|ca\.?|circa|~)\s*)*"
_GROWTH = (
    r"(?:(?:and|then|gradually|slowly|accelerat\w*|speed\w*|ris\w*|go\w*|mov\w*|increas\w*|slow\w*"
    r"|drop\w*|fall\w*|down|up|end\w*|finish\w*|build\w*|at|with|by|in)[\s,]+)*"
)
_FROM_TO = (
    rf"\b(?:from|start\w*(?: out)?(?: at| from| with)?|begin\w*(?: at| with)?)\s+{_ABOUT}{_NUMBER}"
    rf"(?:{_UNIT})?[\s,]*{_GROWTH}(?:to|at|until|up to|->|→)\s+{_ABOUT}{_NUMBER}(?:{_UNIT})?"
)
_ARROW = rf"{_NUMBER}(?:{_UNIT})?\s*(?:->|→|=>)\s*{_NUMBER}{_UNIT}"
_RANGE = (
    rf"(?:\bbetween\s+)?{_NUMBER}(?:{_UNIT})?\s*(?:-|to|and|or|\.\.)\s*{_NUMBER}{_UNIT}"
    rf"|\bbetween\s+{_NUMBER}\s*(?:-|to|and)\s*{_NUMBER}\b"
)
_WITH_UNIT = rf"{_NUMBER}{_UNIT}"
_MARKED = rf"(?:[♩♪𝅘𝅥q]|\bquarter(?: note)?|\bcrotchet|\bm\.?m\.?)\s*=\s*{_NUMBER}"
_FEEL = rf"\b(?:half|double)[- ]time\s*{_ABOUT}{_NUMBER}"
_LABELLED = (
    rf"\b(?:tempo|bpm)\s*{_ABOUT}{_NUMBER}"
    r"(?!\s*(?:s\b|sec|min|%|years|bars))"
)
_CLAUSE = r"(?:^|[,;|\n])\s*(\d{2,3})\s*(?=[,;|.\n]|$)"

_SMALL = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
}
_SPELT = rf"(?:a |{'|'.join(_SMALL)})(?:[\s-]*(?:and|{'|'.join(_SMALL)})\b)*"
_LEAST_SPELT = 20.0
_LOOSELY = r"\b(?:at|like|say|maybe|perhaps|around|about|roughly|circa|ca\.?|~)\s+"
_CLOSED = r"(?=\s*(?:[,.;!?)\n]|$|\b(?:in|with|and|or so|ish)\b))"
_AT = rf"(?:{_LOOSELY})+{_NUMBER}{_CLOSED}"
_SPELLED = rf"\b({_SPELT}){_UNIT}|\btempo\s*{_ABOUT}({_SPELT})|{_LOOSELY}({_SPELT}){_CLOSED}"

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

WORDS = (
    (r"\b(?:very|extremely|super)[- ]slow\b", 0.68),
    (
        r"\b(?:slow(?!-? ?burn|ly)(?:[- ](?:tempo|bpm|paced))?|slower|laid[- ]back|slow jam"
        r"|leisurely|unhurried|tak(?:es?|ing) (?:its|their|your) time)\b",
        0.82,
    ),
    (r"\b(?:very|extremely|super|blazing(?:ly)?)[- ]fast\b|\bfrantic\b|\bbreakneck\b", 1.4),
    (
        r"\b(?:fast(?:-paced|er)?|up-?tempo|quick(?:ly)?|rapid|brisk|high[- ]tempo|racing)\b",
        1.22,
    ),
    (r"\b(?:mid-?tempo|medium tempo|moderate(?: tempo)?)\b", 1.0),
)
"""Words for a pace, and what they do to the genre's tempo."""

_NOW = rf"\s+(?:up |down )?(?:to|until)\s+{_ABOUT}{_NUMBER}(?:{_UNIT})?"
_CHANGES = (
    (
        r"\b(?:accelerando|accelerat(?:es?|ing)|speed(?:s|ing)? up|(?:gets?|getting|growing) faster"
        r"|faster and faster)\b",
        1.3,
    ),
    (
        r"\b(?:ritardando|rallentando|slow(?:s|ing)? down|(?:gets?|getting) slower"
        r"|slower and slower)\b",
        0.78,
    ),
)
_METER_WORDS = (
    (
        r"\b(?:three[- ]four|three[- ]quarter)(?: time)?\b|\bwaltz(?:es)?\b"
        r"|\bin three(?= ?[,.;]| time|$)",
        "3/4",
    ),
    (r"\bsix[- ]eight(?: time)?\b", "6/8"),
    (r"\btwelve[- ]eight(?: time)?\b", "12/8"),
    (r"\bfive[- ]four(?: time)?\b|\bin five(?= ?[,.;]| time|$)", "5/4"),
    (r"\bseven[- ]eight(?: time)?\b|\bin seven(?= ?[,.;]| time|$)", "7/8"),
    (r"\bfour[- ]four(?: time)?\b|\bcommon time\b", "4/4"),
)
_SIGNATURE = r"(?<![\d/])(\d{1,2})/(2|4|8|16)(?![\d/])(?:[- ]time)?"


@dataclass(frozen=True)
class Tempo:
    """A tempo in numbers, and what becomes of it.

    Attributes:
        bpm: At the beginning, or None where only a change is named.
        change: How many times as fast the end is.
    """

    bpm: float | None
    change: float = 1.0


def read_tempo(reader: Reader) -> Tempo:
    """Read a tempo with its change, and take the words out of the text: "beats" are no drums."""
    for pattern in (_FROM_TO, _ARROW):
        match = reader.take(pattern)
        if match:
            for words, _ in _CHANGES:
                reader.take(words)
            start, end = clamp_tempo(float(match[1])), clamp_tempo(float(match[2]))
            return Tempo(start, min(max(end / start, _LEAST_CHANGE), _MOST_CHANGE))
    for pattern, ratio in _CHANGES:
        match = reader.take(pattern + _NOW)
        if match:
            end = clamp_tempo(float(match[match.lastindex or 1]))
            own = read_tempo_number(reader) or clamp_tempo(end / ratio)
            return Tempo(own, min(max(end / own, _LEAST_CHANGE), _MOST_CHANGE))
        if reader.take(pattern):
            between = re.search(_RANGE, reader.text)
            bpm = read_tempo_number(reader)
            if between is None:
                return Tempo(bpm, ratio)
            low, high = sorted(clamp_tempo(float(number)) for number in between.groups() if number)
            start, end = (low, high) if ratio > 1 else (high, low)
            return Tempo(start, min(max(end / start, _LEAST_CHANGE), _MOST_CHANGE))
    return Tempo(read_tempo_number(reader))


def read_tempo_number(reader: Reader) -> float | None:
    """Read a tempo given in beats a minute or as an Italian tempo mark."""
    match = reader.take(_RANGE)
    if match:
        low, high = (float(number) for number in match.groups() if number)
        return clamp_tempo((low + high) / 2)
    for pattern in (_WITH_UNIT, _MARKED, _FEEL, _LABELLED, _AT):
        match = reader.find(pattern)
        if match and (pattern is not _AT or SLOWEST_BPM <= float(match[1]) <= FASTEST_BPM):
            # "half-time at 140" stays a half-time beat.
            start = match.start(1) if pattern is _FEEL else match.start()
            reader.withdraw(start, match.end())
            return clamp_tempo(float(match[1]))
    for match in re.finditer(_SPELLED, reader.text):
        number = float(_spelled_number(match[1] or match[2] or match[3]))
        if number >= (SLOWEST_BPM if match[3] else _LEAST_SPELT) and number <= FASTEST_BPM:
            reader.withdraw(*match.span())
            return clamp_tempo(number)
    for pattern, bpm in _ITALIAN:
        if reader.find(pattern):
            return bpm
    return None


def _spelled_number(words: str) -> int:
    total = 0
    for word in re.findall(r"[a-z]+", words):
        number = _SMALL.get(word, 0)
        if number == 100 or (0 < total < 3 and number >= 10):
            # "one sixty" is said for a hundred and sixty.
            total = max(total, 1) * 100 + (number if number != 100 else 0)
        else:
            total += number
    return total


def read_bare_tempo(reader: Reader, genre_ends: frozenset[int]) -> float | None:
    """Read a number without a unit that stands behind a genre or alone: "punk 160".

    Args:
        reader: The text.
        genre_ends: Where the names of genres end.
    """
    for match in re.finditer(
        r"[ ,:(-]+(\d{2,3})\b(?![\d/:.%']|\s*(?:bit|hz|khz|years|bars))", reader.text
    ):
        number = float(match[1])
        if match.start() in genre_ends and SLOWEST_BPM <= number <= FASTEST_BPM:
            reader.withdraw(*match.span())
            return number
    for match in re.finditer(_CLAUSE, reader.text):
        if SLOWEST_BPM <= float(match[1]) <= FASTEST_BPM:
            reader.withdraw(*match.span(1))
            return float(match[1])
    return None


def clamp_tempo(bpm: float) -> float:
    """Bring a tempo into the range that the composer plays."""
    return min(max(bpm, SLOWEST_BPM), FASTEST_BPM)


def read_tempo_words(reader: Reader) -> float | None:
    """Read "slow", "uptempo" and their like: a factor on the genre's tempo, or None."""
    for pattern, factor in WORDS:
        if reader.find(pattern):
            return factor
    return None


def read_meter(reader: Reader) -> tuple[str | None, str | None]:
    """Read a time signature.

    Returns:
        The meter, and a signature that was asked for and cannot be played.
    """
    named = [
        (match.start(), meter)
        for pattern, meter in _METER_WORDS
        for match in [reader.find(pattern)]
        if match
    ]
    unknown = None
    while match := reader.take(_SIGNATURE):
        signature = f"{match[1]}/{match[2]}"
        if signature in METERS:
            # A signature in figures outweighs the word "waltz".
            return signature, None
        unknown = unknown or signature
    return (min(named)[1] if named else None), unknown
