"""How soon is a finished job noticed, and how many GETs does that take?

    python -m benchmarks.polling [--jobs 300] [--seeds 3] [--trip 0.1] [--speed 15]

Looks at the same jobs on the same gateway in the ways of ``lyria_core`` (``next_look``, learning
from the recent jobs of a model as the worker does, with nothing known at the start), of polling
every 5 s and every 10 s, and of the published defaults of ``fal_client`` and ``replicate`` (read
from these packages where they are installed; the project does not need them). Time is virtual, but
for the rows of real sockets: there the real client and real GETs meet a real server whose clock
runs faster, and the row above is the same in virtual time.

**Which durations.** The gateway's reference shows jobs of 15 s (Lyria 2) and of 56 s and 111 s
(Lyria 3 Pro), no more is known. So each model has a median of its own and a spread (the standard
deviation of the logarithm), cut to 15 s to 3 min, and the spread is varied until the goal fails:
a smaller lag than every 5 s with no more GETs than every 10 s.

**What is possible at all.** Between two looks a job says nothing but "not yet", so any way to look
is a list of ages, perhaps one drawn at random. Let durations be even on an interval of length L.
After i looks the part ``s_i`` of the interval is left (``s_0 = L``), and ``h_i = s_(i-1) - s_i``.
Then the mean number of looks is ``N = sum(s_i) / L`` and the mean lag ``D = sum(h_i^2) / 2L``. With
the middles ``m_i = (s_(i-1) + s_i) / 2``, whose sum is ``L (N - 1/2)``, the square root being
concave, and Cauchy-Schwarz:

    2/3 L^(3/2) = integral of sqrt(s) over [0, L] <= sum(h_i sqrt(m_i))
                <= sqrt(sum(h_i^2) sum(m_i)) = sqrt(2 L D) sqrt(L (N - 1/2))

so ``D (N - 1/2) >= 2/9 L``. Drawing lists at random does not help, for this bound is convex. On
[15 s, 180 s] every 10 s takes 10.24 GETs; with these no lag is below 3.76 s, while every 5 s has
2.5 s: the goal cannot be met there by anybody, and a lag of 2.5 s costs 15.1 GETs or more. What
helps is to know when jobs end, that is, a model's recent durations. For the other distributions the
column ``least`` is the smallest lag of any schedule with as many GETs as ours (for each model), 2 s
apart or more, that knows the distribution itself: found by dynamic programming over all schedules.
Where it is above the lag of every 5 s, nobody reaches the goal.
"""

import argparse
import importlib.metadata
import inspect
import os
import platform
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.polling_real import by_client, by_loop
from benchmarks.polling_virtual import (
    RECENT,
    Durations,
    Learnt,
    Made,
    Pause,
    least_lag_s,
    orders,
    play,
)
from lyria_core import next_look

REAL_JOBS = 16
REPEATS = 10
SPREADS = (0.15, 0.20, 0.30, 0.35, 0.40)


@dataclass(frozen=True)
class Way:
    """A way to look at jobs; ``interval_s`` is None for ours."""

    name: str
    pause: Pause
    interval_s: float | None = None


@dataclass(frozen=True)
class Score:
    """What a way to look achieved: mean lag in seconds, looks a job, and the closest two."""

    lag_s: float
    looks: float
    closest_s: float

    def __str__(self) -> str:
        return f"{self.lag_s:6.2f} {self.looks:6.2f}"


def every(name: str, seconds: float, first_s: float | None = None) -> Way:
    """Look at a fixed pace, as a loop does that sleeps between answer and question."""
    first = seconds if first_s is None else first_s
    return Way(name, lambda age, looks, recent, rng: seconds if looks else first, seconds)


def fal_client_way() -> Way:
    """``SyncRequestHandle.get`` looks at once, and then again after its ``interval``."""
    try:
        import fal_client
    except ImportError:
        return every("fal_client 1.0.3*", 0.1, first_s=0.0)
    interval_s = inspect.signature(fal_client.SyncRequestHandle.get).parameters["interval"].default
    name = f"fal_client {importlib.metadata.version('fal-client')}"
    return every(name, float(interval_s), first_s=0.0)


def replicate_way() -> Way:
    """``Prediction.wait`` sleeps its client's ``poll_interval`` before every look."""
    try:
        # Its default only, whatever this machine has set.
        os.environ.pop("REPLICATE_POLL_INTERVAL", None)
        import replicate
    except ImportError:
        return every("replicate 1.0.7*", 0.5)
    name = f"replicate {importlib.metadata.version('replicate')}"
    return every(name, float(replicate.Client("none").poll_interval))


OURS = Way("lyria_core", next_look)
FIVE, TEN = every("every 5 s", 5.0), every("every 10 s", 10.0)


def models(spread: float = 0.25) -> list[Durations]:
    """Return the three models."""
    return [
        Durations("lyria-2", 20.0, spread),
        Durations("lyria-3", 35.0, spread),
        Durations("lyria-3-pro", 80.0, spread),
    ]


def score(jobs: Sequence[Made]) -> Score:
    """Sum up what a gateway saw."""
    return Score(
        sum(job.lag_s for job in jobs) / len(jobs),
        sum(job.looks for job in jobs) / len(jobs),
        min(job.closest_s for job in jobs),
    )


