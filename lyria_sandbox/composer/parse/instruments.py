"""Instruments in a text."""

import re
from dataclasses import replace

from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.instruments import INSTRUMENTS, Instrument
from lyria_sandbox.composer.tables.patches import patch_name

_ORCHESTRAL = frozenset({"epic", "classical"})
"""Families of genres in which "horns" are French horns; elsewhere they are a brass section."""


def read_instruments(reader: Reader, genre: Genre | None = None) -> tuple[Instrument, ...]:
    """Read the instruments in order of appearance; a stretch of text names one instrument only.

    Args:
        reader: The text.
        genre: What is played, where words depend on it.
    """
    found: dict[Instrument, int] = {}
    free = reader.text
    for instrument in INSTRUMENTS:
        for match in re.finditer(instrument.pattern, free):
            reader.mark(*match.span())
            named = _named(instrument, match[0], genre)
            found[named] = min(match.start(), found.get(named, match.start()))
            free = free[: match.start()] + "\x00" * len(match[0]) + free[match.end() :]
    return tuple(sorted(found, key=lambda instrument: found[instrument]))


def instruments_in(text: str) -> tuple[Instrument, ...]:
    """Read the instruments in a text of no further interest."""
    return read_instruments(Reader(text))


def _named(instrument: Instrument, word: str, genre: Genre | None) -> Instrument:
    """Return the instrument that a word means."""
    if instrument.others and re.fullmatch(instrument.others, word):
        name = patch_name(instrument.patch) or instrument.name
        if instrument.role == "percussion":
            name = instrument.name
        return replace(instrument, name=word, stand_in=name)
    if instrument.name == "horns" and genre and genre.family in _ORCHESTRAL:
        return next(other for other in INSTRUMENTS if other.name == "French horn")
    return instrument
