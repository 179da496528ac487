"""Fitting patterns to bars of any meter and length."""

from collections.abc import Iterator

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.meter import Meter

_TRIPLE_DRUMS = {
    "kick": "9...........",
    "snare": "....6...6...",
    "rim": "....6...6...",
    "clap": "....6...6...",
    "hat": "6.4.6.4.6.4.",
    "hat_open": "........5...",
    "ride": "8...7.5.7...",
    "hat_foot": "....5...5...",
    "shaker": "534353435343",
    "tambourine": "....5...5...",
    "taiko": "9.......7...",
    "jingle": "6...5...5...",
}
_COMPOUND_DRUMS = {
    "kick": "9.....5...4.",
    "snare": "......9.....",
    "rim": "......8.....",
    "clap": "......8.....",
    "hat": "8.3.3.8.3.3.",
    "hat_open": "..........5.",
    "ride": "8.3.3.8.3.3.",
    "hat_foot": "......6.....",
    "shaker": "7.3.3.7.3.3.",
    "tambourine": "......7.....",
    "taiko": "9.....7...6.",
    "jingle": "6.....6.....",
}
_OTHER_DRUMS = {"3/4": "....5...5.5.", "6/8": "....5.5...5."}
_BASS = {"3/4": "R-------5---", "6/8": "R-----5---a-"}
_CHORDS = {"3/4": "X---x---x---", "6/8": "X---x-X---x-"}
_POWER = {"3/4": "P---p---p---", "6/8": "P---p-P---p-"}
_BROKEN = {"3/4": "0-1-2-3-2-1-", "6/8": "0-1-2-3-2-1-"}


def fit(pattern: str, bar: Bar, meter: Meter) -> str:
    """Bring a pattern to the length of a bar.

    A pattern of two bars alternates; one that is too short is repeated.
    """
    whole = meter.steps
    if len(pattern) == 2 * whole:
        half = (bar.number % 2) * whole
        pattern = pattern[half : half + whole]
    elif len(pattern) < whole:
        pattern += "." * (whole - len(pattern))
    return (pattern[:whole] * 3)[: bar.steps]


def drum_pattern(lane: str, pattern: str, meter: Meter) -> str:
    """Return a drum's pattern in the meter."""
    if meter.name == "4/4" or len(pattern) == 12:
        return pattern
    table = _TRIPLE_DRUMS if meter.name == "3/4" else _COMPOUND_DRUMS
    return table.get(lane, _OTHER_DRUMS[meter.name])


def bass_pattern(pattern: str, meter: Meter) -> str:
    """Return a bass pattern in the meter."""
    if meter.name == "4/4":
        return pattern if len(pattern) >= 16 else pattern + "...."
    return pattern if len(pattern) == 12 and meter.name == "3/4" else _BASS[meter.name]


def chord_pattern(pattern: str, meter: Meter) -> str:
    """Return a chord pattern in the meter."""
    if meter.name == "4/4":
        if len(pattern) >= 16:
            return pattern
        return pattern + ("2-1-" if any(c.isdigit() for c in pattern) else "X...")
    if len(pattern) == 12 and meter.name == "3/4":
        return pattern
    if any(letter.isdigit() for letter in pattern):
        return _BROKEN[meter.name]
    return _POWER[meter.name] if "P" in pattern else _CHORDS[meter.name]


def thinned(pattern: str) -> str:
    """Leave the soft strokes of a chord pattern out; what remains rings longer."""
    if pattern.count("x") < 2 or "X" not in pattern:
        return pattern
    return pattern.replace("x", "-")


def sustained(pattern: str) -> str:
    """Let the strokes of a sparse pattern ring until the next: nobody else fills its rests."""
    strokes = sum(symbol not in ".-" for symbol in pattern)
    return pattern.replace(".", "-") if strokes <= len(pattern) // 4 else pattern


def events(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Yield (step, symbol, length in steps) of every symbol that is not a hold or a rest."""
    for step, symbol in enumerate(pattern):
        if symbol in ".-":
            continue
        length = 1
        while step + length < len(pattern) and pattern[step + length] == "-":
            length += 1
        yield step, symbol, length
