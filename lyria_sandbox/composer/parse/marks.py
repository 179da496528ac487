"""Finding section tags and timestamps in a prompt."""

import re
from dataclasses import dataclass, replace

from lyria_sandbox.composer.tables.sections import SECTION_WORDS, section_kind

_CLOCK = r"\d{1,2}:\d\d(?:\.\d+)?"
_SPAN = rf"(?:{_CLOCK})\s*(?:(?:-+|to|until)\s*(?:{_CLOCK}))?"
_TITLE = "|".join(words for words, _ in SECTION_WORDS)
_MARK = re.compile(
    # [0:00 - 0:30 Intro]
    rf"\[\s*(?P<clock>{_SPAN})\s*[:,-]?\s*(?P<rest>[^\]\n]*)\]"
    # 0:00 - 0:30 Intro, or (0:00 - 0:30), at the beginning of a line
    rf"|^[ \t]*\(?(?P<bare>{_CLOCK}\s*(?:-+|to)\s*{_CLOCK})\)?[ \t]*:?"
    # [Verse 1: soft piano]
    r"|\[(?P<tag>[^\]\n]{1,120})\]"
    # Verse 1: or **Chorus** alone on a line
    rf"|^[ \t]*\**(?P<title>(?:{_TITLE})\s*\d*)\**[ \t]*:?\**[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_STRUCTURE = re.compile(r"\bstructure\s*:\s*(?P<list>[^.\n]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """A tag or timestamp.

    Attributes:
        start: Where it begins in the prompt.
        end: Where it ends.
        start_s: Its time in seconds, or None.
        end_s: The end of its span in seconds, or None.
        title: What it says besides.
    """

    start: int
    end: int
    start_s: float | None
    end_s: float | None
    title: str


def seconds(clock: str) -> float:
    """Convert "1:05" to seconds."""
    minutes, rest = clock.split(":")
    return int(minutes) * 60 + float(rest)


def find_marks(prompt: str) -> list[Mark]:
    """Find the marks in order; a tag and a timestamp side by side are one mark."""
    marks: list[Mark] = []
    for match in _MARK.finditer(prompt):
        mark = _mark(match)
        if mark is None:
            continue
        if marks and _belong_together(marks[-1], mark, prompt[marks[-1].end : mark.start]):
            marks[-1] = _merged(marks[-1], mark)
        else:
            marks.append(mark)
    return marks


def _mark(match: re.Match[str]) -> Mark | None:
    clock = match["clock"] or match["bare"]
    if clock:
        times = [seconds(time) for time in re.findall(_CLOCK, clock)]
        end_s = times[1] if len(times) > 1 and times[1] > times[0] else None
        return Mark(match.start(), match.end(), times[0], end_s, match["rest"] or "")
    title = match["tag"] or match["title"]
    if section_kind(title.lower()) is None:
        return None
    return Mark(match.start(), match.end(), None, None, title)


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
    kinds = [section_kind(name) for name in names if name.strip()]
    known = [kind for kind in kinds if kind is not None]
    return (known, match.span()) if len(known) >= 2 else None
