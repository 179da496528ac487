"""Instruments wanted and not wanted, and the voice."""

import re

from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.tables.ensembles import ENSEMBLES, Ensemble
from lyria_sandbox.composer.tables.instruments import INSTRUMENTS, Instrument

_NEGATOR = (
    r"\b(?:no|without(?: any)?|avoid(?:ing)?|exclud(?:e|es|ing)|don'?t (?:use|want|add)|minus"
    r"|lacking|ohne|keine?|sin|sans|sem|senza)\s+"
)
_NEGATED = re.compile(
    _NEGATOR + r"((?:[a-z][\w'-]*(?: |, (?=[\w' -]+ (?:or|nor) )|(?=[^\w ])|$)){1,6})"
)
_LINKS = re.compile(r"\s*(?:,|\b(?:and|or|nor|any|no)\b|/)\s*")

_INSTRUMENTAL = (
    r"\binstrumentals?(?:[- ](?:only|track|version|music|piece))?\b(?! (?:break|section))"
    r"|\bno (?:singing|lyrics|words)\b"
)
_ALONE = (
    r"\b(?:only(?! instr)|just|unaccompanied|a ?cappella|duo|duet|trio|quartet|quintet)\b"
    r"|(?<!guitar )(?<!sax )(?<!drum )(?<!bass )(?<!violin )(?<!piano )\bsolo\b(?= \w)"
    r"|\bpiano solo\b"
)
_LOW_VOICE = r"\b(?:male|man|men|baritone|bass-baritone|tenor(?! sax)|deep voice|crooner)\b"


def read_negations(reader: Reader) -> tuple[str, ...]:
    """Take the phrases that exclude something out of the text and return them.

    "no drums, bass or guitars" is one exclusion of three; in "no drums, piano" the piano is wanted.
    """
    taken: list[str] = []
    while match := _NEGATED.search(reader.text):
        phrase = match[1]
        end = match.start(1) + _negated_length(phrase)
        reader.withdraw(match.start(), end)
        taken.append(phrase[: end - match.start(1)].strip())
    return tuple(taken)


def _negated_length(phrase: str) -> int:
    """Tell how many letters of `phrase` the negation covers: linked known nouns, else one word."""
    position = 0
    while True:
        best = 0
        for instrument in INSTRUMENTS:
            found = re.match(rf"(?:[\w'-]+ )??(?:{instrument.pattern})", phrase[position:])
            best = max(best, found.end() if found else 0)
        if not best:
            break
        position += best
        link = _LINKS.match(phrase, position)
        if not link or not link[0].strip():
            return position
        position = link.end()
    if position:
        return position
    word = re.match(r"[\w'-]+", phrase)
    return word.end() if word else len(phrase)


def read_ensemble(reader: Reader) -> Ensemble | None:
    """Read an ensemble, and take its name out of the text: its words name no instruments."""
    for ensemble in ENSEMBLES:
        match = reader.find(ensemble.pattern)
        if match:
            reader.withdraw(*match.span())
            return ensemble
    return None


def read_instruments(reader: Reader) -> tuple[Instrument, ...]:
    """Read the instruments in order of appearance; a stretch of text names one instrument only."""
    found: list[tuple[int, Instrument]] = []
    free = reader.text
    for instrument in INSTRUMENTS:
        first: int | None = None
        for match in re.finditer(instrument.pattern, free):
            reader.mark(match)
            first = match.start() if first is None else first
            free = (
                free[: match.start()] + "\x00" * (match.end() - match.start()) + free[match.end() :]
            )
        if first is not None:
            found.append((first, instrument))
    return tuple(instrument for _, instrument in sorted(found, key=lambda pair: pair[0]))


def instruments_in(text: str) -> tuple[Instrument, ...]:
    """Read the instruments in a text of no further interest."""
    return read_instruments(Reader(text))


def read_instrumental(reader: Reader) -> bool:
    """Tell whether the prompt wants no voice, and take the words that say so out of the text."""
    found = False
    while match := reader.find(_INSTRUMENTAL):
        reader.withdraw(*match.span())
        found = True
    return found


def read_alone(reader: Reader) -> bool:
    """Tell whether the named instruments are to play alone."""
    return reader.find(_ALONE) is not None


def read_low_voice(reader: Reader) -> bool:
    """Tell whether the voice asked for is a low one."""
    return reader.find(_LOW_VOICE) is not None
