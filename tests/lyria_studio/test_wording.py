"""How money, time and states are said."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.model.states import State
from lyria_studio.wording import (
    LABELS,
    expectation,
    literal,
    moment,
    title,
    usual_until_s,
    verbatim,
    zone_named,
)


def test_every_state_has_a_label() -> None:
    assert set(LABELS) == set(State)


def test_nothing_is_expected_from_two_jobs() -> None:
    assert expectation([20.0, 30.0]) == ""


def test_the_expectation_is_the_middle_half_of_the_recent_jobs() -> None:
    assert expectation([20, 21, 22, 23, 24, 25, 26, 300]) == "usually 22–25 s"
    assert expectation([70, 100, 130, 200]) == "usually 1–3 min"


@given(st.lists(st.floats(0.1, 10_000), min_size=3, max_size=40))
def test_the_expectation_is_always_a_range_that_rises(recent: list[float]) -> None:
    words = expectation(recent)
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    assert numbers or words == "usually about 1 s"
    assert numbers == sorted(set(numbers))


def test_longer_than_usual_begins_where_the_expectation_ends() -> None:
    assert usual_until_s([20, 21, 22, 23, 24, 25, 26, 300]) == 25
    assert usual_until_s([0.1, 0.2, 0.3]) == 1, "nobody is told that half a second is long"
    assert usual_until_s([20.0, 30.0]) is None


def test_a_time_is_shown_in_the_viewers_zone() -> None:
    now = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    berlin = ZoneInfo("Europe/Berlin")
    assert moment(now - timedelta(minutes=20), berlin, now) == "today 02:10"
    assert moment(now - timedelta(hours=3), berlin, now) == "yesterday 23:30"
    assert moment(now - timedelta(days=200), berlin, now) == "7 May 2026, 03:30"


def test_an_unknown_time_zone_is_utc() -> None:
    assert zone_named("Mars/Olympus") is UTC
    assert zone_named("../etc/passwd") is UTC
    assert zone_named(None) is UTC


@given(st.text(max_size=400), st.integers(10, 100))
def test_a_title_is_one_line_of_bounded_length(prompt: str, limit: int) -> None:
    words = title(prompt, limit)
    assert len(words) <= limit + 1
    assert "\n" not in words
    assert " ".join(prompt.split()).startswith(words.removesuffix("…"))


@given(st.text(max_size=80))
def test_words_of_others_keep_their_signs_and_lose_their_meaning(text: str) -> None:
    escaped = verbatim(text)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped) == text
    assert not re.search(r"(?<!\\)(\\\\)*[*_`\[<$:~]", escaped)


def test_dollars_are_no_formula() -> None:
    assert literal("$0.04 or $0.08") == r"\$0.04 or \$0.08"
