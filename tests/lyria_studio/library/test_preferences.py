from decimal import Decimal
from pathlib import Path

import pytest
from support.library_rows import Clock

from lyria_core import LyriaError
from lyria_studio.library import Library, Preferences


def test_choices_survive_a_restart(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        assert library.ledger.preferences() == Preferences()
        library.ledger.set_preferences(
            daily_budget_usd=Decimal("0.10"), public_url="https://studio.example/"
        )
        library.ledger.set_preferences(confirm_above_usd=None)
    with Library(tmp_path) as library:
        chosen = library.ledger.preferences()
    assert chosen == Preferences(
        daily_budget_usd=Decimal("0.10"),
        public_url="https://studio.example",
        confirm_above_usd=None,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"daily_budget_usd": Decimal(-1)},
        {"daily_budget_usd": Decimal("NaN")},
        {"public_url": "http://studio.example"},
        {"public_url": "https://"},
        {"timezone": "Middle/Earth"},
    ],
)
def test_a_wrong_choice_changes_nothing(library: Library, wrong: dict[str, object]) -> None:
    before = library.ledger.set_preferences(total_budget_usd=Decimal(3))
    with pytest.raises(LyriaError, match=r"amount|https|time zone"):
        library.ledger.set_preferences(total_budget_usd=Decimal(9), **wrong)
    assert library.ledger.preferences() == before


def test_a_choice_that_does_not_exist_is_a_mistake(library: Library) -> None:
    with pytest.raises(TypeError):
        library.ledger.set_preferences(colour="red")
    with pytest.raises(TypeError):
        library.ledger.set_preferences(daily_budget_usd=0.1)


def test_drafts_are_kept_by_form(library: Library, clock: Clock) -> None:
    assert library.tracks.draft("form-one") is None
    library.tracks.save_draft("form-one", {"prompt": "A", "takes": 2})
    library.tracks.save_draft("form-one", {"prompt": "AB", "takes": 2})
    library.tracks.save_draft("form-two", {"prompt": "C"})
    assert library.tracks.draft("form-one") == {"prompt": "AB", "takes": 2}
    clock.forward(days=31)
    library.tracks.save_draft("form-two", {"prompt": "D"})
    assert library.tracks.draft("form-one") is None
    assert library.tracks.draft("form-two") == {"prompt": "D"}
