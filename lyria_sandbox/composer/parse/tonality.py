"""Keys and modes."""

from lyria_sandbox.composer.parse.parsed_prompt import ParsedKey
from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.tables.scales import NATURALS

_MODES = (
    r"(major|minor|maj|min|dorian|lydian|phrygian|mixolydian|aeolian|ionian|locrian"
    r"|harmonic minor|natural minor|melodic minor)"
)
_ALIASES = {
    "maj": "major",
    "min": "minor",
    "aeolian": "minor",
    "ionian": "major",
    "locrian": "phrygian",
    "harmonic minor": "minor",
    "natural minor": "minor",
    "melodic minor": "minor",
}
_FULL = rf"\b([a-g])[\s-]?(#|b(?![a-z])|sharp|flat)?[\s-]?{_MODES}\b(?: (?:key|scale))?"
_END = r"(?=\s*(?:[,.;)\n]|$|(?:and|with|at|instrumental)\b))"
_SYMBOL = rf"(?:\b(?:in|key(?: of)?:?|Key(?: of)?:?)\s+)([A-G])([#b]?)(m?){_END}"
_BARE_MINOR = r"(?<![A-Za-z])([A-G])([#b]?)m(?=\s*(?:[,.;)\n]|$))"
_MODE_ALONE = rf"\b{_MODES}(?: key| scale| mode)?\b"


def _pitch_class(letter: str, accidental: str | None) -> int:
    shift = {"#": 1, "sharp": 1, "b": -1, "flat": -1}.get(accidental or "", 0)
    return (NATURALS[letter.lower()] + shift) % 12


def read_key(reader: Reader) -> ParsedKey:
    """Read a key such as "Bb major", "F-sharp minor", "in A", "C#m", or a mode alone."""
    match = reader.find(_FULL)
    if match:
        mode = match[3]
        return ParsedKey(_pitch_class(match[1], match[2]), _ALIASES.get(mode, mode))
    mode_alone = reader.find(_MODE_ALONE)
    mode = _ALIASES.get(mode_alone[1], mode_alone[1]) if mode_alone else None
    match = reader.find_in_original(_SYMBOL)
    if match:
        return ParsedKey(_pitch_class(match[1], match[2]), "minor" if match[3] else mode)
    match = reader.find_in_original(_BARE_MINOR)
    if match:
        return ParsedKey(_pitch_class(match[1], match[2]), "minor")
    return ParsedKey(None, mode)


_TOWARDS = (
    r"(?:\b(?:ends?|ending|finish\w*|clos\w+|resolv\w+|modulat\w+|chang\w+|mov\w+|shift\w*|switch\w*"
    r"|turn\w*|then|to|into)\b|[-=]>|→)(?:\s+(?:in|to|into|on|up|the|key|of|back|with|around))*\s+"
)
_TURN = (
    rf"{_FULL}[^.\n]{{0,60}}?{_TOWARDS}\b([a-g])[\s-]?(#|b(?![a-z])|sharp|flat)?[\s-]?{_MODES}\b"
)


def read_last_key(reader: Reader) -> ParsedKey:
    """Read the key at the end, as in "start in A minor, end in C major"; without one, nothing."""
    match = reader.find(_TURN)
    if match is None:
        return ParsedKey()
    reader.find(r"\b(?:start|begin)(?:s|ning|ing)?(?= (?:in|on|with) )")
    return ParsedKey(_pitch_class(match[4], match[5]), _ALIASES.get(match[6], match[6]))


_UP = r"\b(?:up|raise[sd]?|lift(?:s|ed)?)(?: (?:by|a|one|the key(?: by)?))*"
_DOWN = r"\b(?:down|lower(?:ed|s)?)(?: (?:by|a|one|the key(?: by)?))*"
_LIFT = (
    (rf"{_UP} (?:whole[- ](?:step|tone)|full step)\b", 2),
    (rf"{_UP} (?:half[- ]step|semitone|half tone)\b", 1),
    (rf"{_DOWN} (?:half[- ]step|semitone|half tone)\b", -1),
    (rf"{_DOWN} (?:whole[- ]step|step|tone)\b", -2),
    (r"\bkey change\b|\bmodulat\w+\b|\bup a (?:key|step|tone)\b", 2),
)


def read_lift(reader: Reader) -> int:
    """Read a change of key relative to what came before, in semitones; 0 when there is none."""
    found = [semitones for pattern, semitones in _LIFT if reader.find(pattern)]
    return found[0] if found else 0
