"""Instruments that are to play in some of the sections only: "cello, but only in the chorus"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lyria_sandbox.composer.parse.instruments import instruments_in
from lyria_sandbox.composer.parse.parsed_prompt import ParsedSection, Placement
from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.tables.sections import section_kind

_SHORT = r"(?:(?!first|third|last|final)[^\W\d_]{1,5} ){0,3}"
"""Articles and prepositions, in any language."""

_NAME = r"(?P<name>[^\W\d_][\w' -]{1,40}?)"
_ORDINALS: Mapping[str, int] = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "last": -1,
    "final": -1,
}
BEGINNING, END = "beginning", "end"
"""Kinds that stand for the first section and the last."""

_KIND = (
    rf"{_SHORT}(?:(?P<place>{'|'.join(_ORDINALS)}) )?(?P<kind>intro|verse|pre-?chorus|chorus|hook"
    r"|refrain|drop|build(?:-?up)?|bridge|breakdown|solo|outro|ending"
    rf"|{BEGINNING}|{END})(?:e?s)?\b"
)
_BUT = r"(?:(?:but|and|aber|mais|pero|mas|но) )?"
_ENTER = r"(?:enters?|comes? in|joins?(?: in)?|kicks? in|drops? in|starts?|begins?|arrives?)"
_LEAVE = r"(?:stops?|drops? out|leaves?|disappears?|goes? away|cuts? out|fades? out)"
_REMOVE = r"(?:take|drop|remove|cut|lose|pull|mute|strip)(?:s|ping|ing)?(?: out)?(?: the)?"
_IN = r"(?:in|at|on|with|from|for|during|through)"
_PATTERNS = (
    (rf"\b(?:no|without)(?: any| the)? {_NAME} (?:until|till|before) {_KIND}", "from"),
    (rf"\b{_REMOVE} {_NAME}(?: out)? after {_KIND}", "through"),
    (rf"\b{_REMOVE} {_NAME}(?: out)? {_IN} {_KIND}", "except"),
    (rf"\b(?:no|without)(?: any| the)? {_NAME} {_IN} {_KIND}", "except"),
    (rf"\b{_IN} {_KIND},? (?:no|without)(?: any| the)? {_NAME}(?=[,.;\n]|$)", "except"),
    (rf"\b{_NAME},? (?:everywhere |throughout |always )?(?:except|but not) {_KIND}", "except"),
    (rf"\b{_NAME}\s*,?\s*{_BUT}\b(?:only|just|exclusively|solely) {_KIND}", "only"),
    (rf"\b{_NAME} (?:\w{{1,3}} )?{_KIND} only\b", "only"),
    (rf"\b{_NAME} (?:that )?(?:only )?{_ENTER}(?: only)? {_IN} {_KIND}", "from"),
    (rf"\b{_NAME} {_LEAVE} after {_KIND}", "through"),
    (rf"\b{_NAME} {_LEAVE} {_IN} {_KIND}", "except"),
)
_ALIKE = ({"chorus", "hook", "refrain", "drop"}, {"breakdown", "bridge"})
"""Kinds that stand for each other where a form has only one of them."""


def read_placements(reader: Reader) -> tuple[Placement, ...]:
    """Read where instruments are to play; their names stay in the text."""
    found: list[Placement] = []
    for pattern, when in _PATTERNS:
        # Where a word was translated into nothing, two spaces are left.
        for match in list(re.finditer(pattern.replace(" ", " +"), reader.text)):
            named = instruments_in(match["name"])
            kind = match["kind"]
            kind = kind if kind in (BEGINNING, END) else section_kind(kind)
            if not named or kind is None or not reader.text[match.start() : match.end()].strip():
                continue
            place = None if match["place"] is None else _ORDINALS[match["place"]]
            found.append(Placement(named[-1], kind, place, when))
            reader.withdraw(match.start(), match.start("name"))
            reader.withdraw(match.end("name"), match.end())
    return tuple(found)


def placed(
    sections: Sequence[ParsedSection], placements: Sequence[Placement], *, named: bool
) -> list[ParsedSection]:
    """Leave instruments out of the sections in which they are not to play.

    Args:
        sections: The form of the piece.
        placements: Where instruments are to play.
        named: Whether the prompt names the sections itself; otherwise they are made to fit.
    """
    formed = list(sections)
    for placement in placements:
        if not named and not _tells(formed, placement):
            formed = _formed(formed, placement)
    for placement in placements:
        places = list(_places(formed, placement))
        for index, section in enumerate(formed if places else ()):
            if not _plays(index, places, placement.when):
                excluded = (*section.excluded, placement.instrument)
                formed[index] = replace(section, excluded=excluded)
    return formed


def _tells(sections: Sequence[ParsedSection], placement: Placement) -> bool:
    """Return whether a form has both sections in which an instrument plays and others."""
    places = list(_places(sections, placement))
    plays = {_plays(index, places, placement.when) for index in range(len(sections)) if places}
    return plays == {True, False}


def _places(sections: Sequence[ParsedSection], placement: Placement) -> Iterator[int]:
    if placement.kind in (BEGINNING, END):
        yield 0 if placement.kind == BEGINNING else len(sections) - 1
        return
    kinds = {section.kind for section in sections}
    wanted = {placement.kind}
    if placement.kind not in kinds:
        wanted = next((alike for alike in _ALIKE if placement.kind in alike), wanted)
    found = [index for index, section in enumerate(sections) if section.kind in wanted]
    if placement.place is None:
        yield from found
    elif -len(found) <= placement.place < len(found):
        yield found[placement.place]


def _plays(index: int, places: Sequence[int], when: str) -> bool:
    return {
        "only": index in places,
        "except": index not in places,
        "from": index >= places[0],
        "through": index <= places[0],
    }[when]


def _formed(sections: Sequence[ParsedSection], placement: Placement) -> list[ParsedSection]:
    """Make the shortest form in which an instrument can be placed."""
    if placement.kind in (BEGINNING, END):
        return [sections[0], *sections]
    other = "chorus" if placement.kind == "verse" else "verse"
    pair = [placement.kind, other] if placement.when == "through" else [other, placement.kind]
    count = max(1, (placement.place or 0) + 1)
    return [replace(sections[0], kind=kind, ramp=kind == "build") for kind in pair * count]
