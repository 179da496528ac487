from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_sandbox import CARDS
from lyria_sandbox.gateway.cards import LONGEST_S, take_marks

MARKS = [card.value for card in CARDS if card.kind == "mark"]


@pytest.mark.parametrize("written", MARKS)
def test_every_mark_of_the_table_is_taken_out(written: str) -> None:
    name = written.strip("[]").removesuffix(" N")

    prompt, marks = take_marks(f"slow blues {written.replace('N', '12.5')}")

    assert prompt == "slow blues"
    assert marks == {name: 12.5 if "N" in written else 0.0}


def test_marks_may_be_many_and_written_loosely() -> None:
    assert take_marks("[[FAIL]] jazz [[ slow  3 ]] trio") == ("jazz  trio", {"fail": 0, "slow": 3})


@pytest.mark.parametrize(
    "prompt", ["[[verse]] la", "[Verse]\nla", "[[slow]]", "[[fail 3]]", "[[ ]]", " two spaces "]
)
def test_other_brackets_stay_in_the_prompt(prompt: str) -> None:
    assert take_marks(prompt) == (prompt, {})


def test_seconds_are_bounded() -> None:
    assert take_marks("[[slow 999999]]") == ("", {"slow": LONGEST_S})


@given(st.text())
def test_any_prompt_is_accepted(text: str) -> None:
    prompt, marks = take_marks(text)

    assert marks or prompt == text


def test_table_of_cards_is_complete() -> None:
    assert len({card.value for card in CARDS}) == len(CARDS)
    for card in CARDS:
        assert card.kind in ("key", "mark")
        assert card.effect.endswith(".")
        assert card.charge
