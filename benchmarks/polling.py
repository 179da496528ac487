"""How soon is a finished job noticed, and how many GETs does that take?

    python -m benchmarks.polling [--jobs 300] [--seeds 3] [--trip 0.1]

Polls the same jobs in virtual time with ``next_look``, which learns from a model's recent jobs as
the worker lets it, and at a fixed pace of 5 s and of 10 s. The goal is a smaller lag than every
5 s with no more GETs than every 10 s.

The gateway's reference shows jobs of 15 s (Lyria 2) and of 56 s and 111 s (Lyria 3 Pro); no more is
known. So each model has a median and a spread (the standard deviation of the logarithm), cut to
15 s to 3 min, and the spread is varied until the goal fails. On durations even over an interval of
length L, no schedule of N looks has a mean lag below ``2/9 L / (N - 1/2)``.
"""

import argparse
import heapq
import math
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lyria_core import next_look

SHORTEST_S, LONGEST_S = 15.0, 180.0
RECENT, RECENT_FOR_S = 64, 15.0  # the worker knows so many jobs, and reads them again so often
MOST_TAKES, BETWEEN_CLICKS_S = 4, 120.0

Pause = Callable[[float, int, Sequence[float], random.Random], float]
WAYS: dict[str, Pause] = {
    "lyria_core": next_look,
    "every 5 s": lambda age, looks, recent, rng: 5.0,
    "every 10 s": lambda age, looks, recent, rng: 10.0,
}


@dataclass(frozen=True)
class Durations:
    """How long a model's jobs take, in seconds; without a spread, evenly over all durations."""

    model_id: str
    median_s: float
    spread: float | None = 0.25

    def draw(self, rng: random.Random) -> float:
        """Draw one."""
        if self.spread is None:
            return rng.uniform(SHORTEST_S, LONGEST_S)
        while True:
            seconds = self.median_s * math.exp(rng.gauss(0, self.spread))
            if SHORTEST_S <= seconds <= LONGEST_S:
                return seconds


def orders(model: Durations, count: int, seed: int) -> list[tuple[float, float]]:
    """Return when each job is ordered and how long it takes: clicks of some takes each."""
    rng = random.Random(f"{seed} {model}")
    found: list[tuple[float, float]] = []
    now = 0.0
    while len(found) < count:
        now += rng.expovariate(1 / BETWEEN_CLICKS_S)
        found += [(now, model.draw(rng)) for _ in range(rng.randint(1, MOST_TAKES))]
    return found[:count]


def play(pause: Pause, jobs: Sequence[tuple[float, float]], trip_s: float) -> tuple[float, float]:
    """Return the mean lag in seconds and the mean number of GETs of jobs of one model."""
    rng = random.Random(0)
    ended: deque[float] = deque(maxlen=RECENT)
    recent: tuple[float, ...] = ()
    read_at = -math.inf
    lag_s = gets = 0.0
    # A job that was ordered is polled before the clock goes on to the next event.
    due = [(born, -1, born, seconds) for born, seconds in jobs]
    heapq.heapify(due)
    while due:
        now, looks, born, seconds = heapq.heappop(due)
        if looks >= 0:
            gets += 1
            if (late_s := now + trip_s / 2 - (born + trip_s / 2 + seconds)) >= 0:
                lag_s += late_s
                ended.append(seconds)
                continue
        if now - read_at > RECENT_FOR_S:
            recent, read_at = tuple(ended), now
        asked_again = now + trip_s + pause(now + trip_s - born, looks + 1, recent, rng)
        heapq.heappush(due, (asked_again, looks + 1, born, seconds))
    return lag_s / len(jobs), gets / len(jobs)


def row(name: str, models: Sequence[Durations], options: argparse.Namespace) -> None:
    """Print what every way to poll achieves on the same jobs."""
    results = []
    for pause in WAYS.values():
        runs = [
            play(pause, orders(model, options.jobs, seed), options.trip)
            for model in models
            for seed in range(options.seeds)
        ]
        results.append([sum(values) / len(runs) for values in zip(*runs, strict=True)])
    goal = "yes" if results[0][0] < results[1][0] and results[0][1] <= results[2][1] else "no"
    cells = "".join(f"{lag_s:10.2f} {gets:6.2f}" for lag_s, gets in results)
    print(f"{name:34}{cells}  {goal}", flush=True)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=300, help="of each model, for each seed")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--trip", type=float, default=0.1, help="seconds from question to answer")
    options = parser.parse_args()
    print(f"{'':34}" + "".join(f"{name:>17}" for name in WAYS))
    print(f"{'jobs':34}" + f"{'lag s':>10} {'GETs':>6}" * len(WAYS) + "  goal")
    medians = {"lyria-2": 20.0, "lyria-3": 35.0, "lyria-3-pro": 80.0}
    for model_id, median_s in medians.items():
        row(f"{model_id}, {median_s:g} s", [Durations(model_id, median_s)], options)
    for spread in (0.15, 0.20, 0.25, 0.30, 0.35, 0.40):
        models = [Durations(model_id, median_s, spread) for model_id, median_s in medians.items()]
        row(f"the three, spread {spread:.2f}", models, options)
    row("one model, 60 s, spread 0.50", [Durations("lyria-3", 60.0, 0.5)], options)
    row("one model, even on 15 to 180 s", [Durations("lyria-3", 97.5, None)], options)


if __name__ == "__main__":
    main()
