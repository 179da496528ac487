"""Searching in prompts, in any language, whatever the case."""

from __future__ import annotations

import unicodedata

from sqlalchemy import ColumnElement

from lyria_studio.library.tables import generations

__all__ = ["contains_all", "folded"]


def folded(text: str) -> str:
    """Text without the differences that a searcher does not mean: case, width, composition.

    The database's own LIKE folds ASCII only, and Lyria is written to in eight languages.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def contains_all(search: str) -> list[ColumnElement[bool]]:
    """Return a condition for each word of a search: the prompt contains it literally."""
    return [
        generations.c.prompt_folded.contains(word, autoescape=True)
        for word in folded(search).split()
    ]
