"""The short names of variants."""

from dataclasses import replace

import pytest
from support.comparisons import HARP, PIANO, variants

from lyria_studio.comparisons import joined, lane_names
from lyria_studio.model.comparison import Variant

CELLO = PIANO.replace("piano", "cello")
(SEEDED,) = variants(PIANO, model="lyria-2", seed=7)


def on_models(*models: str) -> tuple[Variant, ...]:
    (one,) = variants(PIANO)
    return tuple(
        replace(one, letter=letter, model_id=model)
        for letter, model in zip("ABC", models, strict=False)
    )


@pytest.mark.parametrize(
    ("compared", "names"),
    [
        (variants(PIANO, HARP), ("piano", "harp")),
        (variants(PIANO, HARP, CELLO), ("piano", "harp", "cello")),
        (variants(PIANO, f"{PIANO} Rain."), ("original", "Rain")),
        (variants(PIANO, PIANO.replace("Calm ", "")), ("Calm", "without Calm")),
        (variants(PIANO, HARP, PIANO.replace("96", "120")), ("original", "harp", "120")),
        (variants(PIANO, HARP.replace("96", "120")), ("piano, 96", "harp, 120")),
        (variants(PIANO, HARP, PIANO), ("piano", "harp", "piano")),
        (on_models("lyria-3", "lyria-3-pro", "lyria-2"), ("Lyria 3", "Lyria 3 Pro", "Lyria 2")),
        (on_models("lyria-3", "gone-1"), ("Lyria 3", "gone-1")),
        ((SEEDED, replace(SEEDED, letter="B", seed=8)), ("seed 7", "seed 8")),
        (
            (SEEDED, replace(SEEDED, letter="B", negative_prompt="drums")),
            ("original", "without drums"),
        ),
        (variants(PIANO, PIANO, PIANO), ("Take 1", "Take 2", "Take 3")),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value[0], str) else "",
)
def test_a_variant_is_named_by_what_differs(
    compared: tuple[Variant, ...], names: tuple[str, ...]
) -> None:
    assert lane_names(compared) == names


def test_a_title_offers_the_names_as_a_choice() -> None:
    assert joined(["cello"]) == "Cello"
    assert joined(["cello", "harmonium"]) == "Cello or harmonium"
    assert joined(["Lyria 3", "Lyria 3 Pro", "Lyria 2"]) == "Lyria 3, Lyria 3 Pro or Lyria 2"
