"""Softening a prompt that a safety filter refused, for the user to look at and accept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lyria_studio.prompts.artist_names import Name, find_names
from lyria_studio.prompts.tokens import tokens

_PASSES = 6  # a replacement may bring words together that mean something anew; then look again


@dataclass(frozen=True)
class SoftenChange:
    """One replacement.

    Attributes:
        before: The words that stood there.
        after: The words that take their place; empty if they go.
        reason: Why, in a few words.
    """

    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Softened:
    """A softened prompt and what was changed; no changes means that nothing was found."""

    prompt: str
    changes: tuple[SoftenChange, ...]


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    after: str
    reason: str


def soften(prompt: str) -> Softened:
    """Replace what safety filters refuse by descriptions, and list every replacement.

    Names of artists and titles of songs become what they sound like, explicit and violent words
    milder ones; a name that is not known, behind "in the style of", goes with these words. All
    other words stay. Softening what was softened changes nothing more.
    """
    return _repeatedly(prompt, lambda text: [*_name_edits(text), *_word_edits(text)])


def describe_names(prompt: str) -> Softened:
    """Replace names of artists and titles of songs only."""
    return _repeatedly(prompt, _name_edits)


def unsafe_words(prompt: str) -> list[str]:
    """Return the explicit and violent words of a prompt, as written."""
    return [token.text for token in tokens(prompt) if token.folded in _unsafe()]


def _repeatedly(prompt: str, find: Callable[[str], list[_Edit]]) -> Softened:
    changes: list[SoftenChange] = []
    for _ in range(_PASSES):
        edits = sorted(find(prompt), key=lambda edit: edit.start)
        if not edits:
            break
        prompt, made = _apply(prompt, edits)
        changes += made
    return Softened(prompt, tuple(changes))


def _apply(prompt: str, edits: list[_Edit]) -> tuple[str, list[SoftenChange]]:
    parts: list[str] = []
    changes: list[SoftenChange] = []
    reached = 0
    for edit in edits:
        if edit.start < reached:
            continue  # a word within a title: the title is replaced as a whole
        start, end = edit.start, edit.end
        if not edit.after:
            start, end = _with_a_blank(prompt, max(start, reached), end)
        start, after = _with_article(prompt, max(start, reached), edit.after)
        parts += [prompt[reached:start], after]
        changes.append(SoftenChange(prompt[start:end], after, edit.reason))
        reached = end
    return "".join([*parts, prompt[reached:]]), changes


def _with_a_blank(prompt: str, start: int, end: int) -> tuple[int, int]:
    """Take one of the two blanks around what goes, and the comma before it at an end."""
    if prompt[end : end + 1] == " " and (start == 0 or prompt[start - 1].isspace()):
        return start, end + 1
    if start and prompt[start - 1] == " ":
        start -= 1
        if start and prompt[start - 1] == "," and (prompt[end : end + 1] or "\n") in ".,;\n":
            start -= 1
    return start, end


_ARTICLE = re.compile(r"(?<!\w)([Aa])(n?) $")


def _with_article(prompt: str, start: int, after: str) -> tuple[int, str]:
    """Change "a" into "an", or back, before what comes: "an uplifting soul duet"."""
    article = _ARTICLE.search(prompt[max(0, start - 4) : start])
    if article is None or not after:
        return start, after
    vowel = after[0].lower() in "aeiou"
    if vowel == bool(article[2]):
        return start, after
    return start - len(article[0]), f"{article[1]}{'n' if vowel else ''} {after}"


def _name_edits(prompt: str) -> list[_Edit]:
    return [_name_edit(prompt, name) for name in find_names(prompt)]


_LEAD = re.compile(r"(?:\b(?:in|with) )?(?:\b(?:the|an?) )?$")
_AS_ADJECTIVE = re.compile(r"[ -](?:style|styled|esque|inspired|type)\b")
_GOES_ON = re.compile(r"$|[^ \w]| (?:and|or|but|at|in|on|from|for|as|is|meets|x|vs|plus)\b")
_SHORT_END = re.compile(r" (?:with|that|and|in|of|for) ")


def _name_edit(prompt: str, name: Name) -> _Edit:
    before, behind = prompt[max(0, name.cue_start - 16) : name.cue_start], name.end + 12
    if name.kind == "unknown":
        # "in the style of Jane Doe" goes as a whole, with the words that led there.
        lead = _LEAD.search(before)
        start = name.cue_start - (len(lead[0]) if lead else 0)
        return _Edit(start, name.end, "", "an artist's name, it seems")
    reason = "an artist's name" if name.kind == "artist" else "the title of a well-known song"
    short = _SHORT_END.split(name.instead)[0]
    suffix = _AS_ADJECTIVE.match(prompt[name.end : behind])
    if suffix:
        return _Edit(name.start, name.end + suffix.end(), short, reason)
    # "a Beatles song" needs a short description, "like the Beatles, but slow" takes a long one.
    instead = name.instead if _GOES_ON.match(prompt[name.end : behind]) else short
    if name.cue == ("by",) and not before.rstrip().lower().endswith(("inspired", "influenced")):
        return _Edit(name.cue_start, name.end, f"in the style of {instead}", reason)
    if name.kind == "song" and name.cue[:1] in (("cover",), ("version",), ("remix",)):
        return _Edit(name.cue_start, name.end, instead, reason)
    return _Edit(name.start, name.end, instead, reason)


def _word_edits(prompt: str) -> list[_Edit]:
    return [
        _Edit(token.start, token.end, _like(token.text, _unsafe()[token.folded]), "a refused word")
        for token in tokens(prompt)
        if token.folded in _unsafe()
    ]


def _like(word: str, after: str) -> str:
    """Return a word with the capitalisation of another one."""
    if len(word) > 1 and word.isupper():
        return after.upper()
    return after[:1].upper() + after[1:] if word[0].isupper() else after


@cache
def _unsafe() -> dict[str, str]:
    text = Path(__file__).with_name("unsafe.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)["words"]
    return words
