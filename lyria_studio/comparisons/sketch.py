"""A comparison that is being edited: its variants as filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from lyria_core import MODELS
from lyria_studio.comparisons.differences import differences, sent
from lyria_studio.comparisons.lanes import joined, lane_names
from lyria_studio.evidence.takes import TAKES_NEEDED
from lyria_studio.model.comparison import LETTERS, Comparison, NewComparison, Variant
from lyria_studio.model.draft import MAX_TAKES, Draft
from lyria_studio.model.generation import Generation
from lyria_studio.prompts import title_of

__all__ = ["DEFAULT_TAKES", "FIRST_MODEL", "Sketch", "Spot", "fits"]

FIRST_MODEL = "lyria-3"
DEFAULT_TAKES = TAKES_NEEDED
"""Takes that new variants begin with: the fewest that can tell prompts apart, and the number with
the most power for a dollar (`benchmarks/evidence.py`)."""
NAME_CHARACTERS = 80

Spot = tuple[str, int]
"""A letter and a take."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """The form of a comparison.

    Attributes:
        variants: A first, each as it was typed; a model may ignore some of it.
        takes: how many takes each variant has, 1 to 8.
        name: as typed; empty: it is named after what differs.
        kept: generations that exist already and may fill a take, as far as they were made by what
            the variant says now (`fits`).
        parent_id: the comparison that this one goes on from.
        parent_letter: its winner.
        parent_test_id: the listening test from which it was continued.
    """

    variants: tuple[Variant, ...] = (Variant("A", FIRST_MODEL, ""),)
    takes: int = 1
    name: str = ""
    kept: Mapping[Spot, str] = field(default_factory=dict)
    parent_id: str | None = None
    parent_letter: str | None = None
    parent_test_id: str | None = None

    @classmethod
    def of_draft(cls, draft: Draft) -> Sketch:
        """Return a sketch of the Create form, with a variant for each of its models."""
        seed = draft.seed.strip()
        first = Variant(
            "A",
            draft.model,
            draft.prompt.strip(),
            draft.negative_prompt.strip() or None,
            int(seed) if seed.isdecimal() and len(seed) <= 15 else None,
            tuple(draft.images.split()),
        )
        others = [
            replace(first, letter=letter, model_id=model.id)
            for letter, model in zip(LETTERS[1:], draft.models[1:], strict=False)
        ]
        takes = draft.takes if draft.takes > 1 else DEFAULT_TAKES
        return cls((first, *others), takes=min(takes, MAX_TAKES)).with_a_second()

    @classmethod
    def of_generations(cls, generations: Sequence[Generation]) -> Sketch:
        """Begin with generations that exist: those of one request are takes of one variant.

        Where all are of one request, each is a variant: then it is takes that are compared.
        """
        groups: dict[Any, list[Generation]] = {}
        for one in generations:
            asked = (one.model_id, one.prompt, one.negative_prompt, one.images)
            groups.setdefault(asked, []).append(one)
        grouped = [_by_seed(group) for group in groups.values()]
        if len(grouped) == 1:
            grouped = [[one] for one in generations]
        grouped = grouped[: len(LETTERS)]
        return cls(
            tuple(
                _variant(letter, *group) for letter, group in zip(LETTERS, grouped, strict=False)
            ),
            takes=min(MAX_TAKES, *map(len, grouped)) if len(grouped) > 1 else DEFAULT_TAKES,
            kept={
                (letter, take): one.id
                for letter, group in zip(LETTERS, grouped, strict=False)
                for take, one in enumerate(group[:MAX_TAKES], start=1)
            },
        ).with_a_second()

    @classmethod
    def of_winner(cls, comparison: Comparison, letter: str, test_id: str | None = None) -> Sketch:
        """Go on from a variant: it becomes A, with its tracks, and B begins as its copy.

        Args:
            comparison: where the variant is.
            letter: which variant.
            test_id: the listening test that led to this; None without one.
        """
        return cls(
            (replace(comparison.variant(letter), letter="A", offset_s=0.0),),
            takes=comparison.takes,
            kept={
                ("A", slot.take): slot.generation_id
                for slot in comparison.slots
                if slot.letter == letter and slot.generation_id
            },
            parent_id=comparison.id,
            parent_letter=letter,
            parent_test_id=test_id,
        ).with_a_second()

    @classmethod
    def of_comparison(cls, comparison: Comparison) -> Sketch:
        """Return a stored comparison as a form again."""
        return cls(
            comparison.variants,
            takes=comparison.takes,
            name=comparison.name,
            kept={
                (slot.letter, slot.take): slot.generation_id
                for slot in comparison.slots
                if slot.generation_id
            },
            parent_id=comparison.parent_id,
            parent_letter=comparison.parent_letter,
            parent_test_id=comparison.parent_test_id,
        )

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> Sketch:
        """Return the form as `fields` stored it.

        Raises:
            KeyError, TypeError, ValueError: this was not stored by `fields`.
        """
        variants = tuple(
            Variant(**{**one, "letter": letter, "images": tuple(one["images"])})
            for letter, one in zip(LETTERS, fields["variants"], strict=False)
        )
        return cls(
            variants,
            int(fields["takes"]),
            str(fields["name"]),
            {(spot[0], int(spot[1:])): str(id_) for spot, id_ in fields["kept"].items()},
            fields["parent_id"],
            fields["parent_letter"],
            fields.get("parent_test_id"),
        )

    def fields(self) -> dict[str, Any]:
        """Return the form as plain JSON values."""
        return {
            "variants": [asdict(variant) for variant in self.variants],
            "takes": self.takes,
            "name": self.name,
            "kept": {f"{letter}{take}": id_ for (letter, take), id_ in self.kept.items()},
            "parent_id": self.parent_id,
            "parent_letter": self.parent_letter,
            "parent_test_id": self.parent_test_id,
        }

    @property
    def blank(self) -> bool:
        """Whether nothing was written yet."""
        return not any(
            variant.prompt.strip() or variant.negative_prompt or variant.images
            for variant in self.variants
        )

    @property
    def full(self) -> bool:
        """Whether no letter is left."""
        return len(self.variants) == len(LETTERS)

    @property
    def called(self) -> str:
        """The name as typed, else one that says what differs, else the words of A."""
        if self.name.strip():
            return " ".join(self.name.split())
        if len(self.variants) > 1:
            name = joined(lane_names(self.variants))
            differ = any(differences(self.variants[0], one).causes for one in self.variants[1:])
            if differ and len(name) <= NAME_CHARACTERS:
                return name
        prompt = self.variants[0].prompt
        return title_of(prompt) if prompt.strip() else "New comparison"

    def with_another(self) -> Sketch:
        """Return the sketch with one more variant, a copy of A, if a letter is left."""
        if self.full:
            return self
        letter = LETTERS[len(self.variants)]
        return replace(
            self, variants=(*self.variants, replace(self.variants[0], letter=letter, offset_s=0.0))
        )

    def with_a_second(self) -> Sketch:
        """Return the sketch with B as a copy of A, if there was only A."""
        return self.with_another() if len(self.variants) == 1 else self

    def without(self, letter: str) -> Sketch:
        """Without one variant; those behind it move up a letter. A stays if it is alone."""
        if len(self.variants) == 1:
            return self
        left = [variant for variant in self.variants if variant.letter != letter]
        renamed = {variant.letter: new for variant, new in zip(left, LETTERS, strict=False)}
        return replace(
            self,
            variants=tuple(replace(one, letter=renamed[one.letter]) for one in left),
            kept={
                (renamed[old], take): id_
                for (old, take), id_ in self.kept.items()
                if old in renamed
            },
        )

    def with_track(self, letter: str, generation: Generation) -> Sketch:
        """Return the sketch whose variant holds the request of a generation, and that as take 1."""
        kept = {spot: id_ for spot, id_ in self.kept.items() if spot[0] != letter}
        there = {spot[0] for spot in kept} | {letter}
        # Tracks that exist are compared as they are, and for nothing.
        takes = 1 if there == {one.letter for one in self.variants} else self.takes
        return replace(
            self,
            takes=takes,
            variants=tuple(
                _variant(letter, generation) if one.letter == letter else one
                for one in self.variants
            ),
            kept={**kept, (letter, 1): generation.id},
        )

    @classmethod
    def of_repeat(cls, comparison: Comparison) -> Sketch:
        """Return the same variants with enough new takes to compare the prompts."""
        return cls(
            tuple(
                replace(one, seed=None if one.seed is None else one.seed + comparison.takes)
                for one in comparison.variants
            ),
            takes=max(DEFAULT_TAKES, comparison.takes),
            name=comparison.name,
            parent_id=comparison.id,
        )

    def new(self, comparison_id: str) -> NewComparison:
        """Return what the library stores of it: only what goes to the models."""
        return NewComparison(
            id=comparison_id,
            name=self.called,
            takes=self.takes,
            variants=tuple(
                replace(sent(variant), prompt=variant.prompt.strip()) for variant in self.variants
            ),
            parent_id=self.parent_id,
            parent_letter=self.parent_letter,
            parent_test_id=self.parent_test_id,
        )


def fits(generation: Generation, variant: Variant, take: int) -> bool:
    """Return whether a generation was made with the request of this variant and take.

    Takes of a variant with a seed count up from it; where no seed is asked for, any will do.

    Args:
        generation: one that exists.
        variant: what is asked for.
        take: number of the take, from 1.
    """
    asked = sent(variant)
    return (
        generation.model_id == asked.model_id
        and generation.prompt.strip() == asked.prompt.strip()
        and (generation.negative_prompt or None) == asked.negative_prompt
        and generation.images == asked.images
        and (asked.seed is None or generation.seed == asked.seed + take - 1)
    )


def _by_seed(generations: Sequence[Generation]) -> list[Generation]:
    return sorted(generations, key=lambda one: -1 if one.seed is None else one.seed)


def _variant(letter: str, *takes: Generation) -> Variant:
    """Return the variant that these takes belong to."""
    first = takes[0]
    seed = first.seed
    if seed is not None and any(one.seed != seed + n for n, one in enumerate(takes)):
        seed = None
    return Variant(
        letter,
        first.model_id if first.model_id in MODELS else FIRST_MODEL,
        first.prompt,
        first.negative_prompt,
        seed,
        first.images,
    )
