"""Keeping comparisons: what their variants ask for, and which generations fill their slots."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from lyria_studio.library._outside import storable_text
from lyria_studio.library._slots import Slots
from lyria_studio.library.comparison_tables import (
    comparison_slots,
    comparisons,
    listening_tests,
    listening_votes,
)
from lyria_studio.library.errors import LibraryError
from lyria_studio.listening.vote_rules import clean_line
from lyria_studio.model.comparison import (
    LETTERS,
    Comparison,
    ComparisonCursor,
    NewComparison,
    Variant,
)
from lyria_studio.phrases import count

__all__ = ["MAX_TAKES", "Comparisons"]

MAX_TAKES = 10

NAME_MAX = 120


class Comparisons(Slots):
    """The part of the library that keeps comparisons."""

    def save_comparison(self, new: NewComparison) -> Comparison:
        """Store a comparison, or replace it as long as none of its slots is filled.

        Saving again what is stored already changes nothing, whether or not it was ordered.

        Raises:
            LibraryError: it was ordered, and this would change it; or its parent is gone.
            ValueError: letters or takes out of range, or its own parent (a mistake in the code).
        """
        new = _sound(new)
        try:
            return self._save(new)
        except IntegrityError:
            # Somebody stored the same form, or deleted the parent, at this very moment; only on a
            # database with many writers. Now it is to be seen.
            return self._save(new)

    def _save(self, new: NewComparison) -> Comparison:
        with self._database.write() as connection:
            row = self._comparison_row(connection, new.id)
            if row is not None:
                stored = self._comparison_pictures(connection, [row])[0]
                if _same(stored, new):
                    return stored
                if stored.ordered:
                    raise LibraryError(
                        "This comparison was ordered already, so its variants stay as they are; "
                        "go on from it with a new comparison."
                    )
            if (
                new.parent_id is not None
                and self._comparison_row(connection, new.parent_id) is None
            ):
                raise LibraryError(
                    "The comparison that this one goes on from was deleted; start a new one."
                )
            now = self._clock()
            values = {
                "name": new.name,
                "updated_at": now,
                "takes": new.takes,
                "parent_id": new.parent_id,
                "parent_letter": new.parent_letter,
                "variants": [asdict(variant) for variant in new.variants],
            }
            if row is None:
                connection.execute(insert(comparisons).values(id=new.id, created_at=now, **values))
            else:
                connection.execute(
                    update(comparisons).where(comparisons.c.id == new.id).values(**values)
                )
                connection.execute(
                    delete(comparison_slots).where(comparison_slots.c.comparison_id == new.id)
                )
            connection.execute(insert(comparison_slots), _empty_slots(new))
            return self._comparison(connection, new.id)

    def comparison(self, comparison_id: str) -> Comparison:
        """One comparison.

        Raises:
            UnknownComparison: there is none with this id.
        """
        with self._database.read() as connection:
            return self._comparison(connection, comparison_id)

    def comparisons(
        self, limit: int = 50, before: ComparisonCursor | None = None
    ) -> list[Comparison]:
        """The newest comparisons, or those that follow after `before`, newest first.

        Args:
            limit: how many at most.
            before: `ComparisonCursor` of the last one of the list before.
        """
        statement = select(comparisons)
        if before is not None:
            statement = statement.where(
                tuple_(comparisons.c.created_at, comparisons.c.id)
                < tuple_(before.created_at, before.id)
            )
        statement = statement.order_by(comparisons.c.created_at.desc(), comparisons.c.id.desc())
        with self._database.read() as connection:
            rows = connection.execute(statement.limit(limit)).mappings().all()
            return self._comparison_pictures(connection, rows)

    def comparison_count(self) -> int:
        """How many comparisons there are."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(comparisons)).scalar_one()

    def rename_comparison(self, comparison_id: str, name: str) -> Comparison:
        """Give a comparison another name; an empty one changes nothing.

        Raises:
            UnknownComparison: there is none with this id.
        """
        name = _name(name)
        with self._database.write() as connection:
            if name:
                self._change_comparison(connection, comparison_id, name=name)
            return self._comparison(connection, comparison_id)

    def delete_comparison(self, comparison_id: str, *, votes_too: bool = False) -> tuple[str, ...]:
        """Delete a comparison and its listening tests; generations and tracks always stay.

        Comparisons that go on from it stay too and begin a chain of their own.

        Args:
            comparison_id: nothing happens if it is gone already.
            votes_too: the person was told that votes are lost with it, and wants that.

        Returns:
            The names of the folders with blind copies that nobody needs any longer.

        Raises:
            LibraryError: people have voted in its listening tests, and `votes_too` is not set.
        """
        its_tests = listening_tests.c.comparison_id == comparison_id
        with self._database.write() as connection:
            self._comparison_row(connection, comparison_id)
            votes = connection.execute(
                select(func.count())
                .select_from(listening_votes.join(listening_tests))
                .where(its_tests)
            ).scalar_one()
            if votes and not votes_too:
                raise LibraryError(
                    f"{count(votes, 'vote')} of listeners would be lost with this comparison; "
                    "nothing was deleted."
                )
            folders = connection.execute(
                select(listening_tests.c.prepared).where(
                    its_tests, listening_tests.c.prepared.is_not(None)
                )
            ).scalars()
            prepared = tuple(folders)
            connection.execute(delete(comparisons).where(comparisons.c.id == comparison_id))
            return prepared

    def children(self, comparison_id: str) -> list[Comparison]:
        """The comparisons that go on from this one, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(comparisons)
                .where(comparisons.c.parent_id == comparison_id)
                .order_by(comparisons.c.created_at, comparisons.c.id)
            )
            return self._comparison_pictures(connection, rows.mappings().all())

    def ancestors(self, comparison_id: str) -> list[Comparison]:
        """The chain that this one goes on from: its parent, then that one's parent, and on.

        Raises:
            UnknownComparison: there is no comparison with this id.
        """
        chain: list[Comparison] = []
        with self._database.read() as connection:
            one = self._comparison(connection, comparison_id)
            seen = {one.id}
            while one.parent_id is not None and one.parent_id not in seen:
                one = self._comparison(connection, one.parent_id)
                seen.add(one.id)
                chain.append(one)
        return chain


def _empty_slots(new: NewComparison) -> list[dict[str, Any]]:
    return [
        {"comparison_id": new.id, "letter": variant.letter, "take": take, "earlier": []}
        for variant in new.variants
        for take in range(1, new.takes + 1)
    ]


def _same(stored: Comparison, new: NewComparison) -> bool:
    """Whether it is the same form again; offsets are set by another way."""

    def asked(variants: tuple[Variant, ...]) -> list[Variant]:
        return [replace(variant, offset_s=0.0) for variant in variants]

    return (
        stored.name == new.name
        and stored.takes == new.takes
        and stored.parent_id == new.parent_id
        and stored.parent_letter == new.parent_letter
        and asked(stored.variants) == asked(new.variants)
    )


def _sound(new: NewComparison) -> NewComparison:
    letters = [variant.letter for variant in new.variants]
    if not letters or len(set(letters)) < len(letters) or not set(letters) <= set(LETTERS):
        raise ValueError(f"variants have distinct letters out of {LETTERS}")
    if not 1 <= new.takes <= MAX_TAKES:
        raise ValueError(f"a variant has 1 to {MAX_TAKES} takes")
    if new.parent_id == new.id or (new.parent_letter is not None and new.parent_id is None):
        raise ValueError("a comparison goes on from another one")
    return replace(
        new,
        name=_name(new.name) or "Untitled comparison",
        variants=tuple(sorted(map(_sound_variant, new.variants), key=lambda one: one.letter)),
    )


def _sound_variant(variant: Variant) -> Variant:
    return replace(
        variant,
        prompt=storable_text(variant.prompt) or "",
        negative_prompt=storable_text(variant.negative_prompt),
        images=tuple(storable_text(url) or "" for url in variant.images),
    )


def _name(text: str) -> str:
    return clean_line(storable_text(text), NAME_MAX) or ""
