"""Finding section tags and timestamps in a prompt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from lyria_sandbox.composer.parse.lexicon import fold, lexicons
from lyria_sandbox.composer.tables.sections import SECTION_WORDS, section_kind

_CLOCK = r"\d{1,2}:[0-5]\d(?:\.\d+)?"
_SECONDS = r"\d{1,3}(?:\.\d+)?\s*(?:s|sec|secs|seconds)\b"
_UNTIL = r"\s*(?:-+>?|to|until|till|bis|a|à|→)\s*"
_SPAN = rf"(?:{_CLOCK})\s*(?:{_UNTIL}(?:{_CLOCK}))?"
_SECOND_SPAN = rf"\d{{1,3}}\s*(?:s|sec)?\s*-+\s*{_SECONDS}|{_SECONDS}"
_STRUCTURE = re.compile(r"\bstructure\s*:\s*(?P<list>[^.\n]+)", re.IGNORECASE)
_LEAST_LOOSE = 2
"""How many times without brackets make timestamps: a single one may be a length."""


@dataclass(frozen=True)
class Mark:
    """A tag or timestamp.

    Attributes:
        start: Where it begins in the prompt.
        end: Where it ends.
        start_s: Its time in seconds, or None.
        end_s: The end of its span in seconds, or None.
        title: What it says besides.
        loose: Whether it is a time without brackets or a range.
    """

    start: int
    end: int
    start_s: float | None
    end_s: float | None
    title: str
    loose: bool = False


@cache
def _foreign_sections() -> Mapping[str, str]:
    return {word: kind for lexicon in lexicons() for word, kind in lexicon.sections.items()}


def kind_of(title: str) -> str | None:
    """Find the kind of section that a title names, in any of the languages."""
    kind = section_kind(title.lower())
    if kind:
        return kind
    folded = fold(title)
    found = [
        (folded.index(word), -len(word), name)
        for word, name in _foreign_sections().items()
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded)
    ]
    return section_kind(min(found)[2]) if found else None


@cache
def _mark_pattern() -> re.Pattern[str]:
    words = [words for words, _ in SECTION_WORDS]
    title = "|".join([*words, *sorted(map(re.escape, _foreign_sections()), key=len, reverse=True)])
    return re.compile(
        # [0:00 - 0:30 Intro]
        rf"\[\s*(?P<clock>{_SPAN}|{_SECOND_SPAN})\s*[:,-]?\s*(?P<rest>[^\]\n]*)\]"
        # 0:00 - 0:30 Intro, or (0:00 - 0:30), also within a line
        r"|(?:^|(?<=[\n.;,|(]))[ \t]*(?:from )?"
        rf"\(?(?P<bare>{_CLOCK}{_UNTIL}{_CLOCK})\)?[ \t]*[:,-]?"
        # 0:30 drop
        r"|(?:^|(?<=[\n.;,|(]))[ \t]*(?:at |from )?"
        rf"\(?(?P<loose>{_CLOCK})\)?[ \t]*[:,-]?(?![ \t]*(?:long|min))"
        # [Verse 1: soft piano]
        r"|\[(?P<tag>[^\]\n]{1,120})\]"
        # Verse 1: or **Chorus** alone on a line
        rf"|^[ \t]*\**(?P<title>(?:{title})\s*\d*)\**[ \t]*:?\**[ \t]*$",
        re.MULTILINE | re.IGNORECASE,
    )


def seconds(clock: str) -> float:
    """Convert "1:05" or "65 s" to seconds."""
    if ":" not in clock:
        return float(re.findall(r"[\d.]+", clock)[0])
    minutes, rest = clock.split(":")
    return int(minutes) * 60 + float(rest)


def find_marks(prompt: str) -> list[Mark]:
    """Find the marks in order; a tag and a timestamp side by side are one mark."""
    found = [mark for match in _mark_pattern().finditer(prompt) if (mark := _mark(match))]
    if sum(mark.loose for mark in found) < _LEAST_LOOSE:
        found = [mark for mark in found if not mark.loose]
    marks: list[Mark] = []
    for mark in found:
        if marks and _belong_together(marks[-1], mark, prompt[marks[-1].end : mark.start]):
            marks[-1] = _merged(marks[-1], mark)
        else:
            marks.append(mark)
    return marks


def _mark(match: re.Match[str]) -> Mark | None:
    clock = match["clock"] or match["bare"] or match["loose"]
    if clock:
        times = [seconds(time) for time in re.findall(rf"{_CLOCK}|\d+(?:\.\d+)?", clock)]
        end_s = times[1] if len(times) > 1 and times[1] > times[0] else None
        loose = match["loose"] is not None
        return Mark(match.start(), match.end(), times[0], end_s, match["rest"] or "", loose)
    title = match["tag"] or match["title"]
    if kind_of(title) is None:
        return None
    # [Drop at 0:15]
    within = re.search(rf"(?:\bat )?({_CLOCK})", title, re.IGNORECASE)
    if within:
        title = title.replace(within[0], " ")
    return Mark(match.start(), match.end(), seconds(within[1]) if within else None, None, title)


def _belong_together(first: Mark, second: Mark, between: str) -> bool:
    different = (first.start_s is None) != (second.start_s is None)
    return different and not between.strip(" \t:-") and "\n" not in between


def _merged(first: Mark, second: Mark) -> Mark:
    timed = first if first.start_s is not None else second
    title = f"{first.title} {second.title}".strip()
    return replace(timed, start=first.start, end=second.end, title=title)


def find_form(text: str) -> tuple[list[str], tuple[int, int]] | None:
    """Find a form written as a list, "Structure: intro, verse, chorus".

    Returns:
        The kinds of section and where the list stands, or None.
    """
    match = _STRUCTURE.search(text)
    if not match:
        return None
    names = re.split(r"\s*(?:,|->|>|→|/|\||-(?=\s)|\band\b|\bthen\b)\s*", match["list"].lower())
    kinds = [kind_of(name) for name in names if name.strip()]
    known = [kind for kind in kinds if kind is not None]
    return (known, match.span()) if len(known) >= 2 else None
