"""How the strength of a piece moves: rises, falls, and sections that outdo others."""

import re

from lyria_sandbox.composer.parse.reader import Reader

_STRENGTH = (
    r"(?:intensity|tension|pressure|energy|anticipation|power|volume|layers?|momentum|suspense)"
)
_PEAK = (
    r"(?:climax\w*|crescendo\w*|peak\w*|finale|explosion|wall of sound|eruption"
    r"|apotheosis|tutti|full (?:band|orchestra)"
    r"|grand\w*|huge|massive|powerful|anthem\w*|triumph\w*|epic\b|everything)"
)
_SMALL = r"(?:quiet|soft|calm|gentle|small|minimal|sparse|intimate|simple)"
_BIG = r"(?:big|massive|huge|loud|epic|grand|powerful|explosive|full)"
_START = r"(?:start|beginning|opening|intro)"
_END = r"(?:end|ending|finish|finale|climax|outro)"
_RISING = (
    rf"\b(?:build\w*|gr[eo]ws?|growing|ris(?:es|ing)|swell(?:s|ing)?|climb\w*|escalat\w*|ramp\w*|surg\w*|evolv\w*"
    rf"|develop\w*|leads?|leading)\b(?: up)?(?:[\w' ,-]{{0,40}}?)\b(?:in(?:to|tensity)?"
    rf"|to(?:wards?)?|through|until)\b"
    rf"[\w' -]{{0,30}}?{_PEAK}",
    rf"\b(?:build\w*|gr[eo]ws?|growing|ris(?:es|ing)|increas\w*|gather\w*"
    rf"|escalat\w*)\b(?: up)?(?: in)?(?: the)? {_STRENGTH}",
    r"\bbuilds? (?:up )?(?:gradually|slowly|steadily|through|over time|and builds?)\b",
    r"\b(?:gradual(?:ly)?|slow(?:ly)?|steady|steadily) (?:build\w*|swell\w*|rising"
    r"|increas\w*|intensif\w*|growing|grows)\b",
    r"\bcrescendo\w*|\bclimax(?:es)?\b|\bbig finish\b|\bintensif(?:y|ies|ying)\b|\bslow[- ]burn\b",
    rf"\b{_SMALL}\w* {_START}\b[\w' ,;>-]{{0,40}}\b{_BIG}\w* {_END}\b",
    r"\b(?:gets?|getting|becomes?|grows?) (?:ever |increasingly )?(?:louder|bigger"
    r"|stronger|more intense|fuller)\b",
    r"\b(?:starts?|begins?|beginning|opens?)\b[\w' ,-]{0,30}\b(?:quiet\w*|soft\w*"
    r"|slow\w*|small|gentl[ey]|calm\w*|minimal\w*|sparse\w*)"
    rf"\b[\w' ,-]{{0,60}}\b(?:ends?|ending|finish\w*|builds?|grows?|gets?|becomes?|turns?|to"
    rf"|into)\b[\w' -]{{0,30}}?(?:{_PEAK}|big|loud)",
)
_FALLING = (
    rf"\b{_BIG}\w* {_START}\b[\w' ,;>-]{{0,40}}\b{_SMALL}\w* {_END}\b",
    r"\b(?:de|di)crescendo\b|\bdiminuendo\b|\bwinds? down\b",
    r"\b(?:gets?|getting|becomes?|grows?) (?:ever )?(?:quieter|softer|calmer|sparser)\b",
    r"\b(?:gradual(?:ly)?|slow(?:ly)?) (?:fad(?:es|ing)|dissolv\w*|quietens?"
    r"|calms? down|thins? out)\b",
    r"\b(?:starts?|begins?) (?:big|loud|huge|full)\b[\w' ,-]{0,40}\b(?:ends?|ending"
    r"|finish\w*) (?:quiet|soft)\w*",
)
_THEN = r"[\w' ,;-]{0,40}\b"
_SOFT = r"(?:quiet\w*|soft\w*|gentl[ey]|calm\w*|small|minimal\w*|sparse\w*|silen\w+)"
_STRONG = rf"(?:{_PEAK}|big\w*|loud\w*|full\w*|intens\w*|strong\w*)"
_OPENS = r"\b(?:starts?|starting|begins?|beginning|opens?|opening|from)\b"
_AGAIN = r"\b(?:then|and|before|back|ends?|ending|to|finally|again)\b"
_SWELLING = (
    rf"{_OPENS}{_THEN}{_SOFT}{_THEN}{_STRONG}{_THEN}{_AGAIN}{_THEN}{_SOFT}",
    rf"\b{_SOFT}\s*(?:,|-|then|to|->)+\s*{_STRONG}\s*(?:,|-|then|to|->)+\s*{_SOFT}\b",
    r"\b(?:swells?|rises?|builds?|grows?|crescendos?)(?: up)? (?:and|then|before it)(?: then)?"
    r" (?:falls?|fades?|ebbs?|recedes?|calms?|dies|subsides?|shrinks?)\b",
    r"\b(?:rise and fall|ebb and flow|ebbs? and flows?|swell and fade)\b",
)
_LOUD_THROUGHOUT = (
    rf"\b{_STRONG}(?: as possible)? (?:right )?(?:from|since|at) (?:the )?(?:very |absolute )?"
    r"(?:first|start|beginning|get-?go|outset|one\b)",
    r"\b(?:full (?:blast|throttle|power|volume|force|intensity)|all[- ]out|maximum energy)\b"
    r"(?! (?:at|in|by|during|for) the (?:end|chorus|drop|climax))",
    r"\b(?:loud|intense|full[- ]on|relentless(?:ly)?|maxed out)(?: \w+)? "
    r"(?:throughout|all the way(?: through)?|from start to finish|the whole (?:time|way))\b",
    r"\bas loud as (?:possible|you can|it gets)\b(?! (?:at|in|by|during|for) the)",
)
_BIGGER = re.compile(
    r"\b(?P<which>second|2nd|third|3rd|last|final)\s+(?P<kind>drop|chorus|refrain|hook|verse|build(?:-?up)?)s?\b"
    r"[\w', ]{0,20}?\b(?:bigger|louder|harder|heavier|huge|massive|stronger|fuller"
    r"|more (?:intense|powerful|energy))\b"
    r"|\b(?:bigger|louder|harder|heavier|huge|massive|stronger|fuller|more (?:intense|powerful))\s+"
    r"(?P<which2>second|2nd|third|3rd|last|final)\s+(?P<kind2>drop|chorus|refrain|hook|verse)s?\b"
)
_PLACES = {"second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1, "final": -1}


def read_dynamics(reader: Reader) -> str:
    """Return how the strength of the whole piece moves.

    Returns:
        "rising", "falling", "swelling" (it rises and falls again), "loud" (from beginning to end),
        or "" if the prompt gives none.
    """
    # The longest comes first, then what contains the words of its opposite: "decrescendo".
    for words, dynamics in (
        (_SWELLING, "swelling"),
        (_LOUD_THROUGHOUT, "loud"),
        (_FALLING, "falling"),
        (_RISING, "rising"),
    ):
        found = [reader.find(pattern) for pattern in words]
        if any(found):
            return dynamics
    return ""


def read_emphasis(reader: Reader) -> tuple[tuple[str, int], ...]:
    """Read the sections that are to outdo others of their kind: "second drop bigger".

    Returns:
        Kinds of section with their place among those of their kind; -1 is the last.
    """
    found: list[tuple[str, int]] = []
    for match in _BIGGER.finditer(reader.text):
        reader.mark(*match.span())
        kind = (match["kind"] or match["kind2"]).removesuffix("up").rstrip("-")
        found.append((kind, _PLACES[match["which"] or match["which2"]]))
    return tuple(found)
