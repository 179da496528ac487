"""A paying customer from the first key to the last cent, beside the gateway's own ledger."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.app_process import RunningApp, free_port, running_app
from support.paying_gateway import PayingGateway
from support.screens import open_screen, order_button, picture, settle, write_prompt
from support.stub_gateway import StubGateway

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

FIRST, SECOND, TYPED = "first-key", "second-key", "key-of-a-colleague"
READY_MS = 30_000


@dataclass
class Customer:
    """The app, its clock, and the gateway that it pays."""

    home: Path
    gateway: PayingGateway
    port: int = field(default_factory=free_port)

    @property
    def clock(self) -> Path:
        """The file with the time of the library."""
        return self.home / "clock"

    def at(self, moment: str) -> None:
        """Set the time of the library."""
        self.clock.write_text(moment)

    def app(self, key: str, **env: str) -> AbstractContextManager[RunningApp]:
        """Start the app with a key in its environment."""
        return running_app(
            self.home,
            {
                "PIXAZO_API_KEY": key,
                "LYRIA_BASE_URL": self.gateway.stub.url,
                "LYRIA_TEST_CLOCK": str(self.clock),
                "PYTHONPATH": os.pathsep.join(["tests", os.environ.get("PYTHONPATH", "")]),
                **env,
            },
            port=self.port,
            script="tests/support/clocked_app.py",
        )

    def charged(self) -> Decimal:
        """What the app's library says was charged, in US dollars."""
        with sqlite3.connect(f"file:{self.home / 'library.sqlite3'}?mode=ro", uri=True) as library:
            rows = library.execute("SELECT price_usd FROM generations WHERE charge = 'YES'")
            return sum((Decimal(price) for (price,) in rows), Decimal(0)) / 10_000


@pytest.fixture
def customer(tmp_path: Path) -> Iterator[Customer]:
    with StubGateway() as stub:
        customer = Customer(tmp_path / "home", PayingGateway(stub))
        customer.home.mkdir()
        yield customer


