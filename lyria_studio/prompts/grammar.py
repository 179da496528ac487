"""The signs with which a prompt is written and read: labels, tags and timestamps."""

from __future__ import annotations

import re
from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "genre": "Genre",
    "era_or_region": "Style",
    "moods": "Mood",
    "instruments": "Instruments",
    "tempo": "Tempo",
    "key": "Key",
    "voice": "Vocals",
    "language": "Language",
}
"""Field of the blueprint -> label, in the order in which Lyria reads them (design, section 8).

The gateway's reference labels its own example in this way ("Genre: Dreamy indie pop. Mood: ...").
"""

OTHER_LABELS: Mapping[str, str] = {
    "genres": "genre",
    "era": "era_or_region",
    "region": "era_or_region",
    "era or region": "era_or_region",
    "moods": "moods",
    "instrument": "instruments",
    "instrumentation": "instruments",
    "bpm": "tempo",
    "vocal": "voice",
    "voice": "voice",
    "singer": "voice",
    "lyrics language": "language",
}
"""Labels that people write -> the field they mean."""

NO_VOCALS = "Instrumental only, no vocals."
"""The sentence that keeps Lyria 3 from singing (design, section 8)."""

LYRICS = "Lyrics:"
"""The heading of the words that are sung (design, section 8)."""

SECTION_WORDS = (
    "intro", "opening", "verse", "pre-chorus", "chorus", "post-chorus", "hook", "refrain", "build",
    "build-up", "drop", "breakdown", "break", "bridge", "solo", "interlude", "instrumental",
    "outro", "ending", "coda", "theme", "section", "part", "head", "loop",
)  # fmt: skip
"""Words that name a section of a piece."""

FIELD_OF_LABEL: Mapping[str, str] = {
    **{label.lower(): field for field, label in LABELS.items()},
    **OTHER_LABELS,
}
"""Label in lower case -> the field it means."""

_ANY_LABEL = "|".join(sorted(FIELD_OF_LABEL, key=len, reverse=True))

LABEL = re.compile(rf"\s*(?:[-*•]\s+)?\**({_ANY_LABEL})\s?:\**(.*)", re.IGNORECASE)
"""A labelled line; groups: the label, the value."""

LABEL_AFTER_SENTENCE = re.compile(rf"([.;|])\s+\**({_ANY_LABEL})\s?:", re.IGNORECASE)
"""A label within a line: it begins a field only behind the end of a sentence."""

NO_VOCALS_SAID = re.compile(
    r"instrumental(?: only)?(?:[,.]? no vocals)?[.!]?|no vocals[.!]?", re.IGNORECASE
)
"""The ways to say `NO_VOCALS` that use no other words than it."""

SAYS_SOMETHING = re.compile(r"[^\s!-/:-@\[-`{-~]")
"""Any sign besides blanks and ASCII punctuation: without one, a value is none."""

_CLOCK = r"[0-9]{1,4}:[0-5][0-9](?:\.[0-9]{1,2})?"
_FROM_TO = rf"(?P<start>{_CLOCK})(?:\s*(?:[-–—]|to)\s*(?P<end>{_CLOCK}))?"
SPAN = re.compile(
    rf"\s*\[\s*(?:{_FROM_TO}|until\s+(?P<until>{_CLOCK}))\s*[:,-]?(?P<inside>[^\]\[\n]*)\]",
    re.IGNORECASE,
)
"""`[0:00 - 0:10]`, `[0:10]` (no end) or `[until 0:10]` (no start); a name may follow within."""

BARE_SPAN = re.compile(
    rf"\s*\(?(?P<start>{_CLOCK})\s*(?:[-–—]|to)\s*(?P<end>{_CLOCK})(?:\)|(?=\s))\s*[-–—:]?",
    re.IGNORECASE,
)
"""`0:00 - 0:10` or `(0:00 - 0:10)` at the beginning of a line, as people write it."""

SPAN_WITHIN = re.compile(
    rf"(?<=\S)[ \t]+(?=\[\s*{_CLOCK}\s*(?:(?:[-–—]|to)\s*{_CLOCK}\s*)?[^\]\[\n]{{0,80}}\])",
    re.IGNORECASE,
)
"""The blanks before a timestamp in the middle of a line: there a section begins, too."""

TAG = re.compile(r"\s*\[(?P<name>[^\]\[:\n]*)(?::(?P<what>[^\]\[\n]*))?\]")
"""`[Verse 1]` or `[Verse 1: what happens]`."""


def clock(seconds: float) -> str:
    """Write a time as `1:05`, with hundredths where there are any: `1:05.25`."""
    minutes, hundredths = divmod(round(seconds * 100), 6000)
    whole, rest = divmod(hundredths, 100)
    text = f"{minutes}:{whole:02d}"
    return f"{text}.{rest:02d}" if rest else text


def read_clock(text: str) -> float:
    """Read `1:05.25` as seconds, to the hundredth."""
    minutes, rest = text.split(":")
    return round(int(minutes) * 60 + float(rest), 2)
