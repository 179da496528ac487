"""The rows of comparisons and of their slots, inside a transaction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, tuple_, update

from lyria_studio.library._outside import storable_text
from lyria_studio.library._rows import portions
from lyria_studio.library.comparison_tables import (
    comparison_slots,
    comparisons,
    listening_tests,
    listening_votes,
)
from lyria_studio.library.errors import LibraryError, UnknownComparison, UnknownGeneration
from lyria_studio.library.tables import generations
from lyria_studio.limits import within_limit
from lyria_studio.listening.vote_rules import one_line
from lyria_studio.model.comparison import (
    LETTERS,
    Comparison,
    ComparisonCursor,
    NewComparison,
    Slot,
    Variant,
)
from lyria_studio.phrases import count

__all__ = [
    "align_variant",
    "change_comparison",
    "clean_name",
    "comparison_row",
    "comparisons_of",
    "delete_with_tests",
    "fill_slots",
    "get_comparison",
    "list_comparisons",
    "locked_comparison",
    "save_form",
    "validate_comparison",
]

MAX_TAKES = 10


def save_form(connection: Connection, new: NewComparison, now: datetime) -> Comparison:
    """Store a comparison, or replace it as long as none of its slots is filled.

    Args:
        connection: of the transaction.
        new: valid (`validate_comparison`).
        now: the present, aware.

    Raises:
        LibraryError: it was ordered, and this would change it; or its parent is gone.
    """
    row = comparison_row(connection, new.id)
    if row is not None:
        stored = comparisons_of(connection, [row])[0]
        if _same(stored, new):
            return stored
        if stored.ordered:
            raise LibraryError(
                "This comparison was ordered already, so its variants stay as they are; "
                "go on from it with a new comparison."
            )
    if new.parent_id is not None and comparison_row(connection, new.parent_id) is None:
        raise LibraryError(
            "The comparison that this one goes on from was deleted; start a new one."
        )
    values = {
        "name": new.name,
        "updated_at": now,
        "takes": new.takes,
        "parent_id": new.parent_id,
        "parent_letter": new.parent_letter,
        "parent_test_id": new.parent_test_id,
        "variants": [asdict(variant) for variant in new.variants],
    }
    if row is None:
        connection.execute(insert(comparisons).values(id=new.id, created_at=now, **values))
    else:
        connection.execute(update(comparisons).where(comparisons.c.id == new.id).values(**values))
        connection.execute(
            delete(comparison_slots).where(comparison_slots.c.comparison_id == new.id)
        )
    connection.execute(insert(comparison_slots), _empty_slots(new))
    return get_comparison(connection, new.id)


def comparison_row(connection: Connection, comparison_id: str) -> RowMapping | None:
    """Return the row, locked until the transaction ends where the database locks rows."""
    statement = select(comparisons).where(comparisons.c.id == comparison_id).with_for_update()
    return connection.execute(statement).mappings().one_or_none()


def locked_comparison(connection: Connection, comparison_id: str) -> Comparison:
    """Return a comparison that must be there, locked."""
    row = comparison_row(connection, comparison_id)
    if row is None:
        raise _unknown()
    return comparisons_of(connection, [row])[0]


def get_comparison(connection: Connection, comparison_id: str) -> Comparison:
    """Return a comparison that must be there."""
    statement = select(comparisons).where(comparisons.c.id == comparison_id)
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise _unknown()
    return comparisons_of(connection, [row])[0]


def comparisons_of(connection: Connection, rows: Sequence[RowMapping]) -> list[Comparison]:
    """Return rows as comparisons, with the slots of all of them in one query."""
    found: dict[str, list[Slot]] = {row["id"]: [] for row in rows}
    for some in portions(list(found)):
        statement = select(comparison_slots).where(comparison_slots.c.comparison_id.in_(some))
        for slot in connection.execute(statement).mappings():
            found[slot["comparison_id"]].append(
                Slot(slot["letter"], slot["take"], slot["generation_id"], tuple(slot["earlier"]))
            )
    return [_comparison(row, found[row["id"]]) for row in rows]


def change_comparison(
    connection: Connection, comparison_id: str, now: datetime, **values: Any
) -> None:
    """Change columns of a comparison, and note when."""
    connection.execute(
        update(comparisons)
        .where(comparisons.c.id == comparison_id)
        .values(updated_at=now, **values)
    )


def _fill_slot(
    connection: Connection, comparison_id: str, letter: str, take: int, filler: str
) -> None:
    """Put a generation into a slot; the one that was there goes into `earlier`.

    Args:
        connection: of the transaction.
        comparison_id: which comparison.
        letter: which variant.
        take: which of its takes.
        filler: the id of a generation of this library.

    Raises:
        LibraryError: there is no such slot.
    """
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


def _known_generations(connection: Connection, ids: list[str]) -> set[str]:
    """Find which of these generations there are."""
    known: set[str] = set()
    for some in portions(ids):
        known.update(
            connection.execute(select(generations.c.id).where(generations.c.id.in_(some))).scalars()
        )
    return known


def validate_comparison(new: NewComparison) -> NewComparison:
    """Return a comparison with clean texts, in the order of its letters.

    Raises:
        ValueError: letters or takes out of range, or its own parent (a mistake in the code).
    """
    letters = [variant.letter for variant in new.variants]
    if not letters or len(set(letters)) < len(letters) or not set(letters) <= set(LETTERS):
        raise ValueError(f"variants have distinct letters out of {LETTERS}")
    if not 1 <= new.takes <= MAX_TAKES:
        raise ValueError(f"a variant has 1 to {MAX_TAKES} takes")
    if new.parent_id == new.id or (new.parent_letter is not None and new.parent_id is None):
        raise ValueError("a comparison goes on from another one")
    return replace(
        new,
        name=clean_name(new.name) or "Untitled comparison",
        variants=tuple(sorted(map(_clean_variant, new.variants), key=lambda one: one.letter)),
    )


def _clean_variant(variant: Variant) -> Variant:
    return replace(
        variant,
        prompt=storable_text(variant.prompt) or "",
        negative_prompt=storable_text(variant.negative_prompt),
        images=tuple(storable_text(url) or "" for url in variant.images),
    )


def clean_name(text: str) -> str:
    """Return a name as one line.

    Raises:
        TextTooLong: it is longer than a name may be.
    """
    return within_limit(one_line(storable_text(text)) or "", "name of a comparison")


def _empty_slots(new: NewComparison) -> list[dict[str, Any]]:
    return [
        {"comparison_id": new.id, "letter": variant.letter, "take": take, "earlier": []}
        for variant in new.variants
        for take in range(1, new.takes + 1)
    ]


def _same(stored: Comparison, new: NewComparison) -> bool:
    """Return whether two forms are equal, apart from their offsets."""

    def asked(variants: tuple[Variant, ...]) -> list[Variant]:
        return [replace(variant, offset_s=0.0) for variant in variants]

    return (
        stored.name == new.name
        and stored.takes == new.takes
        and stored.parent_id == new.parent_id
        and stored.parent_letter == new.parent_letter
        and stored.parent_test_id == new.parent_test_id
        and asked(stored.variants) == asked(new.variants)
    )


def _comparison(row: RowMapping, slots: list[Slot]) -> Comparison:
    values = dict(row)
    values["variants"] = tuple(
        Variant(**{**fields, "images": tuple(fields["images"])}) for fields in row["variants"]
    )
    return Comparison(
        slots=tuple(sorted(slots, key=lambda slot: (slot.letter, slot.take))), **values
    )


def _unknown() -> UnknownComparison:
    return UnknownComparison("There is no such comparison in this library; it may be deleted.")


def delete_with_tests(
    connection: Connection, comparison_id: str, *, votes_too: bool
) -> tuple[str, ...]:
    """Delete a comparison and its tests; see `Listening.delete_comparison` for the arguments."""
    comparison_row(connection, comparison_id)  # locks it
    its_tests = listening_tests.c.comparison_id == comparison_id
    votes = connection.execute(
        select(func.count()).select_from(listening_votes.join(listening_tests)).where(its_tests)
    ).scalar_one()
    if votes and not votes_too:
        raise LibraryError(
            f"{count(votes, 'vote')} of listeners would be lost with this comparison; "
            "nothing was deleted."
        )
    folders = connection.execute(
        select(listening_tests.c.prepared).where(its_tests, listening_tests.c.prepared.is_not(None))
    ).scalars()
    prepared = tuple(folders)
    connection.execute(delete(comparisons).where(comparisons.c.id == comparison_id))
    return prepared


def fill_slots(
    connection: Connection,
    comparison_id: str,
    filling: Mapping[tuple[str, int], str],
    now: datetime,
) -> Comparison:
    """Put generations into slots, all of them or none.

    Args:
        connection: of the transaction.
        comparison_id: which comparison.
        filling: (letter, take) to the id of a generation of this library.
        now: the present, aware.
    """
    locked_comparison(connection, comparison_id)
    known = _known_generations(connection, list(set(filling.values())))
    for (letter, take), generation_id in filling.items():
        if generation_id not in known:
            raise UnknownGeneration("There is no such generation in this library.")
        _fill_slot(connection, comparison_id, letter, take, generation_id)
    change_comparison(connection, comparison_id, now)
    return get_comparison(connection, comparison_id)


def align_variant(
    connection: Connection, comparison_id: str, letter: str, seconds: float, now: datetime
) -> Comparison:
    """Set the offset of a variant.

    Args:
        connection: of the transaction.
        comparison_id: which comparison.
        letter: which variant.
        seconds: its `Variant.offset_s`.
        now: the present, aware.
    """
    if not math.isfinite(seconds) or abs(seconds) > 600:
        raise LibraryError("An offset is a number of seconds from -600 to 600.")
    stored = locked_comparison(connection, comparison_id)
    if letter not in stored.letters:
        raise LibraryError(f"This comparison has no variant {letter}.")
    variants = [
        asdict(replace(variant, offset_s=float(seconds)))
        if variant.letter == letter
        else asdict(variant)
        for variant in stored.variants
    ]
    change_comparison(connection, comparison_id, now, variants=variants)
    return get_comparison(connection, comparison_id)


def list_comparisons(
    connection: Connection, limit: int, before: ComparisonCursor | None, parent_id: str | None
) -> list[Comparison]:
    """List comparisons, newest first; see `Listening.comparisons` for the arguments."""
    statement = select(comparisons)
    if parent_id is not None:
        statement = statement.where(comparisons.c.parent_id == parent_id)
    if before is not None:
        statement = statement.where(
            tuple_(comparisons.c.created_at, comparisons.c.id)
            < tuple_(before.created_at, before.id)
        )
    statement = statement.order_by(comparisons.c.created_at.desc(), comparisons.c.id.desc())
    return comparisons_of(connection, connection.execute(statement.limit(limit)).mappings().all())
