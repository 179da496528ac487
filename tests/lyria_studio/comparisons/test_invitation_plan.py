"""What a listening test is planned to be."""

from datetime import UTC, date, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.comparisons.invitation_plan import (
    default_trials,
    end_of_day,
    findable_share,
    minutes,
    plan_sentence,
)
from lyria_studio.model.listening_test import ListeningKind

KINDS = st.sampled_from(list(ListeningKind))


@pytest.mark.parametrize(
    ("letters", "takes", "trials"), [(2, 1, 1), (2, 3, 3), (3, 1, 3), (3, 2, 6), (6, 8, 12)]
)
def test_every_pair_is_heard_and_nobody_too_long(letters: int, takes: int, trials: int) -> None:
    assert default_trials(ListeningKind.PREFERENCE, letters, takes) == trials
    assert default_trials(ListeningKind.ABX, 2, takes) == 8


@given(st.integers(1, 400))
def test_more_listeners_find_a_smaller_preference(ballots: int) -> None:
    share, more = findable_share(ballots), findable_share(ballots + 50)
    assert more is not None
    assert share is None or more <= share


@pytest.mark.parametrize(
    ("listeners", "says"),
    [
        # The usual sign test needs 20 votes for 80 to 20 and 49 for 70 to 30 (power 0.8).
        (4, "That is few"),
        (15, "A preference of 90 to 10"),
        (25, "A preference of 80 to 20"),
        (60, "A preference of 70 to 30"),
    ],
)
def test_the_plan_says_what_it_can_show(listeners: int, says: str) -> None:
    assert says in plan_sentence(ListeningKind.PREFERENCE, listeners, 1, 2)


@given(KINDS, st.integers(1, 1000), st.integers(1, 50), st.integers(2, 6))
def test_the_plan_always_says_why_it_is_fixed(
    kind: ListeningKind, listeners: int, trials: int, letters: int
) -> None:
    said = plan_sentence(kind, listeners, trials, letters)
    assert f"{listeners * trials:,} vote" in said
    assert "fixed beforehand" in said
    assert minutes(trials) >= 1


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-12, 14))
def test_a_last_day_ends_at_midnight_on_the_wall(day: date, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    end = end_of_day(day, zone)
    assert end.tzinfo is UTC
    assert (end - timedelta(seconds=1)).astimezone(zone).date() == day
    assert end.astimezone(zone).date() == day + timedelta(days=1)
