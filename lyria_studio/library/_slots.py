"""The slots of comparisons, and the rows of comparisons to pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from lyria_studio.library._store import Store, portions
from lyria_studio.library.comparison_tables import comparison_slots, comparisons
from lyria_studio.library.errors import LibraryError, UnknownComparison, UnknownGeneration
from lyria_studio.library.tables import generations
from lyria_studio.model.comparison import Comparison, Slot, Variant

__all__ = ["Slots"]


class Slots(Store):
    """The part of the library that fills comparisons."""

    def fill_slots(self, comparison_id: str, filling: Mapping[tuple[str, int], str]) -> Comparison:
        """Say which generations fill these slots, all of them or none.

        A generation that is replaced goes into `Slot.earlier`. Filling a slot with what it holds
        changes nothing. Order first, with ids that follow from the slot, and fill then: whoever
        is interrupted in between orders again, gets the same generations, and fills.

        Args:
            comparison_id: which comparison.
            filling: (letter, take) to the id of a generation of this library.

        Raises:
            UnknownComparison: there is none with this id.
            UnknownGeneration: there is no such generation.
            LibraryError: the comparison has no such slot.
        """
        with self._database.write() as connection:
            self._locked_comparison(connection, comparison_id)
            known = _known_generations(connection, list(set(filling.values())))
            for (letter, take), generation_id in filling.items():
                if generation_id not in known:
                    raise UnknownGeneration("There is no such generation in this library.")
                self._fill(connection, comparison_id, letter, take, generation_id)
            self._change_comparison(connection, comparison_id)
            return self._comparison(connection, comparison_id)

    def set_offset(self, comparison_id: str, letter: str, seconds: float) -> Comparison:
        """Align a variant by hand (`Variant.offset_s`).

        A listening test that is open keeps the offsets it was opened with.

        Raises:
            UnknownComparison: there is none with this id.
            LibraryError: it has no such variant, or this is no length of time.
        """
        if not math.isfinite(seconds) or abs(seconds) > 600:
            raise LibraryError("An offset is a number of seconds from -600 to 600.")
        with self._database.write() as connection:
            self._locked_comparison(connection, comparison_id)
            stored = self._comparison(connection, comparison_id)
            if letter not in stored.letters:
                raise LibraryError(f"This comparison has no variant {letter}.")
            variants = [
                asdict(replace(variant, offset_s=float(seconds)))
                if variant.letter == letter
                else asdict(variant)
                for variant in stored.variants
            ]
            self._change_comparison(connection, comparison_id, variants=variants)
            return self._comparison(connection, comparison_id)

    def _fill(
        self, connection: Connection, comparison_id: str, letter: str, take: int, filler: str
    ) -> None:
        slot = (
            (comparison_slots.c.comparison_id == comparison_id)
            & (comparison_slots.c.letter == letter)
            & (comparison_slots.c.take == take)
        )
        row = connection.execute(select(comparison_slots).where(slot)).mappings().one_or_none()
        if row is None:
            raise LibraryError(f"This comparison has no take {take} of a variant {letter}.")
        earlier = [*row["earlier"], row["generation_id"]]
        connection.execute(
            update(comparison_slots)
            .where(slot)
            .values(
                generation_id=filler,
                earlier=[one for one in earlier if one not in (None, filler)],
            )
        )

    def _change_comparison(self, connection: Connection, comparison_id: str, **values: Any) -> None:
        connection.execute(
            update(comparisons)
            .where(comparisons.c.id == comparison_id)
            .values(updated_at=self._clock(), **values)
        )

    def _comparison_row(self, connection: Connection, comparison_id: str) -> RowMapping | None:
        """The row, locked until the transaction ends where the database locks rows."""
        return (
            connection.execute(
                select(comparisons).where(comparisons.c.id == comparison_id).with_for_update()
            )
            .mappings()
            .one_or_none()
        )

    def _locked_comparison(self, connection: Connection, comparison_id: str) -> None:
        if self._comparison_row(connection, comparison_id) is None:
            raise _unknown()

    def _comparison(self, connection: Connection, comparison_id: str) -> Comparison:
        """The picture of a comparison that must be there."""
        row = (
            connection.execute(select(comparisons).where(comparisons.c.id == comparison_id))
            .mappings()
            .one_or_none()
        )
        if row is None:
            raise _unknown()
        return self._comparison_pictures(connection, [row])[0]

    def _comparison_pictures(
        self, connection: Connection, rows: Sequence[RowMapping]
    ) -> list[Comparison]:
        """Rows to pictures, with the slots of all of them in one query."""
        found: dict[str, list[Slot]] = {row["id"]: [] for row in rows}
        for some in portions(list(found)):
            statement = select(comparison_slots).where(comparison_slots.c.comparison_id.in_(some))
            for slot in connection.execute(statement).mappings():
                found[slot["comparison_id"]].append(
                    Slot(
                        slot["letter"], slot["take"], slot["generation_id"], tuple(slot["earlier"])
                    )
                )
        return [_picture(row, found[row["id"]]) for row in rows]


def _picture(row: RowMapping, slots: list[Slot]) -> Comparison:
    values = dict(row)
    values["variants"] = tuple(
        Variant(**{**fields, "images": tuple(fields["images"])}) for fields in row["variants"]
    )
    return Comparison(
        slots=tuple(sorted(slots, key=lambda slot: (slot.letter, slot.take))), **values
    )


def _known_generations(connection: Connection, ids: list[str]) -> set[str]:
    known: set[str] = set()
    for some in portions(ids):
        known.update(
            connection.execute(select(generations.c.id).where(generations.c.id.in_(some))).scalars()
        )
    return known


def _unknown() -> UnknownComparison:
    return UnknownComparison("There is no such comparison in this library; it may be deleted.")
