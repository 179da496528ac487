import http.client
import io
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyloudnorm
import pytest
import requests
import soundfile
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.comparison_rows import new_test
from support.library_rows import Clock
from support.listening_tests import opened, sounding_comparison
from support.listening_visitors import Visitor, stop_the_clock
from support.storage_faults import locked_database
from support.transactions import counted
from support.worker_rig import HeardEvents

from lyria_studio.listening import topic
from lyria_studio.model.listening_test import ListeningKind, ListeningTest, Reveal
from lyria_studio.model.vote import Choice
from lyria_studio.services import Services
from lyria_studio.web.listen_guard import MOST_BYTES, network_of
from lyria_studio.worker.blind_copies import blind_copies

pytestmark = pytest.mark.slow

PUBLIC = "https://music.example.com/studio"


@pytest.fixture(scope="module")
def clock(services: Services) -> Clock:
    return stop_the_clock(services)


@pytest.fixture(scope="module")
def prepared_once(services: Services, clock: Clock) -> ListeningTest:
    """Copies are made once; the other tests of this module open theirs on the same sounds."""
    return opened(services)


@pytest.fixture
def test_(services: Services, prepared_once: ListeningTest) -> ListeningTest:
    return another(services, prepared_once)


def another(services: Services, like: ListeningTest, **fields: Any) -> ListeningTest:
    comparison = services.library.listening.comparison(like.comparison_id)
    found = services.library.listening.open_test(new_test(comparison, **fields))
    return services.library.listening.note_preparation(found.id, folder=str(like.prepared))


@pytest.fixture
def visitor(services: Services, url: str, test_: ListeningTest) -> Visitor:
    return Visitor.of(services, url, test_)


def news(services: Services, test: ListeningTest) -> list[str]:
    assert isinstance(services.events, HeardEvents)
    return [state for name, state in services.events.heard if name == topic(test.id)]


# ---- the way through a test


def test_x_is_the_same_sound_as_a_or_b_in_other_bytes(
    services: Services, url: str, prepared_once: ListeningTest
) -> None:
    test = another(services, prepared_once, kind=ListeningKind.ABX)
    visitor = Visitor.of(services, url, test)
    state = visitor.start()
    files = [visitor.get(f"sound/{name}").content for name in state["trial"]["sounds"]]
    assert len({len(file) for file in files}) == 1
    assert len(set(files)) == 3
    a, b, x = (soundfile.read(io.BytesIO(file))[0] for file in files)
    assert [np.array_equal(x, one) for one in (a, b)].count(True) == 1


@pytest.mark.parametrize("name", ["one", "two"])
def test_practice_pair_is_as_loud_as_the_test(
    services: Services, visitor: Visitor, test_: ListeningTest, name: str
) -> None:
    file = requests.get(f"{visitor.url}/listen/page/practice-{name}.mp3", timeout=20).content
    samples, rate = soundfile.read(io.BytesIO(file), always_2d=True)
    both = np.repeat(samples, 2, axis=1)  # browsers play a mono file by both speakers
    heard = (
        pyloudnorm.Meter(rate).integrated_loudness(both) + visitor.state()["test"]["practice_db"]
    )
    folder = services.settings.home / "blind" / str(test_.prepared)
    assert heard == pytest.approx(blind_copies(folder).loudness_lufs, abs=0.3)


def test_from_the_link_to_the_last_vote(
    services: Services, clock: Clock, visitor: Visitor, test_: ListeningTest
) -> None:
    page = visitor.get()
    assert page.status_code == 200
    assert "Listening test" in page.text
    before = visitor.state()
    assert (before["phase"], before["trial"], before["listener"]) == ("welcome", None, None)
    assert before["test"]["host"] == "Ada"
    state = visitor.start("  Grace  ")
    assert state["listener"] == {"name": "Grace", "voted": 0}
    for number in (1, 2, 3):
        assert (state["phase"], state["trial"]["number"]) == ("trial", number)
        assert visitor.state()["trial"] == state["trial"], "a reload shows the same pair"
        visitor.hear(clock, state)
        answer = visitor.vote(state, reason="Mood", comment="Here.", at_s=2.5, on="second")
        assert answer.status_code == 200
        state = answer.json()
    assert (state["phase"], state["listener"]["voted"]) == ("done", 3)
    votes = services.library.listening.votes(test_.id)
    assert [(v.choice, v.reason, v.comment, v.comment_at_s, v.comment_on) for v in votes] == [
        (Choice.FIRST, "Mood", "Here.", 2.5, "second")
    ] * 3
    assert news(services, test_) == ["listener", "vote", "vote", "vote"]


