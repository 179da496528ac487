"""What a prompt says of its sections, and what of the whole piece."""

import re
from dataclasses import dataclass, replace

from lyria_sandbox.composer.parse.lyrics import line_syllables, words_of
from lyria_sandbox.composer.parse.marks import Mark, find_form, find_marks
from lyria_sandbox.composer.parse.orchestration import (
    instruments_in,
    read_alone,
    read_instruments,
    read_negations,
)
from lyria_sandbox.composer.parse.reader import Reader, plain
from lyria_sandbox.composer.parse.style import read_genres
from lyria_sandbox.composer.parse.tempo import read_tempo_number
from lyria_sandbox.composer.parse.tonality import read_key, read_lift
from lyria_sandbox.composer.parse.wishes import SectionWish
from lyria_sandbox.composer.tables.sections import LOUDER, QUIETER, section_kind

_LABEL = re.compile(
    r"^\s*(?:genres?|moods?|tempo|styles?|key|instrument\w*|instrumentation|bpm|vocals?|voice|length"
    r"|duration|time signature|meter|language|production|era)\s*:",
    re.IGNORECASE,
)
_LYRICS_LABEL = re.compile(r"^\s*lyrics\s*:\s*", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]{4,})"')
_PLAYING = r"\b(?:enters?|joins?|plays?|comes? in|starts?|ends?|begins?|drops? out|takes? over)\b"
_GROWING = r"\bbuild\w*|\bcrescendo\b|\brising\b|\bgrow(?:s|ing)?\b"


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


def read_structure(prompt: str) -> Structure:
    """Split a prompt into the description of the whole and its sections."""
    prompt = plain(prompt)
    marks = find_marks(prompt)
    if not marks:
        return _without_marks(prompt)
    body = [prompt[: marks[0].start]]
    sections: list[SectionWish] = []
    unknown: list[str] = []
    for index, mark in enumerate(marks):
        end = marks[index + 1].start if index + 1 < len(marks) else len(prompt)
        first, *others = prompt[mark.end : end].splitlines() or [""]
        about_all = [line for line in others if _is_about_the_whole(line)]
        own = [line.strip() for line in others if line.strip() and line not in about_all]
        section, left = _section(mark, first.strip(), own, _kind_by_place(index, len(marks)))
        body += about_all
        sections.append(section)
        unknown.append(left)
    return Structure(_LYRICS_LABEL.sub("", "\n".join(body)), tuple(sections), " ".join(unknown))


def _without_marks(prompt: str) -> Structure:
    form = find_form(prompt)
    if form is None:
        return Structure(prompt, (), "")
    kinds, (start, end) = form
    sections = tuple(SectionWish(kind=kind, ramp=kind == "build") for kind in kinds)
    return Structure(prompt[:start] + "\n" + prompt[end:], sections, "")


def _is_about_the_whole(line: str) -> bool:
    """Tell a description of the piece from lyrics: it has a label, a tempo, a key or a genre."""
    if _LABEL.match(line):
        return True
    if re.fullmatch(r"\s*[(*\[].*[)*\]]\s*", line):
        return False
    reader = Reader(line)
    if read_tempo_number(reader) is not None or read_key(reader).tonic is not None:
        return True
    if reader.find(r"\binstrumental only\b|\bno vocals\b"):
        return True
    listed = "," in line and len(read_instruments(reader)) > 1
    return read_genres(reader)[0] is not None and ("," in line or len(words_of(line)) < 4 or listed)


def _section(mark: Mark, first: str, lines: list[str], kind: str) -> tuple[SectionWish, str]:
    """Build the wish of one section, and return what was not understood in its description."""
    described = [re.sub(r"\b\d+\b(?!\s*bpm)", " ", mark.title, flags=re.IGNORECASE)]
    lyrics: list[str] = []
    for line in [first] if first else []:
        # Beside a timestamp stands a description; beside a tag may stand the first line.
        sung = mark.start_s is None and len(words_of(line)) > 3 and not _is_direction(line)
        (lyrics if sung and not instruments_in(line.lower()) else described).append(line)
    for line in lines:
        (described if _is_direction(line) else lyrics).append(line)
    if not any(_may_be_sung(line) for line in lyrics):
        described, lyrics = described + lyrics, []
    text = " ".join(described)
    lyrics = [*_QUOTED.findall(text), *lyrics]
    description = Reader(_QUOTED.sub(" ", text))
    named = section_kind(mark.title.lower()) or section_kind(description.text) or kind
    wish = _described(named, description, tuple(line.strip('()*" ') for line in lyrics))
    return replace(wish, start_s=mark.start_s, end_s=mark.end_s), description.unknown()


def _may_be_sung(line: str) -> bool:
    # Some scripts set no spaces between words.
    return len(words_of(line)) > 2 or (not line.isascii() and line_syllables(line) > 4)


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
    description.find(rf"\b{kind}\b(?:\s*\d+)?\s*:?")
    excluded = [i for phrase in read_negations(description) for i in instruments_in(phrase)]
    alone = read_alone(description) or bool(description.find(r"\bsolo\b") and kind != "solo")
    alone = bool(description.find(r"\balone\b")) or alone
    quieter, louder = list(description.find_all(QUIETER)), list(description.find_all(LOUDER))
    growing = description.find(_GROWING)
    list(description.find_all(_PLAYING))
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
