"""Length of the piece."""

from lyria_sandbox.composer.parse.reader import Reader

_WORDS = {"one": 1.0, "a": 1.0, "two": 2.0, "three": 3.0, "half a": 0.5}
_MINUTES_AND_SECONDS = (
    r"\b(\d+)\s*(?:minutes?|mins?|m)[\s,]*(?:and\s+)?(\d{1,2})\s*(?:seconds?|secs?|s)\b"
)
_CLOCK = (
    r"\b(?:length|duration|long|runtime)\s*(?:of|is|:|=|about|around)*\s*(\d{1,2}):(\d\d)\b"
    r"|\b(\d{1,2}):(\d\d)\s*(?:minutes?|mins?|long)\b"
)
_MINUTES = r"\b(\d+(?:\.\d+)?|one|two|three|half a|a)[\s-]*(?:minutes?|mins?)\b(?:[\s-]long)?"
_SECONDS = (
    r"(?<!first )(?<!last )(?<!after )(?<!final )(?<!every )"
    r"\b(\d{1,3})[\s-]*(?:seconds?|secs?)\b(?:[\s-]long)?"
)


def read_length(reader: Reader) -> float | None:
    """Read a length in seconds from "2 minutes", "90 seconds", "1:45 long" and their like."""
    match = reader.find(_MINUTES_AND_SECONDS)
    if match:
        return float(match[1]) * 60 + float(match[2])
    match = reader.find(_CLOCK)
    if match:
        minutes, seconds = match[1] or match[3], match[2] or match[4]
        return float(minutes) * 60 + float(seconds)
    match = reader.find(_MINUTES)
    if match:
        number = _WORDS.get(match[1])
        return (float(match[1]) if number is None else number) * 60
    match = reader.find(_SECONDS)
    return float(match[1]) if match else None
