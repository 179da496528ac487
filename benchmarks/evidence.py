"""Compute what the statistics of listening tests promise: `python -m benchmarks.evidence`.

Error rates, power and coverage of the rule for early looks are exact (every path of votes is
counted); takes, several variants, promises and the coverage of strengths are simulated, with fixed
seeds.
"""

import argparse
import math
import sys
import time
from itertools import combinations, product
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.vote_paths import ever_decided, ever_missed, outcome, telling_shares

from benchmarks.evidence_simulation import (
    POPULATIONS,
    new_tests,
    promises,
    several_variants,
    two_variants,
)
from lyria_studio.evidence import Ballot, Stage, preference, strengths, tally
from lyria_studio.evidence.decision_rules import (
    LATE_LEVEL,
    LEVEL,
    anytime_interval,
    deciding_rule,
    exact_interval,
    final_level,
    sign_p,
)
from lyria_studio.evidence.power import Design, power
from lyria_studio.evidence.takes import TAKES_NEEDED

PLANS = (10, 15, 20, 30, 40, 43, 60, 100)
SHARES = (0.65, 0.75, 0.85)


def early(a: int, b: int) -> bool:
    return deciding_rule(a, b, Stage.OPEN) is not None


def final(a: int, b: int) -> bool:
    return deciding_rule(a, b, Stage.PLANNED_END) is not None


def once(a: int, b: int) -> bool:
    return sign_p(a, b) <= LEVEL


def cautious(a: int, b: int) -> bool:
    return sign_p(a, b) <= LATE_LEVEL


def never(_a: int, _b: int) -> bool:
    return False


def last(a: int, b: int) -> tuple[float, float]:
    return exact_interval(b, a + b, 1 - final_level(a + b, Stage.PLANNED_END))


def false_winners() -> None:
    print("False winners among equals, in 100 tests that are looked at after every vote (exact)")
    print("planned | sign test at each look | sign test at the end only | ours | odds alone")
    for planned in PLANS:
        rates = [
            ever_decided(planned, once, once),
            ever_decided(planned, never, once),
            ever_decided(planned, early, final),
            ever_decided(planned, early, never),
        ]
        print(f"{planned:7} | " + " | ".join(f"{float(rate) * 100:5.2f}" for rate in rates))


def exact_power() -> None:
    print("\nFound in 100 tests / votes used, if listeners prefer one side with this share (exact)")
    print("planned | share | sign test once | 4% + odds | ours      | odds alone")
    for planned in PLANS:
        for share in SHARES:
            rules = ((never, once), (early, cautious), (early, final), (early, never))
            found = [outcome(planned, share, *rule) for rule in rules]
            cells = [f"{won * 100:5.1f} / {votes:5.1f}" for won, _, votes in found]
            print(f"{planned:7} | {share:5} | " + " | ".join(cells))


def takes(tests: int) -> None:
    print(f"\nEqual prompts whose takes differ by `spread` logits; {tests} simulated tests each,")
    print("looked at after every listener and closed at the first winner; of 100 tests")
    print("takes | spread | listeners | recordings called different | prompts, 0 / 30 / 60% ties")
    for count, spread, listeners in product((1, 3, 4, 5), (0.0, 0.5, 1.0), (15, 40, 100)):
        found = [
            two_variants(count, listeners, spread, ties=ties, tests=tests)
            for ties in (0.0, 0.3, 0.6)
        ]
        prompts = " / ".join(f"{one.prompts * 100:4.1f}" for one in found)
        recordings = found[0].recordings * 100
        print(f"{count:5} | {spread:6} | {listeners:9} | {recordings:27.1f} | {prompts}")
    print("\nFound if B is better (80 : 20, spread 0.5, 40 listeners), of 100 tests")
    print("takes | 1 pair each | 4 pairs each | for each take that is paid")
    for count in (1, 3, 4, 5, 6, 8):
        once = two_variants(count, 40, 0.5, lead=math.log(4), tests=tests).prompts
        four = power(Design(2, count, 40, 4), 0.8) if count >= TAKES_NEEDED else 0.0
        each = four * 100 / 2 / count
        print(f"{count:5} | {once * 100:11.1f} | {four * 100:12.1f} | {each:.1f}")


def variants(tests: int) -> None:
    print(f"\nSeveral equal variants: any wrong pair, of 100 tests ({tests} simulated)")
    print("variants | takes | spread | recordings | prompts")
    for count, of_each, spread in ((3, 1, 0.0), (5, 1, 0.0), (3, 5, 0.5), (3, 5, 1.0), (5, 4, 1.0)):
        found = several_variants(count, of_each, 30, spread, tests=tests)
        print(
            f"{count:8} | {of_each:5} | {spread:6} | {found.recordings * 100:10.1f} | "
            f"{found.prompts * 100:7.1f}"
        )


