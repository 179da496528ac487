"""The lyrics of a prompt, as a text of their own."""

from __future__ import annotations

from lyria_studio.prompts.grammar import LYRICS, SPAN, TAG
from lyria_studio.prompts.reading import is_lyrics_heading

SECTIONS = ("Verse", "Chorus", "Bridge", "Intro", "Outro")
"""What the editor adds by a button."""


def split_lyrics(prompt: str) -> tuple[str, str]:
    """Return what a prompt describes, and its lyrics.

    Lyrics begin at the heading `Lyrics:`, or at the first tag such as `[Verse]` on a line of its
    own. A timestamp begins a section of the description.
    """
    lines = prompt.splitlines()
    for number, line in enumerate(lines):
        if is_lyrics_heading(line):
            first = line.lstrip()[len(LYRICS) :].strip()
            found = [*([first] if first else []), *lines[number + 1 :]]
        elif _is_tag(line):
            found = lines[number:]
        else:
            continue
        return "\n".join(lines[:number]).rstrip(), "\n".join(found).strip("\n")
    return prompt.rstrip(), ""


def with_lyrics(prompt: str, lyrics: str) -> str:
    """Return a prompt with these lyrics in place of its own; with none, what it describes."""
    described, _ = split_lyrics(prompt)
    if not lyrics.strip():
        return described
    text = lyrics.rstrip()
    return f"{described}\n\n{LYRICS}\n{text}" if described else f"{LYRICS}\n{text}"


def with_section(lyrics: str, name: str) -> str:
    """Return lyrics with one more section at their end.

    A verse gets its number, and a chorus that is there already is repeated with its lines.
    """
    parts = _parts(lyrics)
    same = [part for part in parts if part[0].split(" ")[0].lower() == name.lower()]
    title = f"{name} {len(same) + 1}" if name == "Verse" and same else name
    lines = same[0][1] if same and name == "Chorus" else []
    added = "\n".join([f"[{title}]", *lines])
    return f"{lyrics.rstrip()}\n\n{added}\n" if lyrics.strip() else f"{added}\n"


def line_counts(lyrics: str) -> list[tuple[str, int]]:
    """Return the sections of lyrics in order, each with the number of its lines to sing."""
    return [(name or "Lyrics", len(lines)) for name, lines in _parts(lyrics) if name or lines]


def _parts(lyrics: str) -> list[tuple[str, list[str]]]:
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in lyrics.splitlines():
        tag = TAG.match(line) if _is_tag(line) else None
        if tag:
            parts.append((" ".join(tag["name"].split()), []))
        elif line.strip():
            parts[-1][1].append(line.strip())
    return parts


def _is_tag(line: str) -> bool:
    found = TAG.fullmatch(line.rstrip())
    return found is not None and bool(found["name"].strip()) and SPAN.match(line) is None
