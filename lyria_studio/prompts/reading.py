"""Reading a prompt back into the fields of the Build form."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

from lyria_studio.prompts.blueprint import INSTRUMENTAL, Blueprint, Section, tidy
from lyria_studio.prompts.fragments import mentions_sound, read_fragments
from lyria_studio.prompts.grammar import (
    BARE_SPAN,
    FIELD_OF_LABEL,
    LABEL,
    LABEL_AFTER_SENTENCE,
    LYRICS,
    NO_VOCALS_SAID,
    SAYS_SOMETHING,
    SECTION_WORDS,
    SPAN,
    SPAN_WITHIN,
    TAG,
    read_clock,
)

_SENTENCE = re.compile(r".*?[.;|](?=\s|$)")
_NUMBERED = re.compile(r"[\s\d]+$")


def read_prompt(text: str) -> Blueprint:
    """Read a prompt into the form; the text of `compose_prompt` gives the same form again.

    Lines that begin with a label go to its field, tags and timestamps make sections. What stands
    above the first label is searched for lists of words that the form knows ("slow blues,
    harmonica, A minor"). Whatever is not recognised lands in `extra`, so no word that was written
    by hand is lost. Never raises.
    """
    reader = _Reader()
    for line in lines_of(text):
        reader.read(line)
    return reader.result()


def lines_of(text: str) -> list[str]:
    """Return the lines of a prompt; a timestamp in the middle of a line begins another."""
    return [part for line in text.splitlines() for part in SPAN_WITHIN.split(line)]


def section_head(line: str) -> Section | None:
    """Read a line that begins a section: a timestamp or a tag, with what follows it; else None."""
    span = SPAN.match(line) or BARE_SPAN.match(line)
    if span:
        return _timed(span, line[span.end() :])
    tag = TAG.match(line)
    if tag is None or not tag["name"].strip():
        return None
    rest = line[tag.end() :].strip()
    if not rest:
        return Section(name=tag["name"], what=tag["what"] or "")
    if tag["what"] or (len(rest.split(None, 3)) > 3 and not mentions_sound(rest)):
        return Section(name=tag["name"], what=tag["what"] or "", lyrics=rest)
    return Section(name=tag["name"], what=rest.removeprefix(":"))


def is_lyrics_heading(line: str) -> bool:
    """Return whether a line is, or begins with, the heading of the lyrics."""
    return line.lstrip().lower().startswith(LYRICS.lower())


def _timed(span: re.Match[str], rest: str) -> Section:
    groups = span.groupdict()
    start, end = groups.get("start"), groups.get("end") or groups.get("until")
    inside = (groups.get("inside") or "").strip()
    if inside:
        name, what = _name_and_what(f"{inside} {rest}" if ":" in inside else f"{inside}:{rest}")
    else:
        name, what = _name_and_what(rest)
    return Section(
        name=name,
        start_s=read_clock(start) if start else None,
        end_s=read_clock(end) if end else None,
        what=what,
    )


def _name_and_what(text: str) -> tuple[str, str]:
    name, colon, what = text.partition(":")
    if colon:
        return name, what
    known = _NUMBERED.sub("", text.strip().lower()) in SECTION_WORDS
    return (text, "") if known else ("", text)


class _Reader:
    """Goes through the lines: first what describes the whole, then the sections."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._extra: list[str] = []
        self._above = 0  # how many of these lines stand above the first label
        self._sections: list[Section] = []
        self._body: list[str] | None = None  # lines of the section being read
        self._sung = False  # whether any of them is more than blank

    def read(self, line: str) -> None:
        """Read a line; what stands behind a heading, a tag or a timestamp is read as the next."""
        while (left := self._without_head(line)) is not None:
            if not left:
                return
            line = left
        self._read_below(line)

    def _without_head(self, line: str) -> str | None:
        """Begin a section if the line does, and return the rest of the line; else None."""
        if not self._sung and is_lyrics_heading(line):
            if self._body is None:
                self._begin(Section())
            return line.lstrip()[len(LYRICS) :].strip()
        section = section_head(line)
        if section is None:
            return None
        self._begin(replace(section, lyrics=""))
        return section.lyrics

    def _begin(self, section: Section) -> None:
        self._close()
        self._sections.append(section)
        self._body, self._sung = [], False

    def _read_below(self, line: str) -> None:
        # Behind a blank line the whole may be described again, as in the gateway's example.
        described = self._body is None or bool(self._body and not self._body[-1].strip())
        left = self._without_fields(line) if described else line
        if left != line:
            if section_head(left):
                self.read(left)
            elif left:
                self._extra.append(left)
        elif self._body is None:
            self._extra.append(line)
            self._above += not self._values
        else:
            self._body.append(line)
            self._sung = self._sung or bool(line.strip())

    def result(self) -> Blueprint:
        self._close()
        sections = [s for s in self._sections if not s.is_empty]
        above, below = self._extra[: self._above], self._extra[self._above :]
        left = read_fragments("\n".join(above), self._values) if above else ""
        extra = "\n".join([left, *below])
        return tidy(Blueprint(**self._values, sections=tuple(sections), extra=extra))

    def _close(self) -> None:
        if self._body is not None:
            last = self._sections[-1]
            self._sections[-1] = replace(last, lyrics="\n".join(self._body))

    def _without_fields(self, line: str) -> str:
        """Put the contents of a line into its fields and return the rest."""
        if NO_VOCALS_SAID.fullmatch(line.strip()):
            return "" if self._set("voice", INSTRUMENTAL) else line
        if not LABEL.match(line):
            return line
        cuts = [0, *(m.start() + 1 for m in LABEL_AFTER_SENTENCE.finditer(line)), len(line)]
        parts = [line[a:b].strip() for a, b in pairwise(cuts)]
        if len(parts) == 1:
            return line if self._without_field(parts[0], alone=True) else ""
        return " ".join(left for part in parts if (left := self._without_field(part, alone=False)))

    def _without_field(self, part: str, *, alone: bool) -> str:
        labelled = LABEL.match(part)
        if labelled is None:
            return part
        value, rest = labelled[2].strip(), ""
        if not alone:
            # Labels in one paragraph: the value is a sentence, and what follows it is not.
            first = _SENTENCE.match(value)
            value, rest = (first[0][:-1], value[first.end() :]) if first else (value, "")
        content = SAYS_SOMETHING.search(value)
        if not content or not self._set(FIELD_OF_LABEL[labelled[1].lower()], value):
            return part
        return rest.strip()

    def _set(self, field: str, value: str) -> bool:
        """Fill a field; lists grow, and a field with one value takes the first one only."""
        if field in ("moods", "instruments"):
            self._values.setdefault(field, []).append(value)
            return True
        if field in self._values:
            return False
        self._values[field] = value
        return True
