"""Every screen in every state, as steps that lead there.

The steps use what a person sees and hears named: roles and labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from playwright.sync_api import Page, expect
from support.full_library import FAILED, READY, STUCK, UNKNOWN, WAITING
from support.screens import (
    READY_MS,
    card,
    choose_model,
    expect_ready,
    images_field,
    open_new_form,
    open_options,
    open_screen,
    order_button,
    settle,
    write_prompt,
)

Visit = Callable[[Page, str], None]


def create(page: Page, url: str) -> None:
    """The form, and beside it what was made and what is being made."""
    open_new_form(page, url)
    expect(card(page, STUCK)).to_contain_text("Generating", timeout=READY_MS)
    expect_ready(card(page, READY))


def coached(page: Page, url: str) -> None:
    """A prompt to which the coach has a lot to say."""
    open_new_form(page, url)
    write_prompt(
        page, "Something in the style of Taylor Swift, ten minutes, instrumental. Lyrics: la"
    )
    page.get_by_label("Prompt", exact=True).blur()
    settle(page)
    expect(page.locator(".st-key-coach").get_by_role("button").first).to_be_visible()


def compared(page: Page, url: str) -> None:
    """Several models at once, with the fields that only one of them reads."""
    open_new_form(page, url)
    choose_model(page, "Lyria 2")
    write_prompt(page, "Calm folk, 90 BPM, fingerpicked guitar, in G major")
    open_options(page)
    page.get_by_role("button", name=re.compile("^Lyria 3 Pro ·")).click()
    page.get_by_role("textbox", name=re.compile("^Seed")).fill("42")
    page.get_by_label("Takes", exact=True).fill("3")
    page.get_by_label("Takes", exact=True).press("Enter")
    expect(order_button(page)).to_contain_text("Make 6 tracks")
    page.mouse.move(0, 0)
    settle(page)


def built(page: Page, url: str) -> None:
    """The parts of a prompt, with sections whose times overlap."""
    open_new_form(page, url)
    page.get_by_role("radio", name="Build", exact=True).click()
    page.get_by_label("Era or region").fill("1980s Manchester")
    for row, times in enumerate((("0:00", "0:20"), ("0:15", "0:30"))):
        page.get_by_role("button", name=re.compile("^(Add sections|Add a section)$")).click()
        expect(page.get_by_label("Lyrics", exact=True)).to_have_count(row + 1)
        settle(page)
        for label, time in zip(("From", "To"), times, strict=True):
            field = page.get_by_label(label, exact=True).nth(row)
            field.fill(time)
            field.press("Enter")
            expect(page.get_by_label("Prompt as it will be sent")).to_have_value(re.compile(time))
            settle(page)
    expect(page.locator(".lyria-timeline")).to_be_visible()


def pictured(page: Page, url: str) -> None:
    """Images of a prompt: some to be seen, one that is refused."""
    open_new_form(page, url)
    write_prompt(page, "Music for these pictures, calm, 80 BPM, piano")
    addresses = [f"https://pictures.example/{'x' * n}.png" for n in range(1, 5)]
    field = images_field(page)
    field.fill("\n".join([*addresses, "http://a.example/b.png"]))
    field.press("Control+Enter")
    expect(page.locator(".st-key-pictures img")).to_have_count(4, timeout=READY_MS)
    expect(page.get_by_text("Image 5: Only https")).to_be_visible()
    settle(page)


def playing(page: Page, url: str) -> None:
    """A sound that goes on while another screen is looked at."""
    history(page, url)
    card(page, READY).get_by_role("button", name=re.compile("^Play")).click()
    expect(card(page, READY).get_by_role("button", name=re.compile("^Pause"))).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("group", name="Now playing")).to_be_visible()
    settle(page)


def models(page: Page, url: str) -> None:
    """The models side by side."""
    open_new_form(page, url)
    page.get_by_role("button", name="Models").click()
    expect(page.get_by_text("instrumental only")).to_be_visible()


def refused(page: Page, url: str) -> None:
    """The sentence that answers an order without a prompt."""
    open_new_form(page, url)
    order_button(page).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    settle(page)


def templates(page: Page, url: str) -> None:
    """The dialog of starting points, with the part for a person's own."""
    open_new_form(page, url)
    page.get_by_role("button", name="Templates").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("^Play")).first.wait_for()
    dialog.get_by_text("Your own templates").click()
    expect(dialog.get_by_label("Save what is in the form as")).to_be_visible()
    settle(page)


def history(page: Page, url: str) -> None:
    """A card in every state."""
    open_screen(page, f"{url}/history")
    expect(card(page, FAILED)).to_contain_text("Failed")
    expect(card(page, UNKNOWN)).to_contain_text("Unknown")
    expect_ready(card(page, READY))


def odd_prompts(page: Page, url: str) -> None:
    """Prompts that are not plain English, and a job whose key is gone."""
    open_screen(page, f"{url}/history")
    page.get_by_role("button", name=re.compile("next", re.IGNORECASE)).click()
    expect(card(page, "<b>Bold</b>")).to_be_visible()
    expect(card(page, WAITING)).to_contain_text("Needs action")
    settle(page)


def filtered(page: Page, url: str) -> None:
    """A search that finds nothing."""
    open_screen(page, f"{url}/history?search=nothing-is-called-so")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()


def settling(page: Page, url: str) -> None:
    """What is asked where nobody knows whether a job was paid."""
    history(page, url)
    card(page, UNKNOWN).get_by_role("button", name="Settle").click()
    expect(page.get_by_label("Request id")).to_be_visible()


def details(page: Page, url: str) -> None:
    """Everything that is known of a track."""
    history(page, url)
    card(page, READY).get_by_role("button", name="Details").click()
    expect(page.get_by_text("Request id at the gateway")).to_be_visible()


def pricing(page: Page, url: str) -> None:
    """Prices, an estimate and what was spent."""
    open_screen(page, f"{url}/pricing")
    expect(page.get_by_role("heading", name="Spending")).to_be_visible()


def settings(page: Page, url: str) -> None:
    """The gateway, the key, the budget; with the table of test keys open."""
    open_screen(page, f"{url}/settings")
    page.get_by_text("Test keys and marks of demo mode").click()
    expect(page.get_by_text("sandbox-empty")).to_be_visible()


def first_visit(page: Page, url: str) -> None:
    """What somebody sees who has made nothing yet."""
    open_new_form(page, url)
    expect(page.get_by_role("button", name=re.compile("sample track"))).to_be_visible()


def empty_history(page: Page, url: str) -> None:
    """History before the first track."""
    open_screen(page, f"{url}/history")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()


def empty_pricing(page: Page, url: str) -> None:
    """Pricing before the first track."""
    open_screen(page, f"{url}/pricing")
    expect(page.get_by_text("Nothing spent yet.")).to_be_visible()


EMPTY: Mapping[str, Visit] = MappingProxyType(
    {visit.__name__: visit for visit in (first_visit, empty_history, empty_pricing)}
)
"""Of an app with an empty library."""

FULL: Mapping[str, Visit] = MappingProxyType(
    {
        visit.__name__: visit
        for visit in (
            create,
            coached,
            compared,
            built,
            pictured,
            models,
            refused,
            templates,
            history,
            odd_prompts,
            filtered,
            settling,
            details,
            playing,
            pricing,
            settings,
        )
    }
)
"""Of an app with the library of `full_library`."""
