"""The Pricing screen, driven without a browser."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words
from support.library_rows import Clock, in_state, request_id_of, takes

from lyria_core import MODELS
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services
from lyria_studio.ui import spending

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "studio.py"
Settled = Callable[[], list[Generation]]


@pytest.fixture
def pricing(app: AppTest) -> AppTest:
    """The Pricing screen as it opens."""
    return app.switch_page("pricing.py").run()


def table(app: AppTest, number: int) -> list[dict[str, str]]:
    """The rows of the n-th table of ours, by column; a bare cell, without what a phone adds."""
    tables = [html.proto.body for html in app.get("html") if "<table" in html.proto.body]
    bare = re.sub(r"<span.*?</span>", "", tables[number])
    names, *rows = [
        [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", bare)
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_prices_are_the_catalogues(pricing: AppTest) -> None:
    prices = table(pricing, 0)
    assert [row["Model"] for row in prices] == [model.name for model in MODELS.values()]
    assert [row["Price"] for row in prices] == [f"${m.price_usd}" for m in MODELS.values()]


def test_the_estimate_adds_up(pricing: AppTest) -> None:
    assert pricing.metric[0].value == "$0.00"
    pricing.number_input(key="estimate-lyria-3-pro").set_value(25).run()
    pricing.number_input(key="estimate-lyria-3").set_value(3).run()
    pricing.number_input(key="estimate-lyria-2").set_value(1).run()
    assert pricing.metric[0].value == "$2.18"


def test_what_was_spent_adds_up(app: AppTest, settled: Settled) -> None:
    assert "Nothing spent yet." in words(app.switch_page("pricing.py").run())
    app.switch_page("create.py").run()
    for prompt in ("Waltz", "[[error]] Polka", "[[fail]] March"):
        app.text_area(key="prompt").set_value(prompt).run()
        app.button(key="generate").click().run()
    settled()
    app.switch_page("pricing.py").run()
    lyria, total = table(app, 1)
    assert (lyria["Model"], total["Model"]) == ("Lyria 3", "Total")
    for row in (lyria, total):
        assert {name: text for name, text in row.items() if name != "Model"} == {
            "Tracks": "3",
            "Spent": "$0.08 (demo)",
            "Charged": "$0.04 (demo)",
            "Reserved": "$0.00 (demo)",
            "Maybe charged": "$0.04 (demo)",
            "Not charged": "$0.04 (demo)",
        }
    app.segmented_control(key="spent_purse").set_value("Real money").run()
    assert "Nothing spent yet." in words(app), "no real money was"


PERIODS = [
    ("7 days", "$0.04", ["2026-11-27"]),
    ("30 days", "$0.08", ["2026-10-29", "2026-11-27"]),
    ("12 months", "$0.12", ["2026-02-01", "2026-10-01", "2026-11-01"]),
    ("All", "$0.16", ["2024-05-01", "2026-02-01", "2026-10-01", "2026-11-01"]),
]


@pytest.fixture
def spent(services: Services, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The screen after four tracks, the oldest two years ago, in Kolkata."""
    services.library.ledger.set_preferences(timezone="Asia/Kolkata")
    clock = Clock()
    with Library(services.settings.home, clock=clock) as library:
        for moment in (
            "2024-05-05T12:00",
            "2026-02-03T12:00",
            "2026-10-28T18:30",
            "2026-11-27T09:00",
        ):
            clock.now = datetime.fromisoformat(f"{moment}+00:00")
            in_state(library, State.READY)
    monkeypatch.setattr(services.library, "now", lambda: clock.now)
    app = AppTest.from_file(str(SCRIPT), default_timeout=20).run()
    return app.switch_page("pricing.py").run()


@pytest.mark.parametrize(("period", "spent_usd", "bars"), PERIODS, ids=[row[0] for row in PERIODS])
def test_chart_table_and_file_are_of_the_chosen_period(
    spent: AppTest, services: Services, period: str, spent_usd: str, bars: list[str]
) -> None:
    spent.segmented_control(key="spent_period").set_value(period).run()
    assert table(spent, 1)[-1]["Spent"] == spent_usd
    months = period in {"12 months", "All"}
    since = spending.PERIODS[period].since(services.library.now(), services.zone)
    sums = services.library.ledger.spending("live", services.zone, since=since, months=months)
    frame = spending.frame(sums)
    assert sorted(frame["day"]) == bars
    lines = spending.csv(services, "live", since).decode().splitlines()
    assert lines[0] == (
        "day,model,tracks,spent_usd,charged_usd,reserved_usd,maybe_charged_usd,not_charged_usd"
    )
    assert len(lines) == len(bars) + 1
    assert lines[1] == "2026-11-27,lyria-3,1,0.0400,0.0400,0.0000,0.0000,0.0000"


