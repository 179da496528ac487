"""A comparison that is being made."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.comparisons import HARP, NOW, PIANO, any_variants, generation, variants

from lyria_studio.comparisons import Sketch, fits
from lyria_studio.model.comparison import LETTERS, Comparison, Slot, Variant
from lyria_studio.model.draft import Draft

COMPARISON = Comparison(
    "c" * 32,
    "Piano or harp",
    NOW,
    NOW,
    2,
    None,
    None,
    variants(PIANO, HARP),
    (
        Slot("A", 1, "a1"),
        Slot("A", 2, "a2"),
        Slot("B", 1, "b1", ("b0",)),
        Slot("B", 2, None),
    ),
)


def test_a_prompt_becomes_a_and_its_copy_b() -> None:
    sketch = Sketch.of_draft(Draft("lyria-2", f" {PIANO} ", negative_prompt="drums", seed="7"))
    a, b = sketch.variants
    assert (a.prompt, a.negative_prompt, a.seed) == (PIANO, "drums", 7)
    assert b == replace(a, letter="B")


def test_further_models_of_the_form_become_variants() -> None:
    sketch = Sketch.of_draft(Draft("lyria-3", PIANO, takes=2, also=("lyria-2", "lyria-3-pro")))
    assert [one.model_id for one in sketch.variants] == ["lyria-3", "lyria-2", "lyria-3-pro"]
    assert sketch.takes == 2


def test_a_seed_that_is_none_is_left_behind() -> None:
    assert Sketch.of_draft(Draft("lyria-2", PIANO, seed="seven")).variants[0].seed is None


def test_tracks_of_one_request_are_takes_of_one_variant() -> None:
    a, b = variants(PIANO, HARP)
    made = [generation(a, 1), generation(b, 1), generation(a, 2)]
    sketch = Sketch.of_generations(made)
    assert [one.prompt for one in sketch.variants] == [PIANO, HARP]
    assert sketch.takes == 1, "as many as every letter has"
    assert sketch.kept == {("A", 1): made[0].id, ("A", 2): made[2].id, ("B", 1): made[1].id}


def test_takes_of_one_prompt_alone_are_compared_with_each_other() -> None:
    (a,) = variants(PIANO)
    sketch = Sketch.of_generations([generation(a, take) for take in (1, 2, 3)])
    assert [one.letter for one in sketch.variants] == ["A", "B", "C"]


def test_seeds_that_do_not_count_up_still_fit() -> None:
    (a,) = variants(PIANO, model="lyria-2", seed=40)
    (b,) = variants(HARP, model="lyria-2", seed=1)
    made = [generation(a, 1), generation(replace(a, seed=90), 1, id_="other"), generation(b)]
    sketch = Sketch.of_generations(made)
    assert sketch.variants[0].seed is None
    assert all(fits(one, sketch.variants[0], take) for take, one in enumerate(made[:2], 1))


def test_the_winner_goes_on_as_a_with_its_tracks() -> None:
    sketch = Sketch.of_winner(COMPARISON, "B")
    assert [one.prompt for one in sketch.variants] == [HARP, HARP]
    assert sketch.kept == {("A", 1): "b1"}
    assert (sketch.parent_id, sketch.parent_letter, sketch.takes) == (COMPARISON.id, "B", 2)


def test_it_is_named_after_what_differs_unless_it_was_named() -> None:
    sketch = Sketch(variants(PIANO, HARP))
    assert sketch.called == "Piano or harp"
    assert replace(sketch, name=" Mine ").called == "Mine"
    assert Sketch(variants(PIANO)).called == "Calm piano waltz"
    assert Sketch().called == "New comparison"


def test_taking_a_track_drops_what_was_kept_of_the_letter() -> None:
    a, b = variants(PIANO, HARP)
    sketch = Sketch((a, b), kept={("B", 1): "x", ("B", 2): "y", ("A", 1): "z"})
    found = sketch.with_track("B", generation(a, id_="track"))
    assert found.variants[1] == replace(a, letter="B")
    assert found.kept == {("A", 1): "z", ("B", 1): "track"}


@given(any_variants(), st.integers(1, 8), st.data())
def test_letters_stay_without_gaps(
    some: tuple[Variant, ...], takes: int, data: st.DataObject
) -> None:
    kept = {(one.letter, take): f"{one.prompt}{take}" for one in some for take in (1, takes)}
    sketch = Sketch(some, takes, kept=kept)
    for _ in range(4):
        if data.draw(st.booleans()):
            sketch = sketch.with_another()
        else:
            letter = data.draw(st.sampled_from([one.letter for one in sketch.variants]))
            sketch = sketch.without(letter)
        assert "".join(one.letter for one in sketch.variants) == LETTERS[: len(sketch.variants)]
        for (letter, take), id_ in sketch.kept.items():
            prompt = next(one.prompt for one in sketch.variants if one.letter == letter)
            assert id_ == f"{prompt}{take}", "a track stays with its variant"


@given(any_variants(), st.integers(1, 8))
def test_it_is_stored_and_read_as_it_was(some: tuple[Variant, ...], takes: int) -> None:
    sketch = Sketch(some, takes, "Name", {("A", takes): "x" * 32}, "p" * 32, "B")
    assert Sketch.of_fields(json.loads(json.dumps(sketch.fields()))) == sketch
