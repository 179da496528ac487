"""The schedule of looks, measured on simulated jobs against polling at a fixed pace."""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import next_look

pytestmark = pytest.mark.slow

# Durations of 15 s to 3 min: a median and a spread (of the logarithm) for each model.
MODELS = {"lyria-2": (20.0, 0.25), "lyria-3": (35.0, 0.25), "lyria-3-pro": (105.0, 0.3)}
JOBS = 400


@dataclass
class Score:
    looks: float
    lag: float


def durations(median: float, spread: float, rng: random.Random) -> float:
    while True:
        seconds = median * math.exp(rng.gauss(0, spread))
        if 15 <= seconds <= 180:
            return seconds


def of_model(model: str) -> Callable[[random.Random], float]:
    median, spread = MODELS[model]
    return lambda rng: durations(median, spread, rng)


def evenly(low: float, high: float) -> Callable[[random.Random], float]:
    return lambda rng: rng.uniform(low, high)


def play(
    draw: Callable[[random.Random], float], pause: Callable[[float, int, tuple[float, ...]], float]
) -> Score:
    """Run jobs one after the other and learn from each; nothing is known at the start."""
    rng = random.Random(11)
    recent: deque[float] = deque(maxlen=30)
    looks = lag = 0.0
    for _ in range(JOBS):
        seconds = draw(rng)
        history = tuple(recent)
        age, count = 0.0, 0
        while age < seconds:
            age += pause(age, count, history)
            count += 1
        looks += count
        lag += age - seconds
        recent.append(seconds)
    return Score(looks / JOBS, lag / JOBS)


def adaptive(seed: int) -> Callable[[float, int, tuple[float, ...]], float]:
    rng = random.Random(seed)
    return lambda age, count, history: next_look(age, count, history, rng)


def fixed(seconds: float) -> Callable[[float, int, tuple[float, ...]], float]:
    return lambda age, count, history: seconds


@pytest.mark.parametrize("model", MODELS)
def test_lag_is_below_every_5_s_with_no_more_polls_than_every_10_s(model: str) -> None:
    draw = of_model(model)
    ours = play(draw, adaptive(1))
    assert ours.lag < play(draw, fixed(5)).lag
    assert ours.looks <= play(draw, fixed(10)).looks


def test_two_known_jobs_already_help() -> None:
    rng = random.Random(8)
    looks = lag = tens = 0.0
    for _ in range(2 * JOBS):
        *history, seconds = (durations(105, 0.25, rng) for _ in range(3))
        age, count = 0.0, 0
        while age < seconds:
            age += next_look(age, count, history, rng)
            count += 1
        looks, lag, tens = looks + count, lag + age - seconds, tens + math.ceil(seconds / 10)
    assert looks < 1.03 * tens
    assert lag / (2 * JOBS) < 2.7


def test_evenly_spread_durations_meet_the_same_goal() -> None:
    # No bell at all, from 25 s to 70 s.
    draw = evenly(25, 70)
    ours = play(draw, adaptive(2))
    assert ours.lag < play(draw, fixed(5)).lag
    assert ours.looks <= play(draw, fixed(10)).looks


def test_wide_durations_come_near_the_theoretical_limit() -> None:
    # Nothing can be learnt here but that. No schedule at all has a smaller mean lag than
    # 2/9 · 165 s / (looks - ½), which is more than that of every 5 s.
    ours, tens = play(evenly(15, 180), adaptive(3)), play(evenly(15, 180), fixed(10))
    assert ours.lag < 1.1 * 2 / 9 * 165 / (ours.looks - 0.5)
    assert ours.looks <= tens.looks


def test_quick_failures_are_learnt_as_a_second_hump() -> None:
    def draw(rng: random.Random) -> float:
        return rng.uniform(6, 7) if rng.random() < 0.3 else durations(105, 0.2, rng)

    ours = play(draw, adaptive(4))
    assert ours.lag < 0.75 * play(draw, fixed(10)).lag
    assert ours.looks <= play(draw, fixed(10)).looks


@pytest.mark.parametrize("median", [3.0, 5.0, 8.0])
def test_jobs_of_a_few_seconds_do_not_wait_for_10_s(median: float) -> None:
    ours = play(lambda rng: median * rng.uniform(0.8, 1.2), adaptive(5))
    assert ours.lag < 1.6
    assert ours.looks <= 2.1


def test_pauses_without_history_grow_from_2_to_10_s() -> None:
    rng = random.Random(5)
    age = 0.0
    pauses: list[float] = []
    while age < 600:
        pauses.append(next_look(age, len(pauses), (), rng))
        age += pauses[-1]
    assert 2.0 <= pauses[0] <= 2.1
    assert max(pauses) <= 10.5
    assert sum(pauses[-5:]) > sum(pauses[2:7])


def test_job_that_outlasts_all_others_is_polled_rarely() -> None:
    rng = random.Random(6)
    history = tuple(durations(35, 0.25, rng) for _ in range(50))
    pauses = [next_look(1200.0 + 10 * n, n, history, rng) for n in range(50)]
    assert min(pauses) >= 9


def test_jitter_spreads_jobs_of_one_batch() -> None:
    rng = random.Random(7)
    assert len({next_look(10.0, 2, (), rng) for _ in range(20)}) == 20


def test_pause_is_two_seconds_where_all_jobs_end() -> None:
    rng = random.Random(9)
    pauses = [next_look(20.0, 3, (20.0,) * 30, rng) for _ in range(100)]
    assert min(pauses) == 2.0


@given(
    elapsed=st.floats(min_value=-10, max_value=1e6),
    looks=st.integers(min_value=0, max_value=10_000),
    recent=st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=80),
    seed=st.integers(0, 100),
)
def test_pause_is_always_2_to_63_s(
    elapsed: float, looks: int, recent: list[float], seed: int
) -> None:
    pause = next_look(elapsed, looks, recent, random.Random(seed))
    assert 2.0 <= pause <= 63.0