def kept_promises(tests: int) -> None:
    print(f"\nPromises at one look: what was said -> what came true ({tests} simulated tests)")
    print("population     | about      | said, mean  | came true | off the middle | promises")
    for population in POPULATIONS:
        kinds, spoken = promises(population, tests=tests)
        for kind, one in kinds.items():
            print(
                f"{population:14} | {kind:10} | {one.low:4.0%} - {one.high:4.0%} | "
                f"{one.kept:9.1%} | {one.missed_by * 100:7.1f} points | {one.made}"
            )
        print(f"{population:14} | said at {spoken:.0%} of all looks without a verdict")
    print("\nNew tests: chance that was stated for a share -> how often it came true with it")
    for name, one in new_tests(tests=tests).items():
        print(f"  {name:25} | {one.low:5.1%} -> {one.kept:5.1%}")


def coverage() -> None:
    print("\nLeast coverage of the intervals over all true shares, in 100 tests (exact)")
    print("planned | at the end | all looks together | all looks and the end together")
    for planned in PLANS[:-1]:
        shares = telling_shares(planned, [1 - LEVEL, 1 - LATE_LEVEL])

        def whole(_a: int, _b: int) -> tuple[float, float]:
            return 0.0, 1.0

        missed = [
            ever_missed(planned, shares, whole, last),
            ever_missed(planned, shares, anytime_interval, anytime_interval),
            ever_missed(planned, shares, anytime_interval, last),
        ]
        print(f"{planned:7} | " + " | ".join(f"{100 - one.max() * 100:6.2f}" for one in missed))


def strengths_coverage(tests: int) -> None:
    print(f"\nCoverage of the 95% intervals of strengths ({tests} simulated tests each, seeded)")
    cases: list[tuple[tuple[float, ...], int, float]] = [
        ((0.8, 0.0, -0.8), 8, 0.8),
        ((0.3, 0.1, 0.0, -0.4), 15, 0.8),
        ((0.8, 0.0, -0.8), 20, 0.0),
    ]
    for logs, listeners, taste in cases:
        rng = np.random.default_rng(13)
        true = _true_shares(np.array(logs), taste)
        inside = 0
        for _ in range(tests):
            ballots = _ballots(np.array(logs), listeners, taste, rng)
            letters = "ABCDEF"[: len(logs)]
            wins = tally(ballots, letters).wins
            found = strengths(wins, letters=letters, ballots=ballots, resamples=200)
            inside += int(((found.low <= true) & (true <= found.high)).sum())
        rate = inside / tests / len(logs)
        print(
            f"  {len(logs)} variants, {listeners} listeners, tastes differ by {taste}: {rate:.1%}"
        )


def _odds(logs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = 1 / (1 + np.exp(logs[..., None, :] - logs[..., :, None]))
    return found


def _true_shares(logs: npt.NDArray[np.float64], taste: float) -> npt.NDArray[np.float64]:
    """Return the fit to a whole population of listeners whose strengths vary by `taste`."""
    people = np.random.default_rng(0).normal(size=(20_000, len(logs))) * taste + logs
    votes = _odds(people).mean(axis=0) * 100_000
    np.fill_diagonal(votes, 0)
    return np.array(strengths(votes.round(), resamples=1, ballots=None, anchor=0, seed=1).values)


def _ballots(
    logs: npt.NDArray[np.float64], listeners: int, taste: float, rng: np.random.Generator
) -> list[Ballot]:
    ballots = []
    for listener in range(listeners):
        chances = _odds(rng.normal(size=len(logs)) * taste + logs)
        for i, j in combinations(range(len(logs)), 2):
            one, other = "ABCDEF"[i], "ABCDEF"[j]
            for _ in range(2):
                winner = one if rng.random() < chances[i, j] else other
                ballots.append(Ballot(str(listener), one, other, winner))
    return ballots


def speed() -> None:
    print("\nTime of one answer")
    began = time.perf_counter()
    for b in range(100):
        preference(20, b, planned=60)
    print(f"  preference: {(time.perf_counter() - began) * 10:.1f} ms")
    wins = np.full((6, 6), 5.0) - 5 * np.eye(6)
    began = time.perf_counter()
    strengths(wins, np.ones((6, 6)) - np.eye(6))
    print(f"  strengths of 6 variants, 300 weightings: {time.perf_counter() - began:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=150, help="simulated tests of strengths")
    parser.add_argument("--simulated", type=int, default=6000, help="simulated tests otherwise")
    arguments = parser.parse_args()
    false_winners()
    exact_power()
    takes(arguments.simulated)
    variants(arguments.simulated // 3)
    kept_promises(arguments.simulated)
    coverage()
    speed()
    strengths_coverage(arguments.tests)


if __name__ == "__main__":
    main()
