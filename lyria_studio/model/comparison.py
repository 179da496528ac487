"""A comparison: variants A to F of a prompt or a model, and the takes that fill their slots.

A slot is one (letter, take); a generation fills it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from lyria_core import MusicRequest

__all__ = [
    "LETTERS",
    "Comparison",
    "ComparisonCursor",
    "NewComparison",
    "Slot",
    "Variant",
]

LETTERS = "ABCDEF"
"""The letters that variants may have."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a comparison. The prompt is not in its repr.

    Attributes:
        letter: "A" to "F".
        offset_s: where in its recording it is in step with the others, in seconds: playback
            begins there. Negative: it begins that much later than the others.
    """

    letter: str
    model_id: str
    prompt: str = field(repr=False)
    negative_prompt: str | None = field(default=None, repr=False)
    seed: int | None = None
    images: tuple[str, ...] = field(default=(), repr=False)
    offset_s: float = 0.0

    @property
    def request(self) -> MusicRequest:
        """The request of one take of it, as it goes over the wire.

        Raises:
            InvalidRequest: today's catalogue has no such model or takes no such request.
        """
        return MusicRequest(
            model=self.model_id,
            prompt=self.prompt,
            images=self.images,
            negative_prompt=self.negative_prompt,
            seed=self.seed,
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """One take of one variant.

    Attributes:
        take: from 1.
        generation_id: what fills it; None: nothing was ordered for it yet.
        earlier: the generations that were replaced here, oldest first.
    """

    letter: str
    take: int
    generation_id: str | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewComparison:
    """A comparison to be stored.

    Attributes:
        id: mint it when the form is drawn (`new_intent_id`).
        name: what people call it; one line.
        takes: how many takes each variant has.
        variants: with distinct letters of `LETTERS`; kept in the order of their letters.
        parent_id: the comparison whose winner this one goes on from.
        parent_letter: the letter of that winner.
        parent_test_id: the listening test from which it was continued.
    """

    id: str
    name: str
    takes: int
    variants: tuple[Variant, ...]
    parent_id: str | None = None
    parent_letter: str | None = None
    parent_test_id: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison as it is stored.

    Attributes:
        updated_at: when anything of it changed last, its slots included.
        variants: in the order of their letters.
        slots: every (letter, take) that there is, in that order.
    """

    id: str
    name: str
    created_at: datetime
    updated_at: datetime
    takes: int
    parent_id: str | None
    parent_letter: str | None
    variants: tuple[Variant, ...]
    slots: tuple[Slot, ...]
    parent_test_id: str | None = None

    @property
    def ordered(self) -> bool:
        """Whether any slot is filled: from then on the variants stay as they are."""
        return any(slot.generation_id for slot in self.slots)

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of its variants."""
        return tuple(variant.letter for variant in self.variants)

    def variant(self, letter: str) -> Variant:
        """Return the variant with this letter; KeyError if there is none."""
        for variant in self.variants:
            if variant.letter == letter:
                return variant
        raise KeyError(letter)

    def slot(self, letter: str, take: int) -> Slot:
        """Return the slot of this take; KeyError if there is none."""
        for slot in self.slots:
            if (slot.letter, slot.take) == (letter, take):
                return slot
        raise KeyError((letter, take))


class ComparisonCursor(NamedTuple):
    """The key of the last comparison of a list; the next list begins right after it."""

    created_at: datetime
    id: str
