"""What a prompt says of its sections, and what of the whole piece."""

import re
from dataclasses import dataclass, replace

from lyria_sandbox.composer.parse.dynamics import read_dynamics
from lyria_sandbox.composer.parse.instruments import instruments_in, read_instruments
from lyria_sandbox.composer.parse.lexicon import Lexicon
from lyria_sandbox.composer.parse.lyrics import line_syllables, words_of
from lyria_sandbox.composer.parse.marks import Mark, find_form, find_marks, kind_of
from lyria_sandbox.composer.parse.orchestration import read_alone
from lyria_sandbox.composer.parse.parsed_prompt import ParsedSection
from lyria_sandbox.composer.parse.reader import Reader, plain
from lyria_sandbox.composer.parse.scopes import read_scopes
from lyria_sandbox.composer.parse.style import read_genres, read_moods
from lyria_sandbox.composer.parse.sung import kinds_of, label, split_lyrics
from lyria_sandbox.composer.parse.tempo import read_tempo_number
from lyria_sandbox.composer.parse.tonality import read_key, read_lift
from lyria_sandbox.composer.parse.translate import translate
from lyria_sandbox.composer.tables.sections import LOUDER, QUIETER

_LABEL = re.compile(
    r"^\s*\**(?:genres?(?: and style)?|moods?|tempo|styles?|key|instrument\w*"
    r"|instrumentation|bpm|vocals?|voice"
    r"|length|duration|time signature|meter|language|production|era|structure|texture)\**\s*:",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"([^"]{4,})"')
_PLAYING = r"\b(?:enters?|joins?|plays?|comes? in|starts?|ends?|begins?|drops? out|takes? over)\b"
_GROWING = r"\bbuild\w*|\bcrescendo\b|\brising\b|\bgrow(?:s|ing)?\b"
_ENDING = r"\b(?:end(?:s|ing)?|fad(?:e|es|ing)|clos(?:es|ing)|finish\w*|last note|dies? away)\b"


@dataclass(frozen=True)
class Structure:
    """A prompt taken apart.

    Attributes:
        body: What describes the whole piece.
        sections: What is said of its parts.
        unknown: Words in the descriptions of sections that were not understood.
        described: The descriptions of the sections.
    """

    body: str
    sections: tuple[ParsedSection, ...]
    unknown: str
    described: str = ""


def read_structure(prompt: str, languages: tuple[Lexicon, ...] = ()) -> Structure:
    """Split a prompt into the description of the whole and its sections."""
    prompt = plain(prompt)
    marks = find_marks(prompt)
    if not marks:
        return _without_marks(prompt)
    body = [prompt[: marks[0].start]]
    # What comes before the first time is a section of its own.
    late = bool(marks[0].start_s)
    sections = [ParsedSection("intro", start_s=0.0)] if late else []
    unknown: list[str] = []
    described: list[str] = []
    for index, mark in enumerate(marks):
        end = marks[index + 1].start if index + 1 < len(marks) else len(prompt)
        first, *others = prompt[mark.end : end].splitlines() or [""]
        if mark.start_s is not None and not mark.title:
            first, rest = _about_this(first, languages)
            body.append(rest)
        about_all = [line for line in others if _is_about_the_whole(line, languages)]
        own = [line.strip() for line in others if line.strip() and line not in about_all]
        kind = _kind_by_place(index + late, len(marks) + late)
        section, description = _section(mark, first.strip(" \t,;|-"), own, kind, languages)
        body += about_all
        sections.append(section)
        unknown.append(description.unknown())
        described.append(description.original)
    return Structure(
        label().sub("", "\n".join(body)), tuple(sections), " ".join(unknown), "\n".join(described)
    )


def _without_marks(prompt: str) -> Structure:
    prompt, stanzas = split_lyrics(prompt, _LABEL)
    form = find_form(prompt)
    if stanzas:
        kinds = kinds_of(stanzas)
        sung = [ParsedSection(k, lyrics=tuple(s)) for k, s in zip(kinds, stanzas, strict=True)]
        return Structure(prompt, (ParsedSection("intro"), *sung), "")
    if form is None:
        return Structure(prompt, (), "")
    kinds, (start, end) = form
    sections = tuple(ParsedSection(kind=kind, ramp=kind == "build") for kind in kinds)
    return Structure(prompt[:start] + "\n" + prompt[end:], sections, "")


def _about_this(line: str, languages: tuple[Lexicon, ...]) -> tuple[str, str]:
    """Split what stands beside a time into what is said of its section and of the whole piece."""
    sentences = re.split(r"(?<=[.;])\s+", line)
    whole = [s for s in sentences[1:] if _is_about_the_whole(s, languages)]
    return " ".join(s for s in sentences if s not in whole), " ".join(whole)


