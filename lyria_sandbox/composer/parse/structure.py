"""Section tags, timestamps and lyrics."""

import re
from dataclasses import dataclass

from lyria_sandbox.composer.parse.lyrics import words_of
from lyria_sandbox.composer.parse.orchestration import (
    instruments_in,
    read_alone,
    read_instruments,
    read_negations,
)
from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.parse.tempo import read_tempo_number
from lyria_sandbox.composer.parse.tonality import read_key, read_lift
from lyria_sandbox.composer.parse.wishes import SectionWish
from lyria_sandbox.composer.tables.sections import LOUDER, QUIETER, section_kind

_CLOCK = r"\d{1,2}:\d\d(?:\.\d+)?"
_MARK = re.compile(
    rf"\[\s*(?P<from>{_CLOCK})\s*(?:(?:-+|to|until)\s*(?P<to>{_CLOCK}))?\s*(?P<rest>[^\]\n]*)\]"
    rf"|^[ \t]*\(?(?P<from2>{_CLOCK})\s*(?:-+|to)\s*(?P<to2>{_CLOCK})\)?\s*:?"
    r"|\[(?P<tag>[^\]\n]{1,80})\]",
    re.MULTILINE,
)
_LABEL = re.compile(
    r"^\s*(?:genres?|moods?|tempo|styles?|key|instrument\w*|instrumentation|bpm|vocals?|voice|length"
    r"|duration|time signature|meter|language|production|era)\s*:",
    re.IGNORECASE,
)
_LYRICS_LABEL = re.compile(r"^\s*lyrics\s*:?\s*$|^\s*lyrics\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Structure:
    """A prompt taken apart.

    Attributes:
        body: What describes the whole piece.
        sections: What is said of its parts.
        unknown: Words in the descriptions of sections that were not understood.
    """

    body: str
    sections: tuple[SectionWish, ...]
    unknown: str


def seconds(clock: str) -> float:
    """Convert "1:05" to seconds."""
    minutes, rest = clock.split(":")
    return int(minutes) * 60 + float(rest)


def read_structure(prompt: str) -> Structure:
    """Split a prompt into the description of the whole and its sections."""
    marks = [mark for mark in _MARK.finditer(prompt) if _names_a_section(mark)]
    if not marks:
        return Structure(_without_lyrics_label(prompt), (), "")
    body = [prompt[: marks[0].start()]]
    sections: list[SectionWish] = []
    unknown: list[str] = []
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(prompt)
        text = prompt[mark.end() : end]
        lines = text.splitlines()
        body += [line for line in lines if _LABEL.match(line)]
        lines = [line.strip() for line in lines if line.strip() and not _LABEL.match(line)]
        section, left = _section(mark, lines, index, len(marks))
        sections.append(section)
        unknown.append(left)
    return Structure(_without_lyrics_label("\n".join(body)), tuple(sections), " ".join(unknown))


def _without_lyrics_label(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not _LYRICS_LABEL.match(line))


def _names_a_section(mark: re.Match[str]) -> bool:
    return mark["tag"] is None or section_kind(mark["tag"].lower()) is not None


def _section(
    mark: re.Match[str], lines: list[str], index: int, count: int
) -> tuple[SectionWish, str]:
    """Build the wish of one section, and return what was not understood in its description."""
    start, end = mark["from"] or mark["from2"], mark["to"] or mark["to2"]
    lyrics: list[str] = []
    if start is None:
        tag = mark["tag"].lower()
        kind = section_kind(tag) or "verse"
        described = [re.sub(r"\b\d+\b", " ", tag)]
        for line in lines:
            (described if _is_direction(line) else lyrics).append(line)
        if not any(len(words_of(line)) > 2 for line in lyrics):
            described, lyrics = described + lyrics, []
    else:
        text = " ".join([mark["rest"] or "", *lines])
        lyrics = re.findall(r'"([^"]{4,})"', text)
        described = [re.sub(r'"[^"]{4,}"', " ", text)]
        kind = section_kind(text.lower()) or _kind_by_place(index, count)
    description = Reader(" ".join(described))
    section = _described(kind, description, tuple(line.strip("()* ") for line in lyrics))
    placed = SectionWish(
        **{
            **vars(section),
            "start_s": seconds(start) if start else None,
            "end_s": seconds(end) if end else None,
        }
    )
    return placed, description.unknown()


def _is_direction(line: str) -> bool:
    """Tell a stage direction "(soft piano enters)" from backing vocals "(ooh, we are free)"."""
    if not re.fullmatch(r"[(*\[].*[)*\]]", line):
        return False
    lower = line.lower()
    return bool(
        instruments_in(lower)
        or re.search(QUIETER, lower)
        or re.search(LOUDER, lower)
        or re.search(r"\b(key change|bpm|tempo|build)\b", lower)
    )


def _kind_by_place(index: int, count: int) -> str:
    if index == 0:
        return "intro"
    if index == count - 1 and count > 2:
        return "outro"
    return "verse" if index % 2 else "chorus"


def _described(kind: str, description: Reader, lyrics: tuple[str, ...]) -> SectionWish:
    for word in (
        r"\b" + kind + r"\b",
        r"\b(?:enters?|joins?|plays?|comes? in|starts?|ends?|begins?)\b",
    ):
        description.find(word)
    excluded = [i for phrase in read_negations(description) for i in instruments_in(phrase)]
    alone = read_alone(description) or bool(description.find(r"\bsolo\b") and kind != "solo")
    quieter, louder = description.find(QUIETER), description.find(LOUDER)
    growing = description.find(r"\bbuild\w*|\bcrescendo\b|\brising\b|\bgrow(?:s|ing)?\b")
    return SectionWish(
        kind=kind,
        lyrics=lyrics,
        intensity=(-0.25 if quieter else 0.0) + (0.25 if louder else 0.0),
        instruments=read_instruments(description),
        excluded=tuple(excluded),
        alone=alone,
        ramp=kind == "build" or growing is not None,
        tempo_bpm=read_tempo_number(description),
        key=read_key(description),
        lift=read_lift(description),
    )
