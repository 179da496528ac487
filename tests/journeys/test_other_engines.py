"""Screens with two players, and a listener's test, in Firefox and in WebKit (Safari's engine)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.compared_library import Compared, running_compared_app
from support.engines import ENGINES, Engine, Name, engine, missing
from support.listening_tests import opened

from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.model.vote import Choice
from lyria_studio.services import Services

pytestmark = [pytest.mark.engines, pytest.mark.timeout(180)]

STILL = "return !!document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')"
# A player is drawn when its script has written the length of what it plays.
DRAWN = """
const players = deep(".track, .instep");
const times = players.map((one) => one.querySelector(".length, .time").textContent);
const drawn = times.filter((time) => /^(0:00 . )?0:\\d\\d$/.test(time));
return players.length >= args[0] && drawn.length === players.length;
"""
SOUNDS = """
const sounds = [...document.querySelectorAll("audio")];
return sounds.some((one) => !one.paused && one.currentTime > 0.3);
"""

QUESTION = "Which one?"
# The sounds of a view of the listeners' page can be played.
LOADED = """
const heading = document.querySelector("h1")?.textContent;
return heading === args[0] && !!document.querySelector(".deck:not(.waiting)");
"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """The app with tracks and comparisons in every state."""
    with running_compared_app(tmp_path_factory.mktemp("home")) as running:
        yield running


def check_installed(name: Name) -> None:
    """Skip the test where an engine is missing; CI must not lack it."""
    if program := missing(name):
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed, and CI must run the tests in all engines")
        pytest.skip(f"{program} is not installed")


@pytest.fixture(scope="module", params=ENGINES)
def browser(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One of the engines."""
    check_installed(request.param)
    with engine(request.param, tmp_path_factory.mktemp(request.param)) as started:
        yield started


def test_every_screen_draws_its_players_and_one_plays(browser: Engine, studio: Compared) -> None:
    screens = {
        "settings": 0,
        "pricing": 0,
        f"compare?comparison={studio.judged}": 1,
        f"compare?comparison={studio.several}": 1,
        "history": 2,
        "": 2,
    }
    for screen, players in screens.items():
        browser.open(f"{studio.app.url}/{screen}")
        browser.wait_for(STILL)
        browser.wait_for(DRAWN, players)
        assert "uninitialized" not in browser.run("return document.body.innerText"), screen
    browser.click(".track .toggle")
    browser.wait_for(SOUNDS, timeout_s=90)  # the first sound of a busy machine may take its time
    browser.click(".bar .next")
    browser.wait_for(SOUNDS, timeout_s=90)
    assert browser.errors() == []


def begin_pair(browser: Engine, services: Services, url: str, test: ListeningTest) -> None:
    browser.open(services.listen_url(test, url))
    browser.wait_for("return !!document.querySelector('.start .primary')")
    browser.click(".start .primary")
    browser.wait_for(LOADED, "Practice: set the volume")
    browser.click(".row .primary")
    browser.wait_for(LOADED, QUESTION)


def test_a_listener_hears_both_sides_and_votes(
    browser: Engine, services: Services, url: str
) -> None:
    test = opened(services, seconds=3.1, trials_per_listener=1, question=QUESTION)
    before = len(browser.errors())
    begin_pair(browser, services, url, test)
    for side in range(2):
        browser.click(".side", side)
        if not side:
            browser.click(".loop")  # so short a tune ends before one has switched
        browser.wait_for("return deep('.side.enough').length > args[0]", side, timeout_s=60)
    browser.click(".option", 2)
    browser.click(".ballot .primary")
    browser.wait_for("return document.querySelector('h1').textContent.startsWith('That was')")
    (vote,) = services.library.listening.votes(test.id)
    assert vote.choice is Choice.SECOND
    assert min(vote.heard_first_s, vote.heard_second_s) > 2.7
    assert browser.errors()[before:] == []


def test_without_a_sound_card_firefox_shows_that_nothing_sounds(
    services: Services, url: str, tmp_path: Path
) -> None:
    """Its AudioContext then never runs, and resume() never settles."""
    check_installed("firefox")
    test = opened(services, seconds=3.1, trials_per_listener=1, question=QUESTION)
    with engine("firefox", tmp_path, sound=False) as deaf:
        begin_pair(deaf, services, url, test)
        deaf.click(".side")
        deaf.wait_for("return deep('.deck [role=alert]')[0].textContent.startsWith('No sound.')")