def new_page(browser: Browser, zone: str) -> Page:
    """A browser of its own in a time zone."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id=zone).new_page()
    page.set_default_timeout(20_000)
    return page


def make(page: Page, prompt: str, price: str, *, asked: str | None = None) -> None:
    """Order one track at a price that stands on the button."""
    expect(order_button(page)).to_have_text(re.compile(re.escape(f"Make 1 track · {price}") + "$"))
    write_prompt(page, prompt)
    order_button(page).click()
    if asked is not None:
        expect(page.get_by_text(f"{asked} Make 1 track for {price}?")).to_be_visible()
        page.get_by_role("button", name=f"Yes, pay {price}").click()
    settle(page)


def ready(page: Page, prompt: str) -> None:
    card = page.locator("[class*='st-key-create-']").filter(has_text=prompt).first
    expect(card.get_by_role("button", name=re.compile("^Play"))).to_be_visible(timeout=READY_MS)


def says(page: Page, sentence: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(sentence).first).to_be_visible(timeout=READY_MS)


def set_budget(page: Page, url: str, label: str, amount: str) -> None:
    open_screen(page, f"{url}/settings")
    page.get_by_label(label).fill(amount)
    page.get_by_role("button", name="Save budget").click()
    says(page, "Budget saved.")


def test_ledgers_agree_to_the_cent_through_everything(customer: Customer, browser: Browser) -> None:
    gateway = customer.gateway
    gateway.wallets = {FIRST: Decimal("0.04"), TYPED: Decimal(1)}
    customer.at("2026-11-27T17:30:00+00:00")  # 23:00 in Kolkata, 9:30 in Los Angeles
    kolkata = new_page(browser, "Asia/Kolkata")
    angeles = new_page(browser, "America/Los_Angeles")
    public = {"LYRIA_PUBLIC_URL": "https://nobody.example"}  # callbacks are asked for and lost

    with customer.app(FIRST, **public) as app:
        # The first browser names the zone of the day; a limit with a comma is understood.
        open_screen(kolkata, f"{app.url}/settings")
        says(kolkata, re.compile(r"^It is 23:\d\d there\. A new day begins at midnight\.$"))
        set_budget(kolkata, app.url, "Daily limit ($)", "0,20")
        open_screen(kolkata, app.url)
        host = gateway.stub.url.removeprefix("http://")
        says(kolkata, f"Orders cost real money. You pay {host} with the key from the environment.")
        says(kolkata, "Today: $0.00 of $0.20 spent. $0.20 left.")
        make(kolkata, "The wallet's last four cents", "$0.04")
        ready(kolkata, "The wallet's last four cents")
        says(kolkata, "Today: $0.04 of $0.20 spent. $0.16 left.")

        # The wallet is empty and the price has changed: both are told, nothing is charged.
        gateway.prices["lyria-3"] = Decimal("0.10")
        make(kolkata, "Not enough credit", "$0.04")
        says(kolkata, "Lyria 3: The gateway asks $0.10; this app counted $0.04.")
        assert gateway.charged == Decimal("0.04")

        # Topped up in the middle; the new price counts, and is written on a click.
        gateway.wallets[FIRST] = Decimal("0.50")
        make(kolkata, "At the new price", "$0.10")
        ready(kolkata, "At the new price")
        says(kolkata, "Today: $0.14 of $0.20 spent. $0.06 left, $0.04 too little.")
        open_screen(kolkata, f"{app.url}/pricing")
        says(kolkata, "The gateway asks $0.10; this app counted $0.04.")
        picture(kolkata, "price-changed")
        kolkata.get_by_role("button", name="Update price to $0.10").click()
        says(kolkata, "Price updated in models.toml: $0.10.")
        assert "price_usd = 0.10" in (customer.home / "models.toml").read_text()

        # Another browser, in another zone and with a key of its own, shares day and budget.
        open_screen(angeles, f"{app.url}/settings")
        angeles.get_by_label("API key", exact=True).fill("a-wrong-key")
        angeles.get_by_role("button", name="Use this key").click()
        says(angeles, "Key refused. It is not in use.")
        angeles.get_by_label("API key", exact=True).fill(TYPED)
        angeles.get_by_role("button", name="Use this key").click()
        says(angeles, "The gateway did not refuse the key. Balance is not checked.")
        says(
            angeles,
            "Another API key is used with this library, too. You share history, spending and "
            "budgets.",
        )
        picture(angeles, "two-keys")
        angeles.get_by_role("link", name="Create").click()
        settle(angeles)
        says(angeles, "Today: $0.14 of $0.20 spent. $0.06 left, $0.04 too little.")

        # Midnight in Kolkata: an open page learns of it by itself, in whatever zone it is.
        customer.at("2026-11-27T18:29:15+00:00")
        open_screen(kolkata, app.url)
        says(kolkata, "Today: $0.14 of $0.20 spent. $0.06 left, $0.04 too little.")
        expect(kolkata.get_by_text("Today: $0.00 of $0.20 spent. $0.20 left.")).to_be_visible(
            timeout=120_000
        )
        angeles.get_by_role("link", name="Pricing").click()
        settle(angeles)
        angeles.get_by_role("link", name="Create").click()
        settle(angeles)
        says(angeles, "Today: $0.00 of $0.20 spent. $0.20 left.")

        # A session budget survives a reload. A reload drops the typed key, and that is told.
        set_budget(kolkata, app.url, "Session limit ($)", "0.30")
        make(angeles, "With a key of one's own", "$0.10", asked="Another API key pays now.")
        ready(angeles, "With a key of one's own")
        angeles.reload()
        settle(angeles)
        says(angeles, "Another API key pays now. The next paid order asks first.")
        make(angeles, "After the reload", "$0.10", asked="Another API key pays now.")
        ready(angeles, "After the reload")
        says(angeles, "Today: $0.20 of $0.20 spent. $0.00 left, $0.10 too little.")
        open_screen(kolkata, app.url)
        set_budget(kolkata, app.url, "Daily limit ($)", "")
        open_screen(kolkata, app.url)
        says(kolkata, "This browser session: $0.14 of $0.30 spent. $0.16 left.")
        kolkata.reload()
        settle(kolkata)
        says(kolkata, "This browser session: $0.14 of $0.30 spent. $0.16 left.")
        assert len(gateway.callbacks) == 4, "every order asked to be called back, none was"

    # The key is rotated: the old one is refused, and the app starts with the new one.
    gateway.wallets[SECOND] = gateway.wallets.pop(FIRST)
    with customer.app(SECOND, LYRIA_BUDGET_TOTAL="0.60") as app:
        open_screen(kolkata, f"{app.url}/settings")
        says(kolkata, "Total limit $0.60, set where the app is started.")
        open_screen(kolkata, app.url)
        says(kolkata, "Another API key pays now. The next paid order asks first.")
        make(kolkata, "After the rotation", "$0.10", asked="Another API key pays now.")
        ready(kolkata, "After the rotation")
        says(kolkata, "This browser session: $0.24 of $0.30 spent. $0.06 left, $0.04 too little.")
        write_prompt(kolkata, "One too many")
        order_button(kolkata).click()
        says(
            kolkata,
            "This browser session: $0.24 of $0.30 spent. $0.06 left, $0.04 too little. Nothing "
            "was charged. Order less or raise the limit in Settings.",
        )
        open_screen(kolkata, f"{app.url}/pricing")
        spent = kolkata.get_by_role("table", name="Spending by model").get_by_role("row").last
        expect(spent).to_contain_text("$0.44")
        picture(kolkata, "all-spending")

    assert gateway.charged == Decimal("0.44")
    assert customer.charged() == gateway.charged
    assert {one.key for one in gateway.ledger} == {FIRST, SECOND, TYPED}
    kolkata.context.close()
    angeles.context.close()
