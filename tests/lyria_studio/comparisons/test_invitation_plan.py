"""What a listening test is planned to be."""

from datetime import UTC, date, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_studio.comparisons.invitation_plan import (
    attentive,
    default_trials,
    end_of_day,
    findable_share,
    minutes,
    own_test,
    plan_sentence,
)
from lyria_studio.evidence.power import Design
from lyria_studio.model.listening_test import ListeningKind, Reveal

pytestmark = pytest.mark.slow

KINDS = st.sampled_from(list(ListeningKind))


@pytest.mark.parametrize(
    ("letters", "takes", "trials"), [(2, 1, 1), (2, 3, 3), (3, 1, 3), (3, 2, 6), (6, 8, 12)]
)
def test_every_pair_is_heard_and_nobody_too_long(letters: int, takes: int, trials: int) -> None:
    assert default_trials(ListeningKind.PREFERENCE, letters, takes) == trials
    assert default_trials(ListeningKind.ABX, 2, takes) == 8


@settings(max_examples=25, deadline=None)
@given(st.integers(6, 200))
def test_more_listeners_find_a_smaller_preference(listeners: int) -> None:
    share = findable_share(Design(2, 1, listeners, 1))
    more = findable_share(Design(2, 1, listeners + 60, 1))
    assert more is not None
    assert share is None or more <= share


@pytest.mark.parametrize(
    ("kind", "listeners", "trials", "letters", "takes", "says"),
    [
        (ListeningKind.PREFERENCE, 5, 1, 2, 1, "Fewer than 6 votes can never name a winner."),
        # The usual sign test needs 25 votes for 80 to 20 and 49 for 70 to 30 (power 0.8).
        (ListeningKind.PREFERENCE, 25, 1, 2, 1, "A preference of 80 to 20 is found"),
        (ListeningKind.PREFERENCE, 60, 1, 2, 1, "A preference of 70 to 30 is found"),
        (ListeningKind.PREFERENCE, 25, 1, 2, 1, "The result is about these two recordings"),
        (ListeningKind.PREFERENCE, 15, 4, 2, 4, "A preference of 90 to 10 is found"),
        (ListeningKind.PREFERENCE, 15, 10, 5, 1, "Even a preference of 95 to 5 is often missed."),
        (ListeningKind.PREFERENCE, 5, 10, 5, 1, "Each pair gets 5 votes; fewer than 9"),
        (ListeningKind.ABX, 1, 4, 2, 1, "Fewer than 5 answers can never show a difference."),
        (ListeningKind.ABX, 2, 8, 2, 1, "A difference named right 85% of the time is found"),
    ],
)
def test_the_plan_says_what_it_can_show(
    kind: ListeningKind, listeners: int, trials: int, letters: int, takes: int, says: str
) -> None:
    assert says in plan_sentence(kind, listeners, trials, letters, takes)


@settings(max_examples=20, deadline=None)
@given(KINDS, st.integers(1, 60), st.integers(1, 12), st.integers(2, 4), st.integers(1, 5))
def test_the_plan_always_says_why_it_is_fixed(
    kind: ListeningKind, listeners: int, trials: int, letters: int, takes: int
) -> None:
    said = plan_sentence(kind, listeners, trials, letters, takes)
    assert f"{listeners * trials} vote" in said
    assert "fixed beforehand" in said
    assert ("about these" in said) == (kind is ListeningKind.PREFERENCE and takes < 4)
    assert minutes(trials) >= 1


@pytest.mark.parametrize(
    ("letters", "reveal"), [("AB", Reveal.AT_END), ("ABCDEF", Reveal.AFTER_VOTE)]
)
def test_a_test_for_oneself_reports_a_repeated_pair_at_the_end(
    letters: str, reveal: Reveal
) -> None:
    new = own_test("test-1", "comparison-1", tuple(letters))
    assert (new.reveal, new.host_name, new.planned_votes) == (reveal, "", 10)


@pytest.mark.parametrize(
    ("kind", "trials", "asked"),
    [
        (ListeningKind.PREFERENCE, 6, True),
        (ListeningKind.PREFERENCE, 5, False),
        (ListeningKind.ABX, 8, False),
    ],
)
def test_long_preference_tests_test_attention(
    kind: ListeningKind, trials: int, asked: bool
) -> None:
    assert attentive(kind, trials) is asked


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-12, 14))
def test_a_last_day_ends_at_midnight_on_the_wall(day: date, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    end = end_of_day(day, zone)
    assert end.tzinfo is UTC
    assert (end - timedelta(seconds=1)).astimezone(zone).date() == day
    assert end.astimezone(zone).date() == day + timedelta(days=1)
