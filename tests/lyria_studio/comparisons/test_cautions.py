"""What a person is told to beware of."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.comparisons import HARP, PIANO, any_variants, generation, variants

from lyria_studio.comparisons import Kind, cautions_of_takes, cautions_of_variants
from lyria_studio.model.comparison import Variant


def kinds(some: tuple[Variant, ...], takes: int = 4) -> list[Kind]:
    return [caution.kind for caution in cautions_of_variants(some, takes)]


def test_one_change_and_several_takes_need_no_caution() -> None:
    assert kinds(variants(PIANO, HARP)) == []
    assert kinds(variants(PIANO)) == []


def test_the_same_twice_is_no_comparison_of_prompts() -> None:
    assert kinds(variants(PIANO, PIANO)) == [Kind.SAME]
    assert kinds(variants(PIANO, HARP, HARP)) == [Kind.SAME]


def test_more_than_one_change_is_named() -> None:
    [caution] = cautions_of_variants(variants(PIANO, HARP.replace("96", "120")), 4)
    assert caution.kind is Kind.SEVERAL
    assert "B differs from A in the words in two places:" in caution.text
    a, b = variants(PIANO, HARP)
    [several, *_] = cautions_of_variants((a, replace(b, model_id="lyria-2")), 4)
    assert "the words and the model" in several.text


def test_one_take_each_is_mostly_chance_unless_one_seed_holds_all() -> None:
    for takes in (1, 2, 3):
        assert kinds(variants(PIANO, HARP), takes) == [Kind.CHANCE]
    assert kinds(variants(PIANO, HARP, model="lyria-2"), 1) == [Kind.CHANCE]
    assert kinds(variants(PIANO, HARP, model="lyria-2", seed=7), 1) == []


def test_the_sandbox_gives_one_take_of_every_variant_one_seed() -> None:
    for takes, which in ((1, "All variants"), (3, "Take 1 of every variant")):
        [caution] = cautions_of_variants(variants(PIANO, HARP), takes, sandbox=True)
        assert caution.kind is Kind.SEED
        assert which in caution.text


def test_different_seeds_are_named() -> None:
    a, b = variants(PIANO, HARP, model="lyria-2", seed=7)
    assert kinds((a, replace(b, seed=8))) == [Kind.SEED]
    assert kinds((a, replace(b, seed=None))) == [Kind.SEED]


def test_models_of_different_length_give_the_answer_away() -> None:
    a, b = variants(PIANO, PIANO)
    assert kinds((a, replace(b, model_id="lyria-3-pro"))) == [Kind.LENGTH]
    assert kinds((a, replace(b, model_id="lyria-2"))) == []


def test_recordings_are_judged_by_what_was_measured() -> None:
    a, b = variants(PIANO, HARP)
    alike = {"A": [generation(a, gateway="live")], "B": [generation(b, gateway="live")]}
    assert cautions_of_takes(alike) == []
    unlike = {
        "A": [generation(a, gateway="live", duration_s=30, loudness_lufs=-14)],
        "B": [generation(b, gateway="live", duration_s=125, loudness_lufs=-11.5)],
    }
    length, loudness = cautions_of_takes(unlike)
    assert "from 0:30 to 2:05" in length.text
    assert "2.5 LU" in loudness.text


@pytest.mark.parametrize(("silent", "expected"), [(0, []), (16, []), (20, [Kind.SILENCE])])
def test_silence_at_the_beginning_gives_the_answer_away(silent: int, expected: list[Kind]) -> None:
    a, b = variants(PIANO, HARP)
    one, other = generation(a, gateway="live"), generation(b, gateway="live")
    [track] = other.tracks
    # A thousand slices of 30 s: 17 of them are half a second.
    peaks = bytes(2 * silent) + b"\xc0\x40" * (1000 - silent)
    late = replace(other, tracks=(replace(track, peaks=peaks, duration_s=30.0),))
    found = cautions_of_takes({"A": [one], "B": [late]})
    assert [caution.kind for caution in found] == expected


@pytest.mark.parametrize(
    ("duration_s", "loudness_lufs", "expected"),
    [
        (31.0, -14.0, []),
        (31.1, -14.0, [Kind.LENGTH]),
        (28.9, -14.0, [Kind.LENGTH]),
        (30.0, -13.0, []),
        (30.0, -12.9, [Kind.LOUDNESS]),
        (30.0, -15.1, [Kind.LOUDNESS]),
    ],
)
def test_more_than_one_second_or_one_loudness_unit_apart_is_named(
    duration_s: float, loudness_lufs: float, expected: list[Kind]
) -> None:
    a, b = variants(PIANO, HARP)
    takes = {
        "A": [generation(a, gateway="live", duration_s=30, loudness_lufs=-14)],
        "B": [
            generation(b, gateway="live", duration_s=duration_s, loudness_lufs=loudness_lufs),
        ],
    }
    assert [caution.kind for caution in cautions_of_takes(takes)] == expected


def test_the_sandbox_is_never_taken_for_lyria() -> None:
    a, b = variants(PIANO, HARP)
    [sandbox] = cautions_of_takes({"A": [generation(a)], "B": [generation(b)]})
    assert "not about Lyria" in sandbox.text
    [mixed] = cautions_of_takes({"A": [generation(a)], "B": [generation(b, gateway="live")]})
    assert mixed.kind is Kind.GATEWAYS


@given(any_variants(least=2), st.integers(1, 8))
def test_every_caution_is_one_paragraph_without_the_prompt(
    some: tuple[Variant, ...], takes: int
) -> None:
    for caution in cautions_of_variants(some, takes):
        assert caution.text.endswith(".")
        assert "\n" not in caution.text
