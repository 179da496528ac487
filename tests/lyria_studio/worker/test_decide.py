import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import (
    AuthenticationError,
    Charge,
    InsufficientBalance,
    InvalidRequest,
    LyriaError,
    NotSent,
    RateLimited,
    StatusUnavailable,
    SubmitUnknown,
)
from lyria_studio.worker import Timing, decide
from lyria_studio.worker.decide import LeaveUnknown, Refuse

USUAL = Timing()
RNG = random.Random(1)


@pytest.mark.parametrize(
    "error",
    [
        InvalidRequest("x"),
        AuthenticationError("x"),
        InsufficientBalance("x"),
        RateLimited("x"),
        NotSent("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_was_certainly_not_taken_is_refused(error: LyriaError) -> None:
    assert decide.after_failed_submit(error) == Refuse()


@pytest.mark.parametrize(
    "error",
    [
        SubmitUnknown("x"),
        LyriaError("new to us"),
        AuthenticationError("x", charge=Charge.MAYBE),
        SubmitUnknown("x", charge=Charge.NO),
    ],
    ids=str,
)
def test_whatever_is_not_sure_is_unknown(error: LyriaError) -> None:
    assert decide.after_failed_submit(error) == LeaveUnknown(None)


def test_an_id_from_a_broken_answer_is_kept() -> None:
    assert decide.after_failed_submit(SubmitUnknown("x", request_id="r1")) == LeaveUnknown("r1")


def test_at_most_two_more_posts() -> None:
    assert [decide.may_submit_again(n) for n in (1, 2, 3, 4)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RateLimited("x", retry_after=7.0), 7.0),
        (RateLimited("x", retry_after=0.0), 0.0),
        (RateLimited("x", retry_after=3600.0), 60.0),
        (RateLimited("x"), 5.0),
        (InvalidRequest("x"), None),
        (SubmitUnknown("x"), None),
    ],
)
def test_only_a_429_slows_everybody_down(error: LyriaError, expected: float | None) -> None:
    assert decide.rest_s(error) == expected


@given(
    elapsed=st.floats(0, 1e5),
    polls=st.integers(0, 10_000),
    recent=st.lists(st.floats(0.1, 600), max_size=20),
    seed=st.integers(0, 100),
    webhook=st.booleans(),
)
def test_polls_are_never_closer_than_two_seconds(
    elapsed: float, polls: int, recent: list[float], seed: int, webhook: bool
) -> None:
    rng = random.Random(seed)
    assert decide.next_poll_s(USUAL, elapsed, polls, recent, webhook, rng) >= 2.0


def test_with_a_callback_on_its_way_polls_are_rare() -> None:
    first = decide.next_poll_s(USUAL, 0.0, 0, [100.0] * 5, webhook=True, rng=RNG)
    assert 150 <= first <= 180


@pytest.mark.parametrize("recent", [[], [100.0] * 5], ids=["nothing known", "100 s usual"])
def test_once_a_callback_is_late_polls_are_as_frequent_as_without(recent: list[float]) -> None:
    late = decide.next_poll_s(USUAL, 200.0, 1, recent, webhook=True, rng=random.Random(1))
    assert late == decide.next_poll_s(USUAL, 200.0, 1, recent, webhook=False, rng=random.Random(1))
    assert late <= 21


DAY_S = 24 * 3600.0


@pytest.mark.parametrize("elapsed_s", [-365 * DAY_S, -DAY_S, -1.0, 0.0, DAY_S, 365 * DAY_S])
@pytest.mark.parametrize("recent", [[], [100.0] * 5, [19_900.0] * 5])
@pytest.mark.parametrize("webhook", [False, True])
def test_whatever_the_clock_says_no_poll_is_far_away(
    elapsed_s: float, recent: list[float], webhook: bool
) -> None:
    pause_s = decide.next_poll_s(USUAL, elapsed_s, 3, recent, webhook, RNG)
    assert 2.0 <= pause_s <= USUAL.longest_poll_s
    error = StatusUnavailable("x", retry_after=DAY_S)
    assert decide.after_failed_poll_s(USUAL, error, pause_s) <= USUAL.longest_poll_s


@pytest.mark.parametrize(
    ("error", "least"),
    [
        (StatusUnavailable("x"), 5.0),
        (StatusUnavailable("x", retry_after=40.0), 40.0),
        (RateLimited("x", retry_after=33.0), 33.0),
        (AuthenticationError("x"), 60.0),
    ],
)
def test_a_gateway_in_trouble_is_asked_less_often(error: LyriaError, least: float) -> None:
    assert decide.after_failed_poll_s(USUAL, error, 2.0) == least
    assert decide.after_failed_poll_s(USUAL, error, 70.0) == 70.0


def test_downloads_are_tried_for_a_day_with_growing_pauses() -> None:
    pauses: list[float] = []
    while (pause := decide.download_pause_s(USUAL, len(pauses) + 1, RNG)) is not None:
        pauses.append(pause)
    assert 20 * 3600 <= sum(pauses) <= 27 * 3600
    assert pauses[0] <= 6
    assert all(b >= a * 0.8 for a, b in itertools.pairwise(pauses))


def test_patience_ends_well_after_the_slowest_model() -> None:
    assert not decide.is_stalled(USUAL, 10 * 60)
    assert decide.is_stalled(USUAL, 30 * 60)
