"""From the form of a comparison to its takes in the library, and back to what stands there."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lyria_core import InvalidRequest
from lyria_studio.comparisons import (
    Plan,
    Sketch,
    Standing,
    lost_orders,
    plan_missing,
    plan_replacement,
    plan_sketch,
    replaceable,
    standing,
    usable,
)
from lyria_studio.keys import Access
from lyria_studio.library import Library
from lyria_studio.library.errors import UnknownComparison
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.draft import Take
from lyria_studio.model.generation import Generation
from lyria_studio.orders.from_form import send
from lyria_studio.services import Services

__all__ = ["Payer", "compare_tracks", "load", "order", "order_missing", "replace_take"]

_BY_TRACKS = uuid.UUID("5b0a1e0c-5a8b-4d0e-9a55-3f2a4a9d7c11")  # namespace of their ids


@dataclass(frozen=True)
class Payer:
    """Who pays for a click: what `lyria_studio.orders.from_form.send` asks for."""

    access: Access
    session_id: str


def load(library: Library, comparison_id: str) -> tuple[Comparison, Standing]:
    """Return a comparison and the state of its takes.

    Orders that a crash kept from being noted in their slots are noted now.

    Raises:
        UnknownComparison: there is none with this id.
    """
    comparison = library.listening.comparison(comparison_id)
    batch = {one.id: one for one in library.tracks.batch(comparison_id)}
    if lost := lost_orders(comparison, batch):
        comparison = library.listening.fill_slots(comparison_id, lost)
    others = (slot.generation_id for slot in comparison.slots if slot.generation_id)
    generations = batch | library.tracks.generations(id_ for id_ in others if id_ not in batch)
    return comparison, standing(comparison, generations)


def compare_tracks(library: Library, generations: Sequence[Generation]) -> Comparison:
    """Return the comparison of generations that exist: stored, whole, at no cost.

    Generations of one request are takes of one variant; where all are, each is a variant. The same
    generations give the same comparison, however often they are compared.

    Args:
        library: where it is stored.
        generations: two or more; those that failed are left out.

    Raises:
        InvalidRequest: fewer than two can be heard.
        LibraryError: it cannot be stored.
    """
    heard = {one.id: one for one in generations if usable(one)}
    if len(heard) < 2:
        raise InvalidRequest("There are fewer than two tracks.", advice="Choose two or more.")
    comparison_id = uuid.uuid5(_BY_TRACKS, ",".join(sorted(heard))).hex
    try:
        return library.listening.comparison(comparison_id)
    except UnknownComparison:
        sketch = Sketch.of_generations(list(heard.values()))
    takes = min(Counter(letter for letter, _ in sketch.kept).values())
    sketch = replace(
        sketch,
        takes=takes,
        # A form offers today's models only; a track may be of one that the catalogue has no more.
        variants=tuple(
            replace(one, model_id=heard[sketch.kept[one.letter, 1]].model_id)
            for one in sketch.variants
        ),
    )
    library.listening.save_comparison(sketch.new(comparison_id))
    filling = {spot: id_ for spot, id_ in sketch.kept.items() if spot[1] <= takes}
    return library.listening.fill_slots(comparison_id, filling)


def order(services: Services, comparison_id: str, sketch: Sketch, payer: Payer) -> Comparison:
    """Store a comparison, order the takes that do not exist, and note all in their slots.

    Whoever does it again, at any point of it, orders nothing twice.

    Args:
        services: the services.
        comparison_id: id of the comparison, new or stored.
        sketch: the form.
        payer: who pays.

    Raises:
        InvalidRequest: a variant cannot be sent; nothing was stored or sent.
        BudgetExceeded: it would cost more than the budget has left; nothing was ordered.
        LibraryError: it was ordered before, with other variants.
    """
    library = services.library
    plan = plan_sketch(comparison_id, sketch, library.tracks.generations(sketch.kept.values()))
    library.listening.save_comparison(sketch.new(comparison_id))
    return _carry_out(services, comparison_id, plan, payer)


def order_missing(services: Services, comparison_id: str, payer: Payer) -> Comparison:
    """Order what was never ordered of a comparison.

    Args:
        services: the services.
        comparison_id: which comparison.
        payer: who pays.

    Raises:
        As `order`.
    """
    comparison, _ = load(services.library, comparison_id)
    return _carry_out(services, comparison_id, plan_missing(comparison), payer)


def replace_take(
    services: Services, comparison_id: str, letter: str, take: int, failed_id: str, payer: Payer
) -> bool:
    """Order a new take in place of one that failed.

    Args:
        services: the services of this process.
        comparison_id: which comparison.
        letter: which variant.
        take: which of its takes.
        failed_id: the generation that the person saw there; if another one stands there now,
            nothing is done.
        payer: who pays.

    Returns:
        Whether it was replaced.

    Raises:
        As `order`.
    """
    library = services.library
    comparison = library.listening.comparison(comparison_id)
    slot = comparison.slot(letter, take)
    if slot.generation_id != failed_id or not replaceable(library.tracks.generation(failed_id)):
        return False
    plan = plan_replacement(comparison, slot)
    _send(services, comparison_id, plan, payer)
    library.listening.fill_slots(comparison_id, plan.filled)
    return True


def _carry_out(services: Services, comparison_id: str, plan: Plan, payer: Payer) -> Comparison:
    comparison, _ = load(services.library, comparison_id)
    open_spots = {
        (slot.letter, slot.take) for slot in comparison.slots if slot.generation_id is None
    }
    todo = Plan(
        tuple(job for job in plan.jobs if job.spot in open_spots),
        {spot: id_ for spot, id_ in plan.kept.items() if spot in open_spots},
    )
    _send(services, comparison_id, todo, payer)
    return (
        services.library.listening.fill_slots(comparison_id, todo.filled)
        if todo.filled
        else comparison
    )


def _send(services: Services, comparison_id: str, plan: Plan, payer: Payer) -> None:
    if plan.jobs:
        takes = {job.id: Take(job.request, job.take, job.takes) for job in plan.jobs}
        send(services, comparison_id, takes, payer.access, payer.session_id)
