"""The length of music that a prompt asks for."""

from __future__ import annotations

import re

_NUMBERS = {
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "ten": 10.0,
    "half": 0.5,
}
_LENGTH = re.compile(
    r"\b(?:(?P<clock_min>\d{1,2}):(?P<clock_s>[0-5]\d) ?(?:minutes?|mins?|long)"
    r"|(?P<minutes>\d{1,3}(?:\.\d)?|one|two|three|four|five|ten|half)(?: a)?"
    r"[ -]?(?:minutes?|mins?)\b"
    r"(?:,? (?:and )?(?P<more_s>\d{1,2}) ?(?:seconds?|secs?)\b)?"
    r"|(?P<seconds>\d{1,4})[ -]?(?:seconds?|secs?)\b)",
    re.IGNORECASE,
)
# "After 10 seconds the drums enter" says nothing of the whole.
_A_MOMENT = re.compile(
    r"\b(?:after|at|until|till|every|first|last|final|within|from|before|next|than|in|to)"
    r" (?:the |about |a |around |last |first )*$",
    re.IGNORECASE,
)


def asked_length_s(text: str) -> float | None:
    """Return the length that a text asks for, in seconds: "a 2-minute song", "90 seconds"."""
    for found in _LENGTH.finditer(text):
        if _A_MOMENT.search(text[max(0, found.start() - 24) : found.start()]):
            continue
        return _seconds(found)
    return None


def _seconds(found: re.Match[str]) -> float:
    if found["seconds"]:
        return float(found["seconds"])
    if found["clock_min"]:
        return int(found["clock_min"]) * 60.0 + int(found["clock_s"])
    amount = found["minutes"].lower()
    minutes = _NUMBERS[amount] if amount in _NUMBERS else float(amount)
    return minutes * 60 + int(found["more_s"] or 0)
