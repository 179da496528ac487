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
_STRAIGHT = ("4/4", "5/4", "7/8")
_STRAIGHT_STEPS, _COMPOUND_STEPS = 16, 12
_BROKEN = {"3/4": "0-1-2-3-2-1-", "6/8": "0-1-2-3-2-1-"}


def in_meter(pattern: str, meter: Meter) -> str:
    """Bring a pattern of a simple meter into the one that grows out of it.

    Five quarters are four with the first beat again before the last (3 + 2), seven eighths are four
    quarters without the last eighth (2 + 2 + 3), and 12/8 is 6/8 twice.
    """
    if meter.name == "12/8" and len(pattern) == _COMPOUND_STEPS:
        return pattern * 2
    if len(pattern) % _STRAIGHT_STEPS or meter.name not in ("5/4", "7/8"):
        return pattern
    halves = [pattern[i : i + _STRAIGHT_STEPS] for i in range(0, len(pattern), _STRAIGHT_STEPS)]
    if meter.name == "5/4":
        return "".join(half[:12] + half[:4] + half[12:] for half in halves)
    return "".join(half[:14] for half in halves)


def fit(pattern: str, bar: Bar, meter: Meter) -> str:
    """Bring a pattern to the length of a bar.

    A pattern of two bars alternates; one that is too short is repeated.

    Args:
        pattern: a sign for each step.
        bar: which bar.
        meter: of the piece.
    """
    whole = meter.steps
    if len(pattern) == 2 * whole:
        half = (bar.number % 2) * whole
        pattern = pattern[half : half + whole]
    elif len(pattern) < whole:
        pattern += "." * (whole - len(pattern))
    return (pattern[:whole] * 3)[: bar.steps]


def drum_pattern(lane: str, pattern: str, meter: Meter) -> str:
    """Return a drum's pattern in the meter.

    Args:
        lane: name of the drum.
        pattern: a sign for each step of 4/4.
        meter: of the piece.
    """
    if meter.name in _STRAIGHT:
        return in_meter(pattern, meter)
    if len(pattern) == 12:
        return in_meter(pattern, meter)
    triple = meter.name == "3/4"
    table = _TRIPLE_DRUMS if triple else _COMPOUND_DRUMS
    return in_meter(table.get(lane, _OTHER_DRUMS["3/4" if triple else "6/8"]), meter)


def bass_pattern(pattern: str, meter: Meter) -> str:
    """Return a bass pattern in the meter."""
    if meter.name in _STRAIGHT:
        return in_meter(pattern if len(pattern) >= 16 else pattern + "....", meter)
    if len(pattern) == 12 and meter.name == "3/4":
        return pattern
    return in_meter(_BASS[_root(meter)], meter)


def chord_pattern(pattern: str, meter: Meter) -> str:
    """Return a chord pattern in the meter."""
    if meter.name in _STRAIGHT:
        if len(pattern) < 16:
            pattern += "2-1-" if any(c.isdigit() for c in pattern) else "X..."
        return in_meter(pattern, meter)
    if len(pattern) == 12 and meter.name == "3/4":
        return pattern
    if any(letter.isdigit() for letter in pattern):
        return in_meter(_BROKEN[_root(meter)], meter)
    return in_meter((_POWER if "P" in pattern else _CHORDS)[_root(meter)], meter)


def _root(meter: Meter) -> str:
    """Return the meter of three beats or of two that a meter is made of."""
    return "3/4" if meter.name == "3/4" else "6/8"


def thinned(pattern: str) -> str:
    """Leave the soft strokes of a chord pattern out; what remains rings longer."""
    if pattern.count("x") < 2 or "X" not in pattern:
        return pattern
    return pattern.replace("x", "-")


def sparse(pattern: str) -> str:
    """Leave every second stroke of a pattern out; what remains rings longer."""
    symbols = list(pattern)
    for step, _, _ in list(events(pattern))[1::2]:
        symbols[step] = "-"
    return "".join(symbols)


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