def test_axis_of_time_has_room_for_days_without_spending() -> None:
    axis = spending.chart(date(2026, 10, 29), date(2026, 11, 27), by_month=False)["encoding"]["x"]
    assert axis["type"] == "temporal"
    assert [list(one.values())[:3] for one in axis["scale"]["domain"]] == [
        [2026, 10, 29],
        [2026, 11, 28],
    ]
    axis = spending.chart(date(2025, 12, 31), date(2026, 12, 31), by_month=True)["encoding"]["x"]
    assert [list(one.values())[:3] for one in axis["scale"]["domain"]] == [
        [2025, 12, 1],
        [2027, 1, 1],
    ]


def test_budgets_and_what_is_left_are_shown_in_demo_mode_too(
    app: AppTest, services: Services
) -> None:
    assert "No limit on real money yet." in words(app.switch_page("pricing.py").run())
    services.library.jobs.order(takes(model="lyria-3-pro"))
    services.library.ledger.set_preferences(
        daily_budget_usd=Decimal("0.20"), total_budget_usd=Decimal(5)
    )
    said = words(app.run())
    assert r"Today: \$0.08 of \$0.20 spent. \$0.12 left." in said
    assert r"In total: \$0.08 of \$5.00 spent. \$4.92 left." in said


# ---- reconcile ------------------------------------------------------------------------------


@pytest.fixture
def account(app: AppTest, services: Services) -> AppTest:
    """Paid, lost and unclear orders, and the Pricing screen."""
    library = services.library
    in_state(library, State.READY, form_id="0" * 31 + "1")
    in_state(library, State.FAILED, form_id="0" * 31 + "2")
    in_state(library, State.FAILED, form_id="0" * 31 + "3")
    in_state(library, State.UNKNOWN, form_id="0" * 31 + "4")
    return app.switch_page("pricing.py").run()


def listed(number: int) -> str:
    """A request id of the orders above."""
    return request_id_of(f"{number:032}-1")


def compare(app: AppTest, text: str = "", before: str = "", after: str = "") -> None:
    app.text_area(key="reconcile-list").set_value(text)
    app.text_input(key="reconcile-before").set_value(before)
    app.text_input(key="reconcile-after").set_value(after)
    [button] = [button for button in app.button if button.label == "Compare"]
    button.click().run()
    assert not app.exception


def test_pasted_list_settles_what_was_unclear_and_can_be_undone(
    account: AppTest, services: Services
) -> None:
    lost = "lyria-3_019d5721-lost-0001"
    compare(account, f"{listed(1)} $0.04\n{listed(2)} $0.04\n{lost} $0.04")
    assert "1 order matches. 1 missing here. Difference: $0.00." not in words(account)
    results = {row["Request id"]: row["Result"] for row in table(account, -1)}
    assert results == {
        listed(1): "Match",
        listed(2): "Unclear here, charged there",
        listed(3): "Unclear here, not charged there",
        lost: "Id found",
    }
    labels = [button.label for button in account.button if button.label.startswith("Settle ")]
    assert labels == [
        "Settle 1 order as charged",
        "Settle 1 order as not charged",
        "Settle 1 order by their ids",
    ]
    for key in ("charged", "free"):
        account.button(key=f"reconcile-{key}").click().run()
    total = services.library.ledger.spending().total
    assert (total.charged, total.freed) == (Decimal("0.08"), Decimal("0.04"))
    assert "Settled 2 orders." in words(account)
    account.button(key="reconcile-undo").click().run()
    total = services.library.ledger.spending().total
    assert (total.charged, total.freed) == (Decimal("0.04"), Decimal(0))
    account.button(key="reconcile-found").click().run()
    [found] = [one for one in services.library.tracks.latest() if one.request_id == lost]
    assert found.request_id_from == "person"


@pytest.mark.parametrize(
    ("before", "after", "sentences", "buttons"),
    [
        ("5", "4.96", ["They match: what is unclear was not charged."], ["free"]),
        ("5,00 $", "$4.84", ["They match if everything unclear was charged."], ["charged"]),
        ("5", "4.90", ["Difference: +$0.06."], []),
        ("5", "5", ["Difference: -$0.04."], []),
    ],
)
def test_balance_before_and_after_is_compared_to_the_cent(
    account: AppTest, before: str, after: str, sentences: list[str], buttons: list[str]
) -> None:
    compare(account, before=before, after=after)
    said = words(account)
    assert "This app counts $0.04 charged and $0.12 unclear." in said
    for sentence in sentences:
        assert sentence in said
    keys = {str(button.key) for button in account.button if button.label.startswith("Settle ")}
    assert keys == {f"reconcile-{name}" for name in buttons}


@pytest.mark.parametrize(
    ("text", "before", "said"),
    [
        ("There were no requests.", "", "No request id was found in this text."),
        ("", "lots", "This is not an amount in dollars."),
        ("", "", ""),
    ],
)
def test_what_cannot_be_compared_is_said(
    account: AppTest, services: Services, text: str, before: str, said: str
) -> None:
    compare(account, text, before)
    assert said in words(account)
    assert services.library.ledger.spending().total.charged == Decimal("0.04")
    assert not [button for button in account.button if button.label.startswith("Settle ")]
