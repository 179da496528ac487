"""Reading a prompt back into the fields of the Build form."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from lyria_studio.prompts.blueprint import INSTRUMENTAL, Blueprint, Section, tidy
from lyria_studio.prompts.grammar import (
    FIELD_OF_LABEL,
    LYRICS,
    SECTION_WORDS,
    SPAN,
    read_clock,
)

_LABEL = re.compile(r"\s*\**([A-Za-z]+(?: [A-Za-z]+){0,2})\s?:\**(.*)")
_NO_VOCALS = re.compile(
    r"\s*(?:instrumental(?: only)?(?:, no (?:vocals|voices?|singing))?|no vocals)\s*[.!]?\s*",
    re.IGNORECASE,
)
_TAG = re.compile(r"\s*\[(?P<name>[^\]\[:\n]{1,80})(?::(?P<what>[^\]\[\n]*))?\](?P<rest>.*)")
_TITLE = re.compile(r"\s*(?P<name>[^:\n]{1,80}):(?P<what>.*)")
_NUMBERED = re.compile(r"[\s\d]+$")


def read_prompt(text: str) -> Blueprint:
    """Read a prompt into the form; the text of `compose_prompt` gives the same form again.

    Lines that begin with a label go to its field, tags and timestamps make sections; whatever is
    not recognised lands in `extra`, so nothing that was written by hand is lost. Never raises.
    """
    values: dict[str, Any] = {}
    extra: list[str] = []
    sections: list[Section] = []
    body: list[str] | None = None  # the lines of the section being read
    for line in text.splitlines():
        section = _section_head(line)
        if section is not None:
            _close(sections, body)
            sections.append(section)
            body = []
        elif body is None or (body and not body[-1].strip()):
            if not _take(line, values):
                (extra if body is None else body).append(line)
        else:
            body.append(line)
    _close(sections, body)
    if sections:
        extra = _without_heading(extra)
    return tidy(Blueprint(**values, sections=tuple(sections), extra="\n".join(extra)))


def _close(sections: list[Section], body: list[str] | None) -> None:
    if body:
        sections[-1] = replace(sections[-1], lyrics="\n".join(body))


def _without_heading(extra: list[str]) -> list[str]:
    return [line for line in extra if line.strip().lower() != LYRICS.lower()]


def _section_head(line: str) -> Section | None:
    span = SPAN.match(line.lstrip())
    if span:
        rest = line.lstrip()[span.end() :]
        titled = _TITLE.match(rest)
        name, what = (titled["name"], titled["what"]) if titled else _name_or_what(rest)
        start, end = span["start"], span["end"] or span["until"]
        return Section(
            name=name,
            start_s=read_clock(start) if start else None,
            end_s=read_clock(end) if end else None,
            what=what,
        )
    tag = _TAG.match(line)
    if tag is None or not tag["name"].strip():
        return None
    return Section(name=tag["name"], what=tag["what"] or "", lyrics=tag["rest"].strip())


def _name_or_what(text: str) -> tuple[str, str]:
    known = _NUMBERED.sub("", text.strip().lower()) in SECTION_WORDS
    return (text, "") if known else ("", text)


def _take(line: str, values: dict[str, Any]) -> bool:
    """Put what a line says into its field; False where it has no field, or the field is taken."""
    if _NO_VOCALS.fullmatch(line):
        field, value = "voice", INSTRUMENTAL
    else:
        labelled = _LABEL.fullmatch(line)
        field = FIELD_OF_LABEL.get(labelled[1].lower(), "") if labelled else ""
        value = labelled[2].strip() if labelled else ""
    if not field or not value or field in values:
        return False
    values[field] = (value,) if field in ("moods", "instruments") else value
    return True
