"""What differs between two variants."""

from dataclasses import replace

import pytest
from hypothesis import given
from support.comparisons import HARP, PIANO, any_variants, texts, variants

from lyria_studio.comparisons import differences, sent
from lyria_studio.model.comparison import Variant


@pytest.mark.parametrize(
    ("other", "title", "causes"),
    [
        (HARP, "piano → harp", 1),
        (PIANO.replace("96", "120"), "96 → 120", 1),
        (PIANO.replace("Calm ", ""), "removed Calm", 1),
        (f"{PIANO} Rain.", "added Rain", 1),
        (f"{PIANO[:-1]} with rain", "added with rain", 1),
        (HARP.replace("96", "120"), "piano → harp and more", 2),
        (PIANO, "the same request twice", 0),
    ],
)
def test_a_change_of_words_is_named(other: str, title: str, causes: int) -> None:
    found = differences(*variants(PIANO, other))
    assert (found.title, found.causes) == (title, causes)


def test_each_thing_beside_the_words_is_named() -> None:
    (a,) = variants(PIANO, model="lyria-2", seed=7)
    other = replace(a, model_id="lyria-3", images=("https://a.example/1.png",))
    found = differences(a, other)
    assert found.things == ("the model", "the images")
    assert found.models == ("Lyria 2", "Lyria 3")
    left_out = differences(a, replace(a, negative_prompt="drums"))
    assert left_out.things == ("the negative prompt",)
    reseeded = differences(a, replace(a, seed=8))
    assert (reseeded.causes, reseeded.seeds, reseeded.title) == (0, True, "another seed")


def test_what_a_model_does_not_read_makes_no_difference() -> None:
    (a,) = variants(PIANO, model="lyria-3-pro")
    assert not differences(a, replace(a, negative_prompt="drums", seed=3)).causes
    assert not differences(a, replace(a, seed=3)).seeds


@given(any_variants())
def test_nothing_differs_from_itself(given_variants: tuple[Variant, ...]) -> None:
    for variant in given_variants:
        found = differences(variant, variant)
        assert (found.causes, found.seeds, found.things) == (0, False, ())
        assert sent(sent(variant)) == sent(variant)


@given(texts, texts)
def test_words_differ_where_the_prompts_differ(one: str, other: str) -> None:
    found = differences(*variants(one, other))
    back = differences(*variants(other, one))
    assert bool(found.words) == bool(back.words)
    if "".join(one.split()) != "".join(other.split()):
        assert found.words
        assert "the words" in found.things[0]