class Table:
    """Prints row by row, and remembers how close two looks at one job came."""

    def __init__(self, ways: Sequence[Way]) -> None:
        self._ways = ways
        self._closest: dict[str, float] = {}

    def head(self) -> None:
        """Print what the columns are."""
        print(f"{'':34}" + "".join(f"{way.name:>19}" for way in self._ways) + f"{'least':>8}  goal")
        print(f"{'jobs':34}" + f"{'lag s   GETs':>19}" * len(self._ways) + f"{'lag s':>8}")

    def row(self, name: str, scores: dict[str, Score], least_s: float | None = None) -> None:
        """Print what every way achieved on the same jobs."""
        for way, one in scores.items():
            self._closest[way] = min(self._closest.get(way, one.closest_s), one.closest_s)
        ours, five, ten = (scores[way.name] for way in (OURS, FIVE, TEN))
        goal = "yes" if ours.lag_s < five.lag_s and ours.looks <= ten.looks else "no"
        cells = "".join(f"{scores[way.name]!s:>19}" for way in self._ways)
        print(f"{name:34}{cells}" + (f"{least_s:8.2f}  {goal}" if least_s else ""), flush=True)

    def closest(self) -> None:
        """Print how close two looks at one job came since this was last asked for."""
        cells = "".join(f"{self._closest[way.name]:17.2f} s" for way in self._ways)
        print(f"{'two GETs of one job, closest':34}{cells}")
        self._closest.clear()


def virtual_rows(
    table: Table,
    ways: Sequence[Way],
    title: str,
    sources: Sequence[Durations],
    options: argparse.Namespace,
    each: bool = False,
) -> None:
    """Play the jobs of some models in every way, and print them together or one by one."""
    seen: dict[str, list[Made]] = {way.name: [] for way in ways}
    for seed in range(options.seeds):
        ordered = orders(sources, options.jobs, seed)
        for way in ways:
            seen[way.name] += play(way.pause, ordered, options.trip)
    least = {}
    for source in sources:
        scores = {
            name: score([job for job in jobs if job.model_id == source.model_id])
            for name, jobs in seen.items()
        }
        least[source.model_id] = least_lag_s(source, scores[OURS.name].looks)
        if each:
            name = f"{source.model_id}, {source.median_s:g} s, spread {source.spread:.2f}"
            table.row(name, scores, least[source.model_id])
    together = {name: score(jobs) for name, jobs in seen.items()}
    table.row(title, together, sum(least.values()) / len(least))


def real_rows(table: Table, ways: Sequence[Way], speed: float) -> None:
    """Look over real sockets, and in virtual time at the same jobs with the same trips."""
    rng = random.Random(3)
    durations = {one.model_id: [one.draw(rng) for _ in range(REAL_JOBS)] for one in models()}
    recent = {one.model_id: [one.draw(rng) for _ in range(RECENT)] for one in models()}
    ordered = [(0.0, model_id, s) for model_id, values in durations.items() for s in values]
    real, virtual, trip_s = {}, {}, 0.0
    for way in sorted(ways, key=lambda way: -(way.interval_s or 0)):
        if way.interval_s is None:
            jobs = by_client(durations, recent, speed)
        else:
            # Few at once where looks are many: it is not this machine that is measured.
            threads = len(ordered) if way.interval_s >= 5 else 8
            jobs, trip_s = by_loop(durations, way.pause, threads, speed)
        real[way.name] = score(jobs)
        virtual[way.name] = score(
            [
                job
                for seed in range(REPEATS if way.interval_s is None else 1)
                for job in play(way.pause, ordered, trip_s, Learnt(recent), seed)
            ]
        )
    table.row(f"{len(ordered)} jobs in virtual time", virtual)
    table.closest()
    table.row("the same over real sockets", real)
    table.closest()


def main() -> None:
    """Read the arguments, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=300, help="of each model, for each seed")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--trip", type=float, default=0.1, help="seconds from question to answer")
    parser.add_argument("--speed", type=float, default=15.0, help="of the clocks at real sockets")
    options = parser.parse_args()
    ways = [OURS, FIVE, TEN, fal_client_way(), replicate_way()]
    print(
        f"python -m benchmarks.polling --jobs {options.jobs} --seeds {options.seeds} "
        f"--trip {options.trip:g} --speed {options.speed:g}; Python {platform.python_version()}, "
        f"lyria_core of lyria-studio {importlib.metadata.version('lyria-studio')}; * = not "
        "installed, as published\n"
    )
    table = Table(ways)
    table.head()
    virtual_rows(table, ways, "these three together, spread 0.25", models(), options, each=True)
    for spread in SPREADS:
        virtual_rows(table, ways, f"the three, spread {spread:.2f}", models(spread), options)
    mixed = [Durations("lyria-3", 60.0, 0.5)]
    virtual_rows(table, ways, "one model, 60 s, spread 0.50", mixed, options)
    even = [Durations("lyria-3", 97.5, None)]
    virtual_rows(table, ways, "one model, even on 15 to 180 s", even, options)
    real_rows(table, ways, options.speed)


if __name__ == "__main__":
    main()
