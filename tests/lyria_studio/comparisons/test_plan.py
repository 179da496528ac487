"""What a comparison has to order."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.comparisons import HARP, NOW, PIANO, any_variants, generation, variants

from lyria_core import MODELS, InvalidRequest
from lyria_studio.comparisons import (
    Sketch,
    lost_orders,
    plan_missing,
    plan_replacement,
    plan_sketch,
    price_of,
    standing,
)
from lyria_studio.model.comparison import Comparison, Slot, Variant
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

ID = "0" * 31 + "c"
A, B = variants(PIANO, HARP)


def stored(slots: tuple[Slot, ...], takes: int = 1) -> Comparison:
    return Comparison(ID, "x", NOW, NOW, takes, None, None, (A, B), slots)


def test_a_track_that_exists_is_not_paid_again() -> None:
    there = generation(A)
    sketch = Sketch((A, B), takes=2, kept={("A", 1): there.id})
    plan = plan_sketch(ID, sketch, {there.id: there})
    assert [job.id for job in plan.jobs] == [f"{ID}-A2", f"{ID}-B1", f"{ID}-B2"]
    assert plan.kept == {("A", 1): there.id}
    assert plan.price_usd == Decimal("0.12")
    assert price_of(sketch, {there.id: there}) == (3, Decimal("0.12"))
    assert set(plan.filled) == {("A", 1), ("A", 2), ("B", 1), ("B", 2)}


@pytest.mark.parametrize(
    "there",
    [
        pytest.param(generation(B, id_="t"), id="made from other words"),
        pytest.param(generation(A, id_="t", state=State.FAILED), id="failed"),
        pytest.param(generation(A, id_="t", state=State.UNKNOWN), id="outcome unknown"),
    ],
)
def test_a_track_that_does_not_fit_is_ordered_again(there: Generation) -> None:
    plan = plan_sketch(ID, Sketch((A, B), kept={("A", 1): "t"}), {"t": there})
    assert (len(plan.jobs), plan.kept) == (2, {})


def test_what_is_still_being_made_is_taken_over() -> None:
    there = generation(A, state=State.PROCESSING)
    assert (
        len(plan_sketch(ID, Sketch((A, B), kept={("A", 1): there.id}), {there.id: there}).jobs) == 1
    )


def test_takes_count_up_from_the_seed() -> None:
    (a,) = variants(PIANO, model="lyria-2", seed=40)
    jobs = plan_sketch(ID, Sketch((a,), takes=3), {}).jobs
    assert [job.request.seed for job in jobs] == [40, 41, 42]


def test_a_refusal_names_the_letter() -> None:
    with pytest.raises(InvalidRequest, match=r"^B: .*prompt"):
        plan_sketch(ID, Sketch(variants(PIANO, " ")), {})


def test_only_what_was_never_ordered_is_missing() -> None:
    comparison = stored((Slot("A", 1, "a"), Slot("A", 2), Slot("B", 1, "b"), Slot("B", 2)), 2)
    assert [job.id for job in plan_missing(comparison).jobs] == [f"{ID}-A2", f"{ID}-B2"]


def test_a_replacement_has_one_id_for_each_failure() -> None:
    first = Slot("B", 1, f"{ID}-B1")
    second = Slot("B", 1, f"{ID}-B1-2", (f"{ID}-B1",))
    ids = [plan_replacement(stored((slot,)), slot).jobs[0].id for slot in (first, first, second)]
    assert ids == [f"{ID}-B1-2", f"{ID}-B1-2", f"{ID}-B1-3"]


def test_an_order_that_a_crash_kept_from_its_slot_is_found() -> None:
    comparison = stored((Slot("A", 1), Slot("B", 1, "other")))
    there = generation(A, id_=f"{ID}-A1")
    also = generation(B, id_=f"{ID}-B1")
    assert lost_orders(comparison, {there.id: there, also.id: also}) == {("A", 1): there.id}


@given(any_variants(), st.integers(1, 8), st.data())
def test_a_click_orders_each_slot_once_or_takes_it_over(
    some: tuple[Variant, ...], takes: int, data: st.DataObject
) -> None:
    spots = [(one.letter, take) for one in some for take in range(1, takes + 1)]
    chosen = data.draw(st.sets(st.sampled_from(spots)))
    known = {
        f"{letter}{take}": generation(
            next(one for one in some if one.letter == letter),
            take,
            id_=f"{letter}{take}",
            state=data.draw(st.sampled_from([State.READY, State.QUEUED, State.ERROR])),
        )
        for letter, take in chosen
    }
    sketch = Sketch(some, takes, kept={spot: f"{spot[0]}{spot[1]}" for spot in chosen})
    plan = plan_sketch(ID, sketch, known)
    assert sorted(plan.filled) == sorted(spots)
    assert len({*plan.filled.values()}) == len(spots)
    assert price_of(sketch, known) == (len(plan.jobs), plan.price_usd)
    assert plan.price_usd == sum((MODELS[job.model_id].price_usd for job in plan.jobs), Decimal(0))
    assert all(re.fullmatch("[0-9A-Za-z][0-9A-Za-z_-]{7,63}", job.id) for job in plan.jobs)
    assert all(known[id_].state is not State.ERROR for id_ in plan.kept.values())


def test_progress_is_one_sentence() -> None:
    comparison = stored(
        (Slot("A", 1, "ready"), Slot("A", 2, "making"), Slot("B", 1, "failed"), Slot("B", 2)), 2
    )
    known = {
        "ready": generation(A, id_="ready"),
        "making": generation(A, 2, id_="making", state=State.PROCESSING),
        "failed": generation(B, id_="failed", state=State.FAILED),
    }
    now = standing(comparison, known)
    assert now.sentence() == (
        "1 of 4 takes are ready, 1 generating, 1 needs action, 1 not ordered yet."
    )
    assert (now.missing, now.failed, now.letters) == ([("B", 2)], [("B", 1)], ("A",))
    assert not now.whole
