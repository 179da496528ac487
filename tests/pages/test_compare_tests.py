"""Blind tests and their results on the Compare screen, driven without a browser."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest
from support.app_address import go_to
from support.app_words import words
from support.comparison_rows import vote_next
from support.library_rows import Clock

from lyria_studio.model.comparison import Comparison
from lyria_studio.model.generation import Generation
from lyria_studio.model.listening_test import ListeningKind, ListeningTest, Reveal
from lyria_studio.model.vote import Choice
from lyria_studio.services import Services

Settled = Callable[[], list[Generation]]


@pytest.fixture
def opened(app: AppTest, services: Services, settled: Settled) -> AppTest:
    """A finished comparison, made by the one click of the empty screen."""
    app.switch_page("compare.py").run()
    app.button(key="first_comparison_button").click().run()
    settled()
    return app.run()


def comparison_of(services: Services) -> Comparison:
    return services.library.listening.comparisons()[0]


def its_tests(services: Services) -> list[ListeningTest]:
    return services.library.listening.tests(comparison_of(services).id)


def prepared(services: Services, test_id: str) -> ListeningTest:
    """Let a test begin: the tracks of these tests are too short for blind copies."""
    deadline = time.monotonic() + 30
    while services.library.listening.test(test_id).problem is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return services.library.listening.note_preparation(test_id, folder="blind")


def invite(app: AppTest, **fields: object) -> AppTest:
    """Open a test for others."""
    app.session_state["invite"] = True
    app.run()
    app.text_input(key="invite_name").set_value("Ada *of* <b>Sound</b>")
    return app.button(key="invite_open").click().run()


def let_vote(services: Services, winners: str, **fields: object) -> None:
    """Listeners vote for these letters, one each; in an ABX test they hear what X is."""
    [test] = its_tests(services)
    prepared(services, test.id)
    clock = Clock(datetime.now(UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.library._store, "clock", clock)
        _vote(services, clock, test, winners, **fields)


def _vote(
    services: Services, clock: Clock, test: ListeningTest, winners: str, **fields: object
) -> None:
    for number, winner in enumerate(winners):
        listener = f"listener-{number:08d}"
        services.library.listening.begin_listening(
            test.id, listener, f"address-{number}", f"Voter {number}"
        )
        trial = services.library.listening.standing(test.id, listener).trial
        assert trial is not None
        choice = (
            Choice(trial.x_is)
            if trial.x_is is not None
            else Choice.NONE
            if winner == "-"
            else Choice.FIRST
            if trial.first.letter == winner
            else Choice.SECOND
        )
        vote_next(services.library, clock, test, listener, choice, **fields)


def buttons(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button]


def page(app: AppTest) -> str:
    return "\n".join(str(item.proto.body) for item in app.get("html"))


def result(app: AppTest) -> str:
    """The headline and the sentence of the test that is shown."""
    shown = [json.loads(one.proto.json) for one in app.get("bidi_component") if one.proto.json]
    [verdict] = [one for one in shown if "headline" in one]
    return f"{verdict['headline']}: {verdict['sentence']}"


def test_listening_blind_oneself_opens_a_test_of_ten(opened: AppTest, services: Services) -> None:
    opened.button(key="listen_blind").click().run()
    [test] = its_tests(services)
    assert (test.planned_votes, test.letters) == (10, ("A", "B"))
    prepared(services, test.id)
    opened.run()
    [link] = opened.get("link_button")
    assert link.proto.label == "Start listening"
    assert "/listen/" in link.proto.url
    assert not opened.exception


def test_an_invitation_has_a_link_and_says_what_the_plan_can_show(
    opened: AppTest, services: Services
) -> None:
    opened.session_state["invite"] = True
    opened.run()
    assert "15 listeners, 1 pair each: 15 votes." in words(opened)
    assert "The plan is fixed beforehand" in words(opened)
    opened.text_input(key="invite_question").set_value("Which fits *the film*?")
    opened.number_input(key="invite_listeners").set_value(20).run()
    invite(opened)
    [test] = its_tests(services)
    assert (test.question, test.host_name) == ("Which fits *the film*?", "Ada *of* <b>Sound</b>")
    assert (test.kind, test.planned_votes) == (ListeningKind.PREFERENCE, 20)
    assert test.reveal is Reveal.AFTER_VOTE
    [code] = opened.code
    assert services.listen_url(test) in code.value
    assert "Which fits *the film*?" in [text.value for text in opened.text]


def test_an_invitation_without_a_name_is_not_opened(opened: AppTest, services: Services) -> None:
    opened.session_state["invite"] = True
    opened.run()
    opened.button(key="invite_open").click().run()
    [refusal] = opened.error
    assert "Say who invites" in refusal.value
    assert its_tests(services) == []


def test_who_invites_is_remembered(opened: AppTest, services: Services) -> None:
    invite(opened)
    again = AppTest.from_file(str(opened._script_path), default_timeout=20)
    again.switch_page("compare.py")
    again.query_params["comparison"] = comparison_of(services).id
    again.session_state["invite"] = True
    again.run()
    assert again.text_input(key="invite_name").value == "Ada *of* <b>Sound</b>"


def test_an_abx_test_asks_for_more_pairs_and_an_end(opened: AppTest, services: Services) -> None:
    opened.session_state["invite"] = True
    opened.run()
    opened.selectbox(key="invite_kind").set_value(ListeningKind.ABX).run()
    last_day = datetime.now(UTC).date() + timedelta(days=3)
    opened.date_input(key="invite_end").set_value(last_day).run()
    invite(opened)
    [test] = its_tests(services)
    assert (test.kind, test.trials_per_listener) == (ListeningKind.ABX, 8)
    assert test.ends_at is not None
    assert test.ends_at.date() == last_day + timedelta(days=1)


def test_failed_blind_copies_are_reported(opened: AppTest, services: Services) -> None:
    invite(opened)
    [test] = its_tests(services)
    prepared(services, test.id)
    services.library.listening.note_preparation(
        test.id, problem="The tracks have less than 3 s in common."
    )
    opened.run()
    assert "The tracks have less than 3 s in common." in words(opened)
    assert "prepare_again" in buttons(opened)


def test_a_long_test_repeats_a_pair_and_reports_it_at_the_end(
    opened: AppTest, services: Services
) -> None:
    opened.session_state["invite"] = True
    opened.run()
    opened.number_input(key="invite_trials_preference_2").set_value(6).run()
    options = opened.button_group(key="invite_options_True")
    options.set_value(["Leave out listeners who contradict themselves"]).run()
    assert not opened.exception
    invite(opened)
    [test] = its_tests(services)
    assert (test.trials_per_listener, test.counted_trials, test.planned_votes) == (7, 6, 105)
    assert (test.attention, test.exclude_inconsistent, test.ask_device) == (True, True, False)
    assert test.reveal is Reveal.AT_END
    assert (test.excerpt_start_s, test.excerpt_s) == (None, None)


def test_closing_and_revoking_need_confirmation(opened: AppTest, services: Services) -> None:
    invite(opened)
    [test] = its_tests(services)
    before = services.listen_url(test)
    opened.button(key="revoke_test").click().run()
    after = services.listen_url(services.library.listening.test(test.id))
    assert after != before
    assert after in opened.code[0].value
    opened.button(key="close_test").click().run()
    assert services.library.listening.test(test.id).closed_at is not None
    assert not opened.code
    assert "Closed" in words(opened)


def test_votes_are_shown_with_their_verdict(opened: AppTest, services: Services) -> None:
    invite(opened)
    let_vote(services, "BBB-", comment="Nice <b>bass</b>", comment_at_s=3.0)
    opened.run()
    assert not opened.exception
    assert result(opened).startswith("Too early to say: All 3 with a preference chose B so far.")
    assert "4 of 15 votes" in words(opened)
    assert "Nice &lt;b&gt;bass&lt;/b&gt;" in page(opened)
    assert "keep-B" in buttons(opened)


def test_every_vote_for_one_side_names_the_winner_at_the_planned_end(
    opened: AppTest, services: Services
) -> None:
    invite(opened)
    let_vote(services, "B" * 14 + "A")
    opened.run()
    assert result(opened).startswith("B is preferred, of these two recordings: 14 of 15")
    assert "All votes are in" in words(opened)
    [primary] = [one for one in opened.button if one.proto.type == "primary"]
    assert primary.key == "keep-B"


def test_a_running_test_for_oneself_stays_blind_on_every_screen(
    opened: AppTest, services: Services
) -> None:
    def told() -> set[str]:
        opened.run()
        one = f"{words(opened)}\n{page(opened)}\n{result(opened)}"
        opened.switch_page("compare.py")
        go_to(opened)
        everywhere = f"{one}\n{words(opened)}\n{page(opened)}"
        go_to(opened, comparison=comparison_of(services).id)
        return set(everywhere.splitlines())

    opened.button(key="listen_blind").click().run()
    [test] = its_tests(services)
    prepared(services, test.id)
    before = told()
    clock = Clock(datetime.now(UTC))
    services.library.listening.begin_listening(test.id, "listener-00000000", "address", None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.library._store, "clock", clock)
        for _ in range(9):
            trial = services.library.listening.standing(test.id, "listener-00000000").trial
            assert trial is not None
            choice = Choice.FIRST if trial.first.letter == "B" else Choice.SECOND
            vote_next(services.library, clock, test, "listener-00000000", choice, comment="Bass")
    new = told() - before
    assert any("9 votes so far" in line for line in new)
    assert not [line for line in new if re.search(r"\b[AB]\b|Bass|chose [AB]|preferred", line)]


def test_answers_of_abx_are_shown_as_such(opened: AppTest, services: Services) -> None:
    opened.session_state["invite"] = True
    opened.run()
    opened.selectbox(key="invite_kind").set_value(ListeningKind.ABX).run()
    opened.number_input(key="invite_listeners").set_value(1).run()
    invite(opened)
    let_vote(services, "x" * 8)
    opened.run()
    assert not opened.exception
    assert "8 of 8 votes" in words(opened)
    assert result(opened).startswith("The difference is audible: 8 of 8 answers were right.")


def test_winner_starts_the_next_comparison(
    opened: AppTest, services: Services, settled: Settled
) -> None:
    invite(opened)
    let_vote(services, "B" * 15)
    opened.run()
    parent = comparison_of(services)
    opened.button(key="keep-B").click().run()
    harp = parent.variants[1].prompt
    assert opened.text_area(key="variant-A-prompt").value == harp
    assert r"Take 1 of A: already made, \$0." in words(opened)
    opened.text_area(key="variant-B-prompt").set_value(harp.replace("96", "120")).run()
    assert opened.button(key="compare_order").label == r"Make 1 track · \$0.04 (demo)"
    opened.button(key="compare_order").click().run()
    settled()
    opened.run()
    child = comparison_of(services)
    assert (child.parent_id, child.parent_letter) == (parent.id, "B")
    assert child.slot("A", 1).generation_id == parent.slot("B", 1).generation_id
    assert "What was learned" in [header.value for header in opened.header]
    said = words(opened).replace("\\", "")
    assert "B is preferred, of these two recordings, 15 listeners" in said


def test_deleting_names_what_is_lost(opened: AppTest, services: Services) -> None:
    invite(opened)
    let_vote(services, "AB")
    opened.run()
    assert "1 listening test with 2 votes would be lost" in words(opened)
    opened.checkbox(key=f"sure-{comparison_of(services).id}").check().run()
    opened.button(key="delete_comparison").click().run()
    assert services.library.listening.comparisons() == []