@pytest.mark.parametrize("reveal", Reveal)
def test_a_vote_takes_few_transactions_and_answers_from_one(
    services: Services, clock: Clock, url: str, test_: ListeningTest, reveal: Reveal
) -> None:
    visitor = Visitor.of(services, url, another(services, test_, reveal=reveal))
    state = visitor.start()
    visitor.hear(clock, state)
    with counted(services.library) as found:
        answer = visitor.vote(state)
    assert answer.json()["listener"]["voted"] == 1
    assert len(found.statements) <= 3, found.statements
    # The vote, what the listener sees next and the trial that is drawn for it commit together.
    assert found.writes == 1


def test_a_vote_after_revealed_votes_reads_them_in_one_batch(
    services: Services, clock: Clock, url: str, test_: ListeningTest
) -> None:
    visitor = Visitor.of(services, url, another(services, test_))
    state = visitor.start()
    needed: list[int] = []
    for revealed in range(3):
        visitor.hear(clock, state)
        with counted(services.library) as found:
            state = visitor.vote(state).json()
        assert len(state["revealed"]) == revealed
        assert len(found.statements) <= 3, found.statements
        needed.append(sum("FROM generations" in one for begun in found.statements for one in begun))
        state = visitor.post("reveal", {"trial": state["last"]["trial"]}).json()
    assert needed == [0, 1, 1]


def test_a_vote_that_cannot_be_stored_says_so_and_may_be_cast_again(
    services: Services, clock: Clock, visitor: Visitor, test_: ListeningTest
) -> None:
    state = visitor.start()
    visitor.hear(clock, state)
    with locked_database(services.library):
        refused = visitor.vote(state)
    assert refused.status_code == 503
    assert (
        "could not be saved (database is locked). Nothing was changed." in refused.json()["error"]
    )
    assert services.library.listening.votes(test_.id) == []
    assert news(services, test_) == ["listener"]
    assert visitor.vote(state).json()["listener"]["voted"] == 1


