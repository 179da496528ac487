"""Lyrics that stand behind a label rather than in sections."""

import re
from functools import cache

from lyria_sandbox.composer.parse.lexicon import lexicons

_NEVER = re.compile(r"^\s*(?:none|no|n/a|-|about\b.*|in \w+\.?)\s*$", re.IGNORECASE)


@cache
def label() -> re.Pattern[str]:
    """Return the pattern of the label before lyrics, in any of the languages."""
    words = ["lyrics", *(word for lexicon in lexicons() for word in lexicon.lyrics)]
    listed = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(
        rf"(?:^|(?<=[.,;\n]))[ \t]*(?:[\w ,]*\b(?:following|these"
        rf"|the following) )?\**(?:{listed})\**[ \t]*:\**[ \t]*",
        re.IGNORECASE | re.MULTILINE,
    )


def split_lyrics(text: str, is_label: re.Pattern[str]) -> tuple[str, list[list[str]]]:
    """Separate lyrics behind their label from the description.

    Args:
        text: A prompt without section tags.
        is_label: Matches the labels of descriptions; a line that has one ends the lyrics.

    Returns:
        The description, and the stanzas.
    """
    match = label().search(text)
    if match is None:
        return text, []
    lines = text[match.end() :].splitlines()
    if not lines or (lines[0].strip() and _NEVER.match(lines[0])):
        return text, []
    end = next((i for i, line in enumerate(lines) if is_label.match(line)), len(lines))
    stanzas: list[list[str]] = [[]]
    for line in lines[:end]:
        if line.strip():
            stanzas[-1].append(line.strip().strip('"').strip())
        elif stanzas[-1]:
            stanzas.append([])
    found = [stanza for stanza in stanzas if stanza]
    if not found:
        return text, []
    return "\n".join([text[: match.start()], *lines[end:]]), found


def kinds_of(stanzas: list[list[str]]) -> list[str]:
    """Choose the kinds of section that stanzas are: those that return are choruses."""
    texts = ["\n".join(stanza).lower() for stanza in stanzas]
    if len(set(texts)) < len(texts):
        return ["chorus" if texts.count(text) > 1 else "verse" for text in texts]
    return ["verse" if index % 2 == 0 else "chorus" for index in range(len(texts))]
