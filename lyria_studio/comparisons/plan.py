"""What has to be ordered before a comparison is whole, under ids that never order twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lyria_core import MODELS, InvalidRequest, MusicRequest
from lyria_studio.comparisons.differences import sent
from lyria_studio.comparisons.sketch import Sketch, Spot, fits
from lyria_studio.model.comparison import Comparison, Slot, Variant
from lyria_studio.model.draft import Draft
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.money import usd

__all__ = [
    "Job",
    "Plan",
    "expected_id",
    "plan_missing",
    "plan_replacement",
    "plan_sketch",
    "price_of",
    "price_of_missing",
    "price_split",
    "replaceable",
    "usable",
]


@dataclass(frozen=True, slots=True)
class Job:
    """One take to be ordered.

    Attributes:
        id: of its generation; follows from the comparison, so that whoever orders it again, by a
            double click, a reload or in a second tab, names the same generation.
        takes: how many takes its variant has.
    """

    id: str
    letter: str
    take: int
    takes: int
    model_id: str
    request: MusicRequest = field(repr=False)

    @property
    def spot(self) -> Spot:
        """Which slot of the comparison it fills."""
        return self.letter, self.take

    @property
    def price_usd(self) -> Decimal:
        """Its price as the catalogue has it."""
        return MODELS[self.model_id].price_usd


@dataclass(frozen=True, slots=True)
class Plan:
    """What a click orders and what it takes over.

    Attributes:
        jobs: what is ordered, in the order of letters and takes.
        kept: generations that exist already, by the slot that they fill.
    """

    jobs: tuple[Job, ...]
    kept: Mapping[Spot, str] = field(default_factory=dict)

    @property
    def price_usd(self) -> Decimal:
        """Price of the click in US dollars."""
        return sum((job.price_usd for job in self.jobs), Decimal(0))

    @property
    def filled(self) -> dict[Spot, str]:
        """Every slot that the click fills, with its generation."""
        return {**self.kept, **{job.spot: job.id for job in self.jobs}}


def usable(generation: Generation) -> bool:
    """Return whether a generation has a track or may still get one without a new charge."""
    return generation.state is State.READY or generation.active


def replaceable(generation: Generation) -> bool:
    """Return whether a take failed for good and may be ordered again.

    Not where somebody may still find out that it was made and paid.
    """
    return generation.state in (State.REFUSED, State.FAILED, State.ERROR, State.CANCELLED)


def price_of_missing(comparison: Comparison) -> Decimal:
    """Return the catalogue's price of the takes that were never ordered."""
    models = {variant.letter: variant.model_id for variant in comparison.variants}
    missing = [models[slot.letter] for slot in comparison.slots if slot.generation_id is None]
    return sum((MODELS[id_].price_usd for id_ in missing if id_ in MODELS), Decimal(0))


def price_of(sketch: Sketch, known: Mapping[str, Generation]) -> tuple[int, Decimal]:
    """Return how many takes a sketch would order and their price, even if its text is invalid."""
    missing = [
        variant
        for variant in sketch.variants
        for take in range(1, sketch.takes + 1)
        if _kept(sketch, variant, take, known) is None
    ]
    prices = (MODELS[variant.model_id].price_usd for variant in missing)
    return len(missing), sum(prices, Decimal(0))


def price_split(sketch: Sketch, known: Mapping[str, Generation]) -> str:
    """Return how the price comes about, e.g. `2 × 4 × $0.04 = `; empty where it is no product."""
    count, _ = price_of(sketch, known)
    prices = {MODELS[variant.model_id].price_usd for variant in sketch.variants}
    if len(prices) > 1 or count < len(sketch.variants) * sketch.takes or sketch.takes == 1:
        return ""
    return f"{len(sketch.variants)} × {sketch.takes} × {usd(prices.pop())} = "


def plan_sketch(comparison_id: str, sketch: Sketch, known: Mapping[str, Generation]) -> Plan:
    """Return the plan of what ordering the form would do.

    Args:
        comparison_id: the id of the comparison that is being made.
        sketch: the form.
        known: the generations that it names as kept, by id, as far as they exist.

    Raises:
        InvalidRequest: a variant cannot be sent; the message names its letter.
    """
    kept: dict[Spot, str] = {}
    jobs: list[Job] = []
    for variant in sketch.variants:
        requests = _requests(variant, sketch.takes)
        for take in range(1, sketch.takes + 1):
            if (there := _kept(sketch, variant, take, known)) is not None:
                kept[variant.letter, take] = there
            else:
                jobs.append(_job(comparison_id, variant, take, requests))
    return Plan(tuple(jobs), kept)


def plan_missing(comparison: Comparison) -> Plan:
    """Return the plan to order what a stored comparison lacks, for instance after a crash.

    Raises:
        InvalidRequest: a variant cannot be sent today.
    """
    return Plan(
        tuple(
            _job(
                comparison.id,
                comparison.variant(slot.letter),
                slot.take,
                _requests(comparison.variant(slot.letter), comparison.takes),
            )
            for slot in comparison.slots
            if slot.generation_id is None
        )
    )


def plan_replacement(comparison: Comparison, slot: Slot) -> Plan:
    """Return the plan to repeat the request of a take that failed.

    Its id counts what stood there before, so that two clicks on one failure order one take.

    Raises:
        InvalidRequest: the variant cannot be sent today.
    """
    variant = comparison.variant(slot.letter)
    requests = _requests(variant, comparison.takes)
    job = _job(comparison.id, variant, slot.take, requests)
    number = len(slot.earlier) + 2
    again = Job(f"{job.id}-{number}", job.letter, job.take, job.takes, job.model_id, job.request)
    return Plan((again,))


def expected_id(comparison_id: str, letter: str, take: int) -> str:
    """Return the id of the generation that is ordered first for a slot.

    Args:
        comparison_id: which comparison.
        letter: its variant.
        take: number of the take, from 1.
    """
    return f"{comparison_id}-{letter}{take}"


def _kept(
    sketch: Sketch, variant: Variant, take: int, known: Mapping[str, Generation]
) -> str | None:
    there = known.get(sketch.kept.get((variant.letter, take), ""))
    if there is None or not usable(there) or not fits(there, variant, take):
        return None
    return there.id


def _requests(variant: Variant, takes: int) -> list[MusicRequest]:
    """Return the requests of all takes of a variant, checked; seeds count up from its own."""
    asked = sent(variant)
    draft = Draft(
        model=asked.model_id,
        prompt=asked.prompt,
        images="\n".join(asked.images),
        negative_prompt=asked.negative_prompt or "",
        seed="" if asked.seed is None else str(asked.seed),
        takes=takes,
    )
    try:
        return [take.request for take in draft.ordered()]
    except InvalidRequest as error:
        raise InvalidRequest(
            f"{variant.letter}: {error.message}", charge=error.charge, advice=error.advice
        ) from None


def _job(comparison_id: str, variant: Variant, take: int, requests: list[MusicRequest]) -> Job:
    return Job(
        expected_id(comparison_id, variant.letter, take),
        variant.letter,
        take,
        len(requests),
        variant.model_id,
        requests[take - 1],
    )