def test_the_vote_that_was_a_slip_is_taken_back_once(
    services: Services, clock: Clock, visitor: Visitor, test_: ListeningTest
) -> None:
    first = visitor.start()
    visitor.hear(clock, first)
    second = visitor.vote(first).json()
    visitor.hear(clock, second)
    third = visitor.vote(second).json()
    assert third["last"]["can_undo"]
    wanted = {"trial": third["last"]["trial"]}
    with ThreadPoolExecutor(8) as pool:  # a double click, and more
        answers = list(pool.map(lambda _: visitor.post("undo", wanted), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert visitor.state()["trial"]["id"] == second["trial"]["id"]
    assert len(services.library.listening.votes(test_.id)) == 1


@pytest.mark.parametrize("reveal", Reveal)
def test_a_listener_sees_the_answer_when_the_owner_chose(
    services: Services, url: str, clock: Clock, prepared_once: ListeningTest, reveal: Reveal
) -> None:
    test = another(services, prepared_once, reveal=reveal, trials_per_listener=2)
    visitor = Visitor.of(services, url, test)
    state = visitor.start()
    visitor.hear(clock, state)
    voted = visitor.vote(state).json()
    assert voted["revealed"] == []
    told = visitor.post("reveal", {"trial": state["trial"]["id"]})
    if reveal is Reveal.AT_END:
        assert (told.status_code, told.json()["code"]) == (409, "refused")
        visitor.hear(clock, voted)
        assert visitor.vote(voted, "none").json()["last"]["can_reveal"]
        told = visitor.post("reveal", {})
    assert told.status_code == 200
    pair = told.json()["revealed"][0]
    assert {pair["first"]["letter"], pair["second"]["letter"]} == {"A", "B"}
    words = {side: "".join(text for text, _ in pair[side]["words"]) for side in ("first", "second")}
    assert sorted(words.values())[0].startswith("Warm secret lo-fi with Rhodes")
    assert [text for text, common in pair["first"]["words"] if not common]
    assert not told.json()["last"]["can_undo"]
    refused = visitor.post("undo", {"trial": told.json()["last"]["trial"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "refused")


def test_who_has_finished_is_thanked_even_when_the_test_is_over(
    services: Services, url: str, clock: Clock, prepared_once: ListeningTest
) -> None:
    test = another(services, prepared_once, trials_per_listener=1, reveal=Reveal.AT_END)
    visitor = Visitor.of(services, url, test)
    state = visitor.start()
    visitor.hear(clock, state)
    visitor.vote(state)
    services.library.listening.close_test(test.id)
    done = visitor.state()
    assert (done["phase"], done["last"]["can_undo"]) == ("done", False)
    assert len(visitor.post("reveal", {}).json()["revealed"]) == 1


def test_abx_has_a_third_sound_and_says_who_was_right(
    services: Services, url: str, clock: Clock
) -> None:
    test = opened(services, kind=ListeningKind.ABX, trials_per_listener=1)
    visitor = Visitor.of(services, url, test)
    state = visitor.start()
    sounds = visitor.hear(clock, state)
    assert len(sounds) == 3
    assert len({len(sound) for sound in sounds}) == 1
    assert len(set(sounds)) == 3, "X has bytes of its own"
    assert visitor.vote(state, "none").status_code == 409
    done = visitor.vote(state, "second").json()
    told = visitor.post("reveal", {"trial": done["last"]["trial"]}).json()["revealed"][0]
    assert told["correct"] is (told["x_is"] == "second")


# ---- blind


def test_both_sounds_of_a_pair_are_answered_alike(
    services: Services, clock: Clock, visitor: Visitor
) -> None:
    state = visitor.start()
    answers = [visitor.get(f"sound/{name}") for name in state["trial"]["sounds"]]
    seen = [{**answer.headers, "date": ""} for answer in answers]
    assert seen[0] == seen[1]
    headers = seen[0]
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "audio/mpeg"
    assert not {"etag", "last-modified", "content-disposition", "set-cookie"} & set(headers)
    assert len(answers[0].content) == len(answers[1].content)
    assert answers[0].content != answers[1].content
    part = visitor.get(f"sound/{state['trial']['sounds'][0]}", Range="bytes=0-99")
    assert (part.status_code, len(part.content)) == (200, len(answers[0].content))


def test_each_listener_gets_other_bytes_of_the_same_sound(
    services: Services, url: str, clock: Clock, prepared_once: ListeningTest
) -> None:
    """By checksums a script could vote for the same side again and again."""
    test = another(services, prepared_once, trials_per_listener=1, planned_votes=500)
    heard: list[bytes] = []
    for _ in range(4):
        visitor = Visitor.of(services, url, test)
        names = visitor.start()["trial"]["sounds"]
        once = [visitor.get(f"sound/{name}").content for name in names]
        assert [visitor.get(f"sound/{name}").content for name in names] == once
        heard += once
    assert len(set(heard)) == 8
    assert len({len(sound) for sound in heard}) == 1
    samples = {soundfile.read(io.BytesIO(sound))[0].tobytes() for sound in heard}
    assert len(samples) == 2, "one for each side"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:1:2:3", "2001:db8:1:2::/64"),
        ("[2001:DB8:1:2::7]", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_of_ipv6_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_name_of_a_sound_differs_for_each_pair_and_listener(
    services: Services, url: str, clock: Clock, test_: ListeningTest
) -> None:
    names: list[str] = []
    for _ in range(3):
        visitor = Visitor.of(services, url, test_)
        state = visitor.start()
        while state["phase"] == "trial":
            names += state["trial"]["sounds"]
            visitor.hear(clock, state)
            state = visitor.vote(state).json()
    assert len(names) == len(set(names)) == 18


def test_which_side_comes_first_is_balanced_and_told_nowhere(
    services: Services, url: str, clock: Clock, prepared_once: ListeningTest
) -> None:
    test = another(services, prepared_once, trials_per_listener=1, planned_votes=500)
    first: list[str] = []
    for _ in range(40):
        visitor = Visitor.of(services, url, test)
        state = visitor.start()
        listener = visitor.session.cookies.get("listener")
        trial = services.library.listening.trial(state["trial"]["id"], str(listener))
        first.append(trial.first.letter)
        assert set(state["trial"]) == {"id", "number", "sounds", "duration_s", "must_hear_s"}
    count = Counter(first)
    assert abs(count["A"] - count["B"]) <= 2, first
    assert first not in (["A", "B"] * 20, ["B", "A"] * 20), "and yet not by turns"


# ---- what must not be possible


def test_a_vote_for_somebody_elses_pair_changes_nothing(
    services: Services, url: str, clock: Clock, test_: ListeningTest
) -> None:
    victim, thief = (Visitor.of(services, url, test_) for _ in range(2))
    state = victim.start()
    victim.hear(clock, state)
    thief.start()
    for path in ("vote", "undo", "reveal"):
        fields = {"trial": state["trial"]["id"], "choice": "first", "heard": [9, 9]}
        answer = thief.post(path, fields)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
    assert thief.get(f"sound/{state['trial']['sounds'][0]}").status_code == 404
    assert victim.state() == state
    assert services.library.listening.votes(test_.id) == []


def test_a_vote_is_counted_once_however_often_it_is_sent(
    services: Services, clock: Clock, visitor: Visitor, test_: ListeningTest
) -> None:
    state = visitor.start()
    visitor.hear(clock, state)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: visitor.vote(state), range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert sum(not answer.json()["repeated"] for answer in answers) == 1
    changed = visitor.vote(state, "second").json()
    assert (changed["repeated"], changed["differs"]) == (True, True)
    assert [vote.choice for vote in services.library.listening.votes(test_.id)] == [Choice.FIRST]


def test_one_client_cannot_cast_a_thousand_votes(
    services: Services, url: str, clock: Clock, prepared_once: ListeningTest
) -> None:
    test = another(services, prepared_once, trials_per_listener=1, planned_votes=5000)
    taken: Counter[int] = Counter()
    for number in range(1000):
        if number < 60:
            visitor = Visitor.of(services, url, test)
            answer = visitor.post("start", {}, **{"X-Forwarded-For": f"10.9.{number}.7, 10.0.0.1"})
            taken[answer.status_code] += 1
            if answer.status_code == 200:
                state = answer.json()
                visitor.hear(clock, state)
                assert visitor.vote(state).status_code == 200
                mine = visitor, state
        else:  # the same cookie over and over
            taken[mine[0].vote(mine[1], "second").status_code] += 1
    assert taken == {200: 40 + 940, 429: 20}
    assert len(services.library.listening.votes(test.id)) == 40


@pytest.mark.parametrize(
    "heard", [[0, 0], [9, 1], [1, 9], ["9", 9], [True, 9], [9], None, [1e400, 9], [-1, 9], "99"]
)
def test_a_vote_without_listening_does_not_count(
    services: Services, clock: Clock, visitor: Visitor, test_: ListeningTest, heard: object
) -> None:
    state = visitor.start()
    visitor.hear(clock, state)
    vote = {"trial": state["trial"]["id"], "choice": "first", "heard": heard}
    answer = visitor.session.post(
        f"{visitor.link}/vote",
        json.dumps(vote),  # the client's own encoder refuses what is no number
        headers={"Origin": visitor.url, "Content-Type": "application/json"},
        timeout=20,
    )
    assert answer.status_code in (400, 422)
    assert services.library.listening.votes(test_.id) == []


def test_a_vote_that_comes_too_soon_or_without_fetching_does_not_count(
    services: Services, clock: Clock, visitor: Visitor, test_: ListeningTest
) -> None:
    state = visitor.start()
    assert visitor.vote(state).status_code == 422
    visitor.get(f"sound/{state['trial']['sounds'][0]}")
    clock.forward(seconds=6)
    quick = visitor.vote(state)
    assert (quick.status_code, quick.json()["code"]) == (422, "not_heard")
    clock.forward(seconds=6)
    assert visitor.vote(state).status_code == 200
    assert len(services.library.listening.votes(test_.id)) == 1


def test_a_forged_link_leads_nowhere(services: Services, url: str, test_: ListeningTest) -> None:
    good = services.signer.listen_token(test_.id, test_.nonce)
    middle = len(good) // 2
    other = "A" if good[middle] != "A" else "B"
    for token in ("x", good[:-1], good + "A", good[:middle] + other + good[middle + 1 :], "%00"):
        visitor = Visitor(url, f"{url}/listen/{token}")
        page = visitor.get()
        assert page.status_code == 404
        assert "not valid" in page.text
        assert visitor.get("state").status_code == 404
        assert visitor.post("start").status_code == 404
        assert visitor.get(f"sound/{'x' * 32}").status_code == 404


def test_a_link_that_was_withdrawn_leads_nowhere(
    services: Services, clock: Clock, visitor: Visitor, test_: ListeningTest
) -> None:
    state = visitor.start()
    visitor.hear(clock, state)
    services.library.listening.revoke_test(test_.id)
    page = visitor.get()
    assert page.status_code == 410
    assert "withdrawn" in page.text
    for answer in (
        visitor.get("state"),
        visitor.vote(state),
        visitor.get(f"sound/{state['trial']['sounds'][0]}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "dead")
    assert services.library.listening.votes(test_.id) == []


@pytest.mark.parametrize("how", ["closed", "time", "votes"])
def test_a_test_that_is_over_says_so_and_takes_nothing(
    services: Services, url: str, clock: Clock, prepared_once: ListeningTest, how: str
) -> None:
    ends = clock.now + timedelta(minutes=5) if how == "time" else None
    test = another(services, prepared_once, ends_at=ends, planned_votes=2)
    inside, outside = (Visitor.of(services, url, test) for _ in range(2))
    state = inside.start()
    inside.hear(clock, state)
    state = inside.vote(state).json()
    inside.hear(clock, state)
    if how == "closed":
        services.library.listening.close_test(test.id)
    elif how == "time":
        clock.forward(minutes=6)
    else:
        third = Visitor.of(services, url, test)
        mine = third.start()
        third.hear(clock, mine)
        assert third.vote(mine).status_code == 200
    count = len(services.library.listening.votes(test.id))
    page = outside.get()
    assert page.status_code == 410
    assert "over" in page.text
    assert outside.post("start").json()["code"] == "over"
    late = inside.vote(state)
    assert (late.status_code, late.json()["code"]) == (409, "over")
    assert inside.get().status_code == 200, "who took part may see what it was"
    after = inside.state()
    assert (after["phase"], after["listener"]["voted"]) == ("over", 1)
    assert not after["last"]["can_undo"]
    assert inside.get(f"sound/{state['trial']['sounds'][0]}").status_code == 404
    assert len(services.library.listening.votes(test.id)) == count


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_no_other_site_can_vote(
    services: Services,
    clock: Clock,
    visitor: Visitor,
    test_: ListeningTest,
    headers: dict[str, str],
    status: int,
) -> None:
    state = visitor.start()
    visitor.hear(clock, state)
    vote = {"trial": state["trial"]["id"], "choice": "first", "heard": [9, 9]}
    assert visitor.post("vote", vote, **headers).status_code == status
    assert visitor.post("start", {}, **headers).status_code == status
    assert services.library.listening.votes(test_.id) == []
    assert len(services.library.listening.listeners(test_.id)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy"},
        {"Origin": "https://music.example", "X-Forwarded-Host": "music.example"},
        {"Origin": "https://music.example", "Forwarded": "for=1.2.3.4;host=music.example"},
    ],
)
def test_behind_a_proxy_the_page_is_of_the_same_origin(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    assert visitor.post("start", {}, **headers).status_code == 200


def test_a_request_without_an_origin_is_no_page_of_ours(visitor: Visitor) -> None:
    answer = requests.post(f"{visitor.link}/start", json={}, timeout=20)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_a_long_body_is_refused(services: Services, visitor: Visitor, test_: ListeningTest) -> None:
    assert visitor.post("start", {"name": "x" * MOST_BYTES}).status_code == 413
    parts = urlsplit(f"{visitor.link}/start")
    client = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    chunks = (b'{"name": "' + b"x" * 4000 for _ in range(40))
    head = {"Origin": visitor.url, "Content-Type": "application/json"}
    try:
        client.request("POST", parts.path, chunks, head, encode_chunked=True)
        assert client.getresponse().status == 413
    except ConnectionError:
        pass  # cut off while it was still sending
    finally:
        client.close()
    assert services.library.listening.listeners(test_.id) == []


@given(st.dictionaries(st.text(max_size=8), st.text() | st.integers() | st.none()) | st.text())
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_that_is_sent_breaks_the_routes(visitor: Visitor, fields: object) -> None:
    for path in ("vote", "undo", "reveal"):
        assert visitor.post(path, fields).status_code in (400, 404)


def test_a_forged_cookie_belongs_to_no_listener(
    services: Services, visitor: Visitor, test_: ListeningTest
) -> None:
    parts = urlsplit(visitor.link)
    for value in ("x", "y" * 5000, "é"):
        client = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        client.request(
            "GET", f"{parts.path}/state", headers={"Cookie": f"listener={value}".encode("latin-1")}
        )
        assert client.getresponse().status in (200, 431)
        client.close()
    visitor.session.cookies.set("listener", "made-up")
    visitor.start()
    (listener,) = services.library.listening.listeners(test_.id)
    assert listener.id != "made-up"


# ---- cookies, headers, addresses


def test_the_cookie_is_for_this_test_alone(
    services: Services, url: str, test_: ListeningTest
) -> None:
    visitor = Visitor.of(services, url, test_)
    cookie = visitor.post("start").headers["set-cookie"]
    path = urlsplit(visitor.link).path
    assert f"Path={path};" in cookie + ";"
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_by_the_public_address_the_cookie_is_secure_and_below_its_path(
    services: Services, url: str, test_: ListeningTest
) -> None:
    services.library.ledger.set_preferences(public_url=PUBLIC)
    try:
        visitor = Visitor(url, services.listen_url(test_).replace(PUBLIC, url))
        cookie = visitor.post(
            "start",
            {},
            **{"Origin": "https://music.example.com", "X-Forwarded-Host": "music.example.com"},
        ).headers["set-cookie"]
    finally:
        services.library.ledger.set_preferences(public_url=None)
    assert "Secure" in cookie
    assert "Path=/studio/listen/" in cookie


def test_texts_that_are_too_long_are_refused_in_words(clock: Clock, visitor: Visitor) -> None:
    answer = visitor.post("start", {"name": "n" * 61})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long")
    assert answer.json()["error"] == (
        "The name has 61 characters, and the limit is 60. Nothing was changed. "
        "Shorten it and try again."
    )
    state = visitor.start("n" * 60)
    visitor.hear(clock, state)
    answer = visitor.vote(state, comment="c" * 1001)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long")
    assert visitor.vote(state, comment="c" * 1000).status_code == 200


def test_the_page_may_load_from_this_server_and_nowhere_else(visitor: Visitor) -> None:
    page = visitor.get()
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-frame-options"] == "DENY"
    assert "noindex" in page.headers["x-robots-tag"]


@pytest.mark.parametrize("path", ["/listen/", "/listen/a/b/c", "/listen/page/", "/listen/page/x"])
def test_nothing_else_is_below_the_address(url: str, path: str) -> None:
    assert requests.get(url + path, timeout=20, allow_redirects=False).status_code == 404


def test_sounds_that_are_not_ready_are_awaited_and_those_that_are_gone_are_made_again(
    services: Services, url: str, clock: Clock
) -> None:
    comparison = sounding_comparison(services.library)
    test = services.library.listening.open_test(new_test(comparison))
    visitor = Visitor.of(services, url, test)
    assert visitor.state()["phase"] == "preparing"
    assert services.preparations.wait(60)
    assert visitor.state()["phase"] == "welcome"
    visitor.start()
    services.preparations.remove([str(services.library.listening.test(test.id).prepared)])
    assert visitor.state()["phase"] == "preparing"
    assert services.preparations.wait(60)
    visitor.hear(clock, visitor.state())


def test_a_listener_sees_that_sounds_cannot_be_made(
    services: Services, url: str, tmp_path: Path
) -> None:
    comparison = sounding_comparison(services.library)
    test = services.library.listening.open_test(new_test(comparison))
    services.library.listening.note_preparation(test.id, problem="The disk is full of secrets.")
    state = Visitor.of(services, url, test).state()
    assert state["phase"] == "problem"
    assert state["message"] == "The sounds of this test cannot be prepared. Please tell Ada."
