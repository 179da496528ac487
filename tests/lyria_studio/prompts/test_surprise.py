"""Prompts drawn at random: varied, and with nothing left to say."""

from random import Random

import pytest

from lyria_core import MODELS
from lyria_studio.prompts import advise, surprise, title_of

PROMPTS = [surprise(Random(seed)) for seed in range(200)]


def test_surprises_vary() -> None:
    assert len(set(PROMPTS)) > 190
    assert len({title_of(prompt) for prompt in PROMPTS}) > 100


@pytest.mark.parametrize("model", MODELS)
def test_a_surprise_leaves_no_tip(model: str) -> None:
    told = {advice.message for prompt in PROMPTS for advice in advise(prompt, "", (), model)}
    assert told == set()