def _is_about_the_whole(line: str, languages: tuple[Lexicon, ...]) -> bool:
    """Tell a description of the piece from lyrics: it has a label, a tempo, a key or a genre."""
    line = translate(line, languages)
    if _LABEL.match(line):
        return True
    if re.fullmatch(r"\s*[(*\[].*[)*\]]\s*", line):
        return False
    reader = Reader(line)
    if read_tempo_number(reader) is not None or read_key(reader).tonic is not None:
        return True
    if reader.find(r"\binstrumental only\b|\bno vocals\b"):
        return True
    parts = [part for part in line.split(",") if part.strip()]
    if len(parts) < 2:
        return read_genres(reader)[0] is not None and len(words_of(line)) < 4
    # A list of what is wanted: every part short, and most of them understood.
    known = [part for part in parts if len(words_of(part)) < 5 and _says_something(part)]
    return len(known) > len(parts) / 2 and len(known) > 1


def _says_something(part: str) -> bool:
    reader = Reader(part)
    return bool(read_genres(reader)[0] or read_moods(reader, "$^") or read_instruments(reader))


def _section(
    mark: Mark, first: str, lines: list[str], kind: str, languages: tuple[Lexicon, ...]
) -> tuple[ParsedSection, Reader]:
    """Build one section, and return its description."""
    described = [re.sub(r"\b\d+\b(?!\s*bpm)", " ", mark.title, flags=re.IGNORECASE)]
    lyrics: list[str] = []
    for line in [first] if first else []:
        # Beside a timestamp stands a description; beside a tag may stand the first line.
        sung = (
            mark.start_s is None and len(words_of(line)) > 3 and not _is_direction(line, languages)
        )
        (lyrics if sung and not instruments_in(line.lower()) else described).append(line)
    for line in lines:
        (described if _is_direction(line, languages) else lyrics).append(line)
    if not any(_may_be_sung(line, mark, languages) for line in lyrics):
        described, lyrics = described + lyrics, []
    text = " ".join(described)
    lyrics = [*_QUOTED.findall(text), *lyrics]
    description = Reader(translate(_QUOTED.sub(" ", text), languages))
    named = kind_of(mark.title) or kind_of(description.text) or _kind_by_words(description, kind)
    section = _described(named, description, tuple(line.strip('()*" ') for line in lyrics))
    return replace(section, start_s=mark.start_s, end_s=mark.end_s), description


def _may_be_sung(line: str, mark: Mark, languages: tuple[Lexicon, ...]) -> bool:
    # Some scripts set no spaces between words.
    if len(words_of(line)) > 2 or (not line.isascii() and line_syllables(line) > 4):
        return True
    english = translate(line, languages).lower()
    described = _says_something(english) or re.search(f"{QUIETER}|{LOUDER}|{_PLAYING}", english)
    return mark.start_s is None and bool(words_of(line)) and not described


def _is_direction(line: str, languages: tuple[Lexicon, ...]) -> bool:
    """Tell a stage direction "(soft piano enters)" from backing vocals "(ooh, we are free)"."""
    if not re.fullmatch(r"[(*\[].*[)*\]]", line):
        return False
    lower = translate(line, languages).lower()
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


def _kind_by_words(description: Reader, kind: str) -> str:
    """Choose the kind of a section without a name by what is said of it, else by its place."""
    if re.search(_ENDING, description.text):
        return "outro" if kind == "outro" else kind
    if kind != "intro" and re.search(LOUDER, description.text):
        return "chorus"
    return kind


def _described(kind: str, description: Reader, lyrics: tuple[str, ...]) -> ParsedSection:
    description.find(rf"\b{kind}\b(?:\s*\d+)?\s*:?")
    scopes = read_scopes(description)
    alone = read_alone(description) or bool(description.find(r"\bsolo\b") and kind != "solo")
    alone = bool(description.find(r"\balone\b")) or alone
    quieter, louder = list(description.find_all(QUIETER)), list(description.find_all(LOUDER))
    growing = bool(description.find(_GROWING)) or read_dynamics(description) == "rising"
    list(description.find_all(_PLAYING))
    return ParsedSection(
        kind=kind,
        lyrics=lyrics,
        intensity=(-0.25 if quieter else 0.0) + (0.25 if louder else 0.0),
        instruments=read_instruments(description),
        excluded=tuple(scopes.instruments),
        alone=alone,
        ramp=kind == "build" or growing,
        tempo_bpm=read_tempo_number(description),
        key=read_key(description),
        lift=read_lift(description),
    )
