"""Listeners in a browser: a whole test on a phone, by keyboard alone, and with a bad network."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from support.axe import COLOURS, EVERYTHING, violations
from support.keyboard import Keyboard
from support.layout import layout_problems
from support.listening_page import choose, hear, ready, start, vote
from support.listening_tests import opened
from support.windows import shared_window

from lyria_studio.model.listening_test import ListeningKind, ListeningTest, Reveal
from lyria_studio.model.vote import Choice
from lyria_studio.services import Services

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SECONDS = 3.1  # a listener has to hear nine tenths of it
QUESTION = "Which one fits the rainy café better?"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A listener's phone."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


def invite(services: Services, **fields: object) -> ListeningTest:
    given = {"seconds": SECONDS, "question": QUESTION, "trials_per_listener": 2} | fields
    return opened(services, **given)  # type: ignore[arg-type]


def begin(page: Page, services: Services, url: str, test: ListeningTest) -> None:
    page.goto(services.listen_url(test, url))
    start(page)
    ready(page)


def at_pair(page: Page, number: int, of: int = 2) -> None:
    expect(page.get_by_text(f"Pair {number} of {of}", exact=True)).to_be_visible()
    ready(page)


def test_a_whole_test_on_a_phone(services: Services, url: str, phone: Page) -> None:
    test = invite(services, trials_per_listener=3)
    page = phone
    page.goto(services.listen_url(test, url))
    expect(page.get_by_text("Ada invited you to listen")).to_be_visible()
    expect(page.get_by_text("3 pairs, about")).to_be_visible()
    page.get_by_label("Your name").fill("Grace <b>")
    start(page)
    at_pair(page, 1, 3)
    assert layout_problems(page) == []

    page.get_by_role("button", name="Vote", exact=True).click(force=True)
    expect(page.locator("#hint")).to_have_text(
        "Listen to X and Y for 3 seconds each, then you can vote."
    )
    hear(page)
    choose(page, "X is better")
    vote(page)
    expect(page.get_by_role("heading", name="Your vote is kept")).to_be_visible()
    page.get_by_role("button", name="Take the vote back").tap()
    at_pair(page, 1, 3)
    hear(page)
    choose(page, "Y is better")
    vote(page)
    page.get_by_role("button", name="Reveal").tap()
    expect(page.get_by_role("heading", name=re.compile("^Y was variant"))).to_contain_text(
        "your choice"
    )
    expect(page.locator("mark")).to_have_count(2)
    page.get_by_role("button", name="Next pair").tap()

    at_pair(page, 2, 3)
    assert page.get_by_role("button", name="Take it back").count() == 0, "it was told what it was"
    choose(page, "No difference")
    page.get_by_text("Say why").tap()
    page.get_by_role("checkbox", name="Rhythm").check()
    page.get_by_label("A remark").fill("Too early here")
    page.reload()
    at_pair(page, 2, 3)
    expect(page.get_by_label("No difference")).to_be_checked()
    expect(page.get_by_label("A remark")).to_have_value("Too early here")
    hear(page)
    page.get_by_role("button", name="It is about").tap()
    vote(page)
    expect(page.get_by_role("heading", name="Your vote is kept")).to_be_visible()
    page.reload()
    at_pair(page, 3, 3)
    expect(page.get_by_text("Pair 2: there is no difference.")).to_be_visible()
    hear(page)
    choose(page, "X is better")
    vote(page)
    expect(page.get_by_role("heading", name="That was the last pair")).to_be_visible()
    page.get_by_role("button", name="What did I hear?").tap()
    expect(page.get_by_role("heading", name=re.compile("^Pair"))).to_have_count(3)
    assert layout_problems(page) == []

    votes = services.library.listening.votes(test.id)
    assert [one.choice for one in votes] == [Choice.SECOND, Choice.NONE, Choice.FIRST]
    assert [one.reason for one in votes] == [None, "Rhythm", None]
    assert (votes[1].comment, votes[1].comment_on) == ("Too early here", "second")
    assert [one.began_with for one in votes] == ["first"] * 3
    (listener,) = services.library.listening.listeners(test.id)
    assert (listener.name, listener.voted) == ("Grace <b>", 3)


def test_a_whole_test_by_keyboard_alone(services: Services, url: str, browser: Browser) -> None:
    test = invite(
        services, kind=ListeningKind.ABX, reveal=Reveal.AT_END, trials_per_listener=2, question=""
    )
    with shared_window(browser, reduced_motion="reduce") as page:
        page.goto(services.listen_url(test, url))
        expect(page.get_by_role("button", name="Start listening")).to_be_visible()
        hands = Keyboard(page)
        hands.tab_to("Your name")
        page.keyboard.type("Grace")
        hands.tab_to("Start listening")
        page.keyboard.press("Enter")
        hands = Keyboard(page)
        hands.tab_to("Start pair 1")
        page.keyboard.press("Enter")
        for number, answer in ((1, "X is A"), (2, "X is B")):
            at_pair(page, number)
            for key in ("1", "l", "b", "3"):
                page.keyboard.press(key)
                if key != "l":
                    pressed = page.locator(".side[aria-pressed=true]")
                    expect(pressed).to_contain_text("heard", timeout=15_000)
            page.keyboard.press("Space")
            expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
            hands = Keyboard(page)
            hands.tab_to("Position")
            hands.press("Home", "ArrowRight")
            hands.tab_to("X is A")
            hands.press("Space" if answer == "X is A" else "ArrowRight")
            expect(page.get_by_label(answer)).to_be_checked()
            hands.tab_to("Vote")
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="That was the last pair")).to_be_focused()
        hands = Keyboard(page)
        hands.tab_to("What did I hear")
        page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile("That is right|It was the other one"))).to_have_count(2)
    assert [one.choice for one in services.library.listening.votes(test.id)] == [
        Choice.FIRST,
        Choice.SECOND,
    ]


def test_a_vote_survives_a_bad_network(services: Services, url: str, phone: Page) -> None:
    test = invite(services)
    page = phone
    begin(page, services, url, test)
    hear(page)
    choose(page, "X is better")
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().text())  # it arrives, and the listener never hears of it
        route.abort()

    page.route("**/vote", lose_the_answer)
    vote(page)
    expect(
        page.get_by_role("alert").get_by_text("Your answer is kept on this device")
    ).to_be_visible()
    page.unroute("**/vote")
    page.get_by_role("button", name="Send it now").tap()
    expect(page.get_by_role("heading", name="Your vote is kept")).to_be_visible()
    assert lost
    page.get_by_role("button", name="Next pair").tap()

    at_pair(page, 2)
    hear(page)
    choose(page, "Y is better")
    page.route("**/vote", lambda route: route.abort())
    vote(page)
    expect(
        page.get_by_role("alert").get_by_text("Your answer is kept on this device")
    ).to_be_visible()
    page.unroute("**/vote")
    page.reload()  # or the phone has thrown the page away
    expect(page.get_by_role("heading", name="That was the last pair")).to_be_visible()
    votes = services.library.listening.votes(test.id)
    assert [one.choice for one in votes] == [Choice.FIRST, Choice.SECOND]


def test_a_test_that_ends_meanwhile_says_so(services: Services, url: str, phone: Page) -> None:
    test = invite(services)
    page = phone
    begin(page, services, url, test)
    hear(page)
    choose(page, "X is better")
    services.library.listening.close_test(test.id)
    vote(page)
    expect(page.get_by_role("heading", name="This listening test is over")).to_be_visible()
    expect(
        page.get_by_text("Your answer to pair 1 came too late and is not counted.")
    ).to_be_visible()
    assert services.library.listening.votes(test.id) == []
    page.reload()
    expect(
        page.get_by_text("This listening test is closed. Thank you for listening.")
    ).to_be_visible()


def test_sounds_that_do_not_come_can_be_asked_for_again(
    services: Services, url: str, phone: Page
) -> None:
    test = invite(services)
    page = phone
    page.route("**/sound/*", lambda route: route.abort())
    page.goto(services.listen_url(test, url))
    start(page)
    expect(page.get_by_text("The sounds could not be loaded.")).to_be_visible()
    page.unroute("**/sound/*")
    page.route("**/sound/*", lambda route: route.fulfill(body=b"noise", content_type="audio/mpeg"))
    page.get_by_role("button", name="Try again").tap()
    expect(page.get_by_text("This browser cannot play these sounds.")).to_be_visible()
    page.unroute("**/sound/*")
    page.get_by_role("button", name="Try again").tap()
    ready(page)


def test_heard_time_survives_a_reload(services: Services, url: str, phone: Page) -> None:
    test = invite(services, seconds=12.0, trials_per_listener=1)
    page = phone
    begin(page, services, url, test)
    hear(page, "X")
    page.reload()
    ready(page)
    expect(page.locator(".side").filter(has_text=re.compile("^X"))).to_contain_text("heard")
    choose(page, "Y is better")
    page.get_by_role("button", name="Vote", exact=True).click(force=True)
    expect(page.locator("#hint")).to_have_text("Listen to Y for 5 seconds, then you can vote.")
    hear(page, "Y")
    vote(page)
    expect(page.get_by_role("heading", name="That was the last pair")).to_be_visible()
    (one,) = services.library.listening.votes(test.id)
    assert (one.choice, one.began_with) == (Choice.SECOND, "first")
    assert min(one.heard_first_s, one.heard_second_s) >= 5


@pytest.mark.parametrize(("question", "host"), [(QUESTION, "Ada"), ("Long " * 40, "Ada " * 12)])
def test_start_is_in_sight_on_a_small_phone(
    services: Services, url: str, phone: Page, question: str, host: str
) -> None:
    test = invite(services, question=question, host_name=host, ask_device=True)
    phone.set_viewport_size({"width": 360, "height": 640})
    phone.goto(services.listen_url(test, url))
    button = phone.get_by_role("button", name="Start listening")
    expect(button).to_be_in_viewport(ratio=1)
    phone.get_by_label("Speaker").check()
    button.tap()
    ready(phone)
    (listener,) = services.library.listening.listeners(test.id)
    assert listener.device == "speaker"


def test_a_limit_is_said_while_typing_and_nothing_is_cut(
    services: Services, url: str, phone: Page
) -> None:
    test = invite(services, trials_per_listener=1)
    page = phone
    page.goto(services.listen_url(test, url))
    name = page.get_by_label("Your name")
    name.fill("n" * 58)
    expect(page.get_by_text("58 of 60")).to_be_visible()
    name.press_sequentially("nnn")
    expect(page.get_by_text("Too long. The limit is 60 characters.")).to_be_visible()
    page.get_by_role("button", name="Start listening").tap()
    expect(page.get_by_role("alert")).to_have_text(
        "The name is 1 character too long. The limit is 60 characters."
    )
    expect(name).to_have_value("n" * 61)
    assert services.library.listening.listeners(test.id) == []
    name.press("Backspace")
    start(page)
    ready(page)
    hear(page)
    choose(page, "X is better")
    page.get_by_text("Say why").tap()
    remark = page.get_by_label("A remark")
    remark.fill("c" * 1005)
    page.get_by_role("button", name="Vote", exact=True).click(force=True)
    expect(page.locator("#hint")).to_have_text(
        "The remark is 5 characters too long. The limit is 1,000 characters."
    )
    page.reload()
    expect(remark).to_have_value("c" * 1005)
    remark.press("End")
    for _ in range(5):
        remark.press("Backspace")
    expect(page.get_by_text("1,000 of 1,000")).to_be_visible()
    ready(page)
    vote(page)
    expect(page.get_by_role("heading", name="That was the last pair")).to_be_visible()
    (one,) = services.library.listening.votes(test.id)
    assert one.comment == "c" * 1000


def test_practice_counts_for_nothing(services: Services, url: str, phone: Page) -> None:
    test = invite(services)
    phone.goto(services.listen_url(test, url))
    phone.get_by_role("button", name="Start listening").tap()
    expect(phone.get_by_role("heading", name="Practice: set the volume")).to_be_visible()
    assert phone.get_by_role("button", name="Vote", exact=True).count() == 0
    phone.get_by_role("button", name="Start pair 1").tap()
    at_pair(phone, 1)
    expect(phone.locator(".side").filter(has_text="Listen 3 s")).to_have_count(2)


LOOKS = ((390, "light"), (390, "dark"), (1440, "light"), (1440, "dark"))


def faults(page: Page) -> list[str]:
    """What is wrong with a view, on a phone and on a desk, by day and by night."""
    found = []
    for width, scheme in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 844})
        rules = EVERYTHING if (width, scheme) == LOOKS[0] else COLOURS
        problems = [*violations(page, rules=rules), *layout_problems(page)]
        found += [f"{scheme} {width}: {problem}" for problem in problems]
    page.set_viewport_size({"width": 390, "height": 844})
    return found


def test_listening_page_has_no_accessibility_fault(
    services: Services, url: str, browser: Browser
) -> None:
    test = invite(services, trials_per_listener=1, host_name="Ada " * 12, question="Long " * 30)
    with shared_window(browser, reduced_motion="reduce") as page:
        page.goto(f"{url}/listen/forged")
        assert faults(page) == []
        page.goto(services.listen_url(test, url))
        expect(page.get_by_role("button", name="Start listening")).to_be_visible()
        assert faults(page) == []
        page.route("**/sound/*", lambda route: route.abort())
        page.get_by_role("button", name="Start listening").click()
        ready(page)
        assert faults(page) == []
        page.get_by_role("button", name="Start pair 1").click()
        expect(page.get_by_text("The sounds could not be loaded.")).to_be_visible()
        assert faults(page) == []
        page.unroute("**/sound/*")
        page.get_by_role("button", name="Try again").click()
        ready(page)
        assert faults(page) == []
        page.get_by_text("Say why").click()
        page.get_by_role("checkbox", name="Melody").check()
        page.get_by_label("A remark").fill("word " * 100)
        choose(page, "No difference")
        hear(page)
        page.get_by_role("button", name="Pause").click()
        assert faults(page) == []
        vote(page)
        expect(page.get_by_role("heading", name="That was the last pair")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Reveal").click()
        expect(page.get_by_role("heading", name="Pair 1")).to_be_visible()
        assert faults(page) == []
