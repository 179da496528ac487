"""Durations, the gateway and the looks at it in virtual time, for the polling benchmark."""

import functools
import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHORTEST_S, LONGEST_S = 15.0, 180.0
# As the worker does: so many of the latest jobs, read again once in a while.
RECENT, RECENT_FOR_S = 64, 15.0
MOST_TAKES, BETWEEN_CLICKS_S = 4, 120.0
STEP_S = 0.2
LEAST_APART_S = 2.0

Pause = Callable[[float, int, Sequence[float], random.Random], float]
"""Age of a job, looks so far, recent durations, jitter; returns seconds until the next look."""

Order = tuple[float, str, float]
"""When a job is ordered, of which model, and how many seconds it takes."""


@dataclass
class Made:
    """A job, and who looked at it. Times are seconds on the gateway's clock."""

    model_id: str
    created: float
    ends: float
    looks: int = 0
    looked: float = -math.inf
    closest_s: float = math.inf
    noticed: float = math.inf

    @property
    def lag_s(self) -> float:
        """Seconds from COMPLETED to the look that saw it."""
        return self.noticed - self.ends


class Gateway:
    """Takes jobs and counts the looks at them."""

    def __init__(self) -> None:
        self.jobs: dict[str, Made] = {}
        self._numbers = itertools.count(1)

    def submit(self, model_id: str, seconds: float, now: float) -> str:
        """Take a job that is made in so many seconds; return its request id."""
        request_id = f"{model_id}_{next(self._numbers):08d}"
        self.jobs[request_id] = Made(model_id, now, now + seconds)
        return request_id

    def look(self, request_id: str, now: float) -> bool:
        """Count a look; return whether the job is COMPLETED."""
        job = self.jobs[request_id]
        job.looks += 1
        job.closest_s = min(job.closest_s, now - job.looked)
        job.looked = now
        if now < job.ends:
            return False
        job.noticed = min(job.noticed, now)
        return True


@dataclass(frozen=True)
class Durations:
    """How long a model's jobs take: a bell of the logarithm, or anything if there is no spread."""

    model_id: str
    median_s: float
    spread: float | None

    def draw(self, rng: random.Random) -> float:
        """Draw a duration in seconds."""
        if self.spread is None:
            return rng.uniform(SHORTEST_S, LONGEST_S)
        while True:
            seconds = self.median_s * math.exp(rng.gauss(0, self.spread))
            if SHORTEST_S <= seconds <= LONGEST_S:
                return seconds

    def parts(self) -> NDArray[np.float64]:
        """Return which part of the jobs ends in each step of time from 0 on."""
        middles = np.arange(0, LONGEST_S, STEP_S) + STEP_S / 2
        density = np.ones_like(middles)
        if self.spread is not None:
            density = np.exp(-((np.log(middles / self.median_s) / self.spread) ** 2) / 2) / middles
        density[middles < SHORTEST_S] = 0
        return np.asarray(density / density.sum())


class Learning:
    """The recent durations of each model, as stale as the worker lets them become."""

    def __init__(self) -> None:
        self._all: dict[str, deque[float]] = {}
        self._read: dict[str, tuple[float, tuple[float, ...]]] = {}

    def of(self, model_id: str, now: float) -> Sequence[float]:
        """Return them, the newest last."""
        read_at, recent = self._read.get(model_id, (-math.inf, ()))
        if now - read_at > RECENT_FOR_S:
            recent = tuple(self._all.get(model_id, ()))
            self._read[model_id] = (now, recent)
        return recent

    def add(self, job: Made) -> None:
        """A job was noticed."""
        known = self._all.setdefault(job.model_id, deque(maxlen=RECENT))
        known.append(job.ends - job.created)


class Learnt(Learning):
    """Recent durations that were known before and stay as they are."""

    def __init__(self, known: Mapping[str, Sequence[float]]) -> None:
        super().__init__()
        self._known = known

    def of(self, model_id: str, now: float) -> Sequence[float]:
        """Return them."""
        return self._known[model_id]


def orders(sources: Sequence[Durations], count: int, seed: int) -> list[Order]:
    """Draw the orders of every model: clicks of some takes each, at random moments."""
    found = []
    for source in sources:
        rng = random.Random(f"{seed} {source}")
        now, left = 0.0, count
        while left > 0:
            now += rng.expovariate(1 / BETWEEN_CLICKS_S)
            takes = min(rng.randint(1, MOST_TAKES), left)
            left -= takes
            found += [(now, source.model_id, source.draw(rng)) for _ in range(takes)]
    return sorted(found)


def play(
    pause: Pause,
    ordered: Sequence[Order],
    trip_s: float,
    recent: Learning | None = None,
    seed: int = 0,
) -> list[Made]:
    """Look at jobs in virtual time.

    Args:
        pause: when to look.
        ordered: the jobs, the earliest first.
        trip_s: seconds from a question to its answer; the gateway acts in the middle.
        recent: what is known at the start; by default nothing.
        seed: of the jitter.
    """
    gateway, recent, rng = Gateway(), recent or Learning(), random.Random(seed)
    numbers = itertools.count()
    due: list[tuple[float, int, str, float, int]] = []

    def plan(now: float, request_id: str, born: float, looks: int) -> None:
        known = recent.of(gateway.jobs[request_id].model_id, now)
        next_at = now + pause(now - born, looks, known, rng)
        heapq.heappush(due, (next_at, next(numbers), request_id, born, looks))

    waiting = deque(ordered)
    while waiting or due:
        if waiting and (not due or waiting[0][0] <= due[0][0]):
            born, model_id, seconds = waiting.popleft()
            request_id = gateway.submit(model_id, seconds, born + trip_s / 2)
            plan(born + trip_s, request_id, born, 0)
            continue
        now, _, request_id, born, looks = heapq.heappop(due)
        if gateway.look(request_id, now + trip_s / 2):
            recent.add(gateway.jobs[request_id])
        else:
            plan(now + trip_s, request_id, born, looks + 1)
    return list(gateway.jobs.values())


def least_lag_s(source: Durations, looks: float) -> float:
    """Return a mean lag in seconds that no schedule with so many looks a job goes below.

    For any price of a look, the lag is at least that of the cheapest schedule less the price of
    the looks (Lagrange). This is concave in the price: the best price is found by thirds.
    """

    def bound(log_price: float) -> float:
        price_s = math.exp(log_price)
        return _cheapest(source, price_s) - price_s * looks

    low, high = math.log(0.05), math.log(20.0)
    for _ in range(12):
        third = (high - low) / 3
        if bound(low + third) < bound(high - third):
            low += third
        else:
            high -= third
    return bound((low + high) / 2)


@functools.cache
def _cheapest(source: Durations, price_s: float) -> float:
    """Return the least mean of lag + price * looks of all schedules, from the last age back."""
    parts = source.parts()
    ages = np.arange(len(parts) + 1) * STEP_S
    ended = np.concatenate([[0.0], np.cumsum(parts)])
    moment = np.concatenate([[0.0], np.cumsum(parts * (ages[1:] - STEP_S / 2))])
    apart = round(LEAST_APART_S / STEP_S)
    cost = np.zeros(len(ages))
    for i in range(len(ages) - 2, -1, -1):
        later = np.arange(min(i + apart, len(ages) - 1), len(ages))
        lag = ages[later] * (ended[later] - ended[i]) - (moment[later] - moment[i])
        cost[i] = price_s * (1 - ended[i]) + (lag + cost[later]).min()
    return float(cost[0])
