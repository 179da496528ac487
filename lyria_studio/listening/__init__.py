"""Listening tests: which pair comes next, when a vote counts, and what the votes say.

`drawing` and `rules` are pure and know nothing of the library, which calls them; `results`
(imported by its own name) turns the library's votes into evidence.
"""

from __future__ import annotations

from lyria_studio.listening.trial_draw import Drawn, Pairing, Recording, draw
from lyria_studio.listening.vote_rules import (
    HEARD_S,
    NEW_LISTENERS_A_DAY,
    clean_text,
    must_hear_s,
    not_heard,
)

__all__ = [
    "HEARD_S",
    "NEW_LISTENERS_A_DAY",
    "Drawn",
    "Pairing",
    "Recording",
    "clean_text",
    "draw",
    "must_hear_s",
    "not_heard",
    "topic",
]


def topic(test_id: str) -> str:
    """Return the topic under which changes of a listening test are published."""
    return f"test:{test_id}"
