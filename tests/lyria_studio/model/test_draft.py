"""What the form accepts, and what it makes of it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lyria_core import MODELS, Charge, InvalidRequest
from lyria_studio.model.draft import MAX_PROMPT_CHARACTERS, MAX_SEED, MAX_TAKES, Draft


@given(model=st.sampled_from(sorted(MODELS)), takes=st.integers(1, MAX_TAKES))
def test_the_price_is_the_catalogues_for_every_take(model: str, takes: int) -> None:
    draft = Draft(model=model, prompt="calm piano", takes=takes)
    assert draft.price_usd() == MODELS[model].price_usd * takes
    assert [(take.number, take.of) for take in draft.ordered()] == [
        (number, takes) for number in range(1, takes + 1)
    ]


def test_the_prices_are_those_of_the_reference() -> None:
    prices = {id_: Draft(model=id_, prompt="x", takes=2).price_usd() for id_ in MODELS}
    assert prices == {
        "lyria-3-pro": Decimal("0.16"),
        "lyria-3": Decimal("0.08"),
        "lyria-2": Decimal("0.12"),
    }


def test_images_are_one_address_a_line_or_a_word() -> None:
    draft = Draft(
        model="lyria-3", prompt="x", images=" https://a.example/1.jpg\n\nhttps://b.example/2.png "
    )
    [take] = draft.ordered()
    assert take.request.payload()["images"] == [
        "https://a.example/1.jpg",
        "https://b.example/2.png",
    ]


def test_takes_with_a_seed_count_up_from_it() -> None:
    draft = Draft(model="lyria-2", prompt="x", seed=" 42 ", takes=3)
    assert [take.request.seed for take in draft.ordered()] == [42, 43, 44]


def test_fields_that_the_model_does_not_take_are_left_out() -> None:
    image = "https://a.example/1.jpg"
    whole = Draft("lyria-2", "x", images=image, negative_prompt="drums", seed="1")
    [two] = whole.ordered()
    [three] = replace(whole, model="lyria-3").ordered()
    assert two.request.payload() == {"prompt": "x", "negative_prompt": "drums", "seed": 1}
    assert three.request.payload() == {"prompt": "x", "images": [image]}


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        pytest.param(Draft(model="lyria-3", prompt=" \n "), "prompt", id="empty prompt"),
        pytest.param(
            Draft(model="lyria-3", prompt="x" * (MAX_PROMPT_CHARACTERS + 1)),
            "20,001 characters",
            id="prompt too long",
        ),
        pytest.param(
            Draft(
                model="lyria-3",
                prompt="x",
                images="\n".join(f"https://a.example/{n}.jpg" for n in range(11)),
            ),
            "10 images",
            id="eleven images",
        ),
        pytest.param(
            Draft(model="lyria-3-pro", prompt="x", images="sunset.jpg"), "Image 1", id="bad URL"
        ),
        pytest.param(
            Draft(model="lyria-2", prompt="x", seed="forty-two"), "seed", id="seed is a word"
        ),
        pytest.param(Draft(model="lyria-2", prompt="x", seed="1.5"), "seed", id="seed is 1.5"),
        pytest.param(Draft(model="lyria-2", prompt="x", seed="-1"), "seed", id="seed below 0"),
        pytest.param(
            Draft(model="lyria-2", prompt="x", seed=str(MAX_SEED), takes=2), "seed", id="seed ends"
        ),
        pytest.param(Draft(model="lyria-2", prompt="x", takes=0), "takes", id="no takes"),
        pytest.param(Draft(model="lyria-2", prompt="x", takes=9), "takes", id="nine takes"),
    ],
)
def test_a_wrong_field_is_refused_before_anything_is_sent(draft: Draft, says: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        draft.ordered()
    assert refused.value.charge is Charge.NO
    assert says in refused.value.message
    assert refused.value.advice


@given(seed=st.text(max_size=30) | st.from_regex(r"\s*[+-]?\d{1,17}\s*", fullmatch=True))
@example(seed="0\x1f")
def test_any_text_as_a_seed_is_a_request_or_a_refusal(seed: str) -> None:
    try:
        [take] = Draft(model="lyria-2", prompt="x", seed=seed).ordered()
    except InvalidRequest:
        return
    assert take.request.seed is None or 0 <= take.request.seed <= MAX_SEED


def test_several_models_get_the_same_prompt_and_the_price_is_the_sum() -> None:
    draft = Draft("lyria-3", "x", seed="5", takes=2, also=("lyria-2", "lyria-3"))
    assert draft.count == 4
    assert draft.price_usd() == Decimal("0.20")
    made = [(take.request.model, take.request.seed, take.number) for take in draft.ordered()]
    assert made == [
        ("lyria-3", None, 1),
        ("lyria-3", None, 2),
        ("lyria-2", 5, 1),
        ("lyria-2", 6, 2),
    ]


def test_what_no_model_takes_is_named() -> None:
    draft = Draft("lyria-2", "x", images="https://a.example/1.jpg", seed="5")
    assert draft.parked() == ["images"]
    assert replace(draft, also=("lyria-3",)).parked() == []
    assert replace(draft, model="lyria-3").parked() == ["the seed"]
