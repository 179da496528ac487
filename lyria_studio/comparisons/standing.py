"""How the takes of a comparison stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lyria_studio.comparisons.plan import expected_id, usable
from lyria_studio.comparisons.sketch import Spot
from lyria_studio.model.comparison import Comparison, Slot
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

__all__ = ["Standing", "lost_orders", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The slots of a comparison, each with its generation.

    Attributes:
        takes: every slot with its generation; None: nothing was ordered for it.
    """

    takes: Mapping[Spot, Generation | None]

    @property
    def missing(self) -> list[Spot]:
        """What was never ordered."""
        return [spot for spot, one in self.takes.items() if one is None]

    @property
    def making(self) -> list[Generation]:
        """The generations that are in progress."""
        return [one for one in self.takes.values() if one is not None and one.active]

    @property
    def ready(self) -> dict[Spot, Generation]:
        """What can be listened to."""
        return {
            spot: one
            for spot, one in self.takes.items()
            if one is not None and one.state is State.READY and one.tracks
        }

    @property
    def failed(self) -> list[Spot]:
        """The generations that failed or need action."""
        return [spot for spot, one in self.takes.items() if one is not None and not usable(one)]

    def generations(self, letter: str) -> list[Generation]:
        """Return the ready generations of one letter, by take."""
        return [one for (found, _), one in self.ready.items() if found == letter]

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that can be listened to."""
        return tuple(dict.fromkeys(letter for letter, _ in self.ready))

    @property
    def whole(self) -> bool:
        """Whether every take is there."""
        return len(self.ready) == len(self.takes)

    def sentence(self) -> str:
        """Return the progress in one sentence; empty when every take is there."""
        if self.whole:
            return ""
        parts = [f"{len(self.ready)} of {len(self.takes)} takes are ready"]
        if self.making:
            parts.append(f"{len(self.making)} generating")
        if self.failed:
            verb = "needs" if len(self.failed) == 1 else "need"
            parts.append(f"{len(self.failed)} {verb} action")
        if self.missing:
            parts.append(f"{len(self.missing)} not ordered yet")
        return f"{', '.join(parts)}."


def standing(comparison: Comparison, known: Mapping[str, Generation]) -> Standing:
    """Return the slots of a comparison with the generations that fill them.

    Args:
        comparison: as it is stored.
        known: its generations by id.
    """
    return Standing(
        {(slot.letter, slot.take): known.get(slot.generation_id or "") for slot in comparison.slots}
    )


def lost_orders(comparison: Comparison, known: Mapping[str, Generation]) -> dict[Spot, str]:
    """Return generations ordered for a slot that a crash kept from being noted there.

    Args:
        comparison: as it is stored.
        known: generations by id, those of `expected_id` among them.
    """
    return {
        (slot.letter, slot.take): there.id
        for slot in comparison.slots
        if slot.generation_id is None and (there := known.get(_expected(comparison, slot)))
    }


def _expected(comparison: Comparison, slot: Slot) -> str:
    return expected_id(comparison.id, slot.letter, slot.take)
