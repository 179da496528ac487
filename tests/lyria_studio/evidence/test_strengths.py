"""Strengths of several variants against published fits and an independent likelihood."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import beta, binom
from support.vote_paths import Decides, ever_decided

from lyria_studio.evidence import (
    Ballot,
    Stage,
    Strengths,
    ballot_per_listener,
    several,
    strengths,
    tally,
)

pytestmark = pytest.mark.slow

# Agresti, "Categorical Data Analysis" (2002), table 10.10: American League, 1987.
TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
BASEBALL = [
    [0, 7, 9, 7, 7, 9, 11],
    [6, 0, 7, 5, 11, 9, 9],
    [4, 6, 0, 7, 7, 8, 12],
    [6, 8, 6, 0, 6, 7, 10],
    [6, 2, 6, 7, 0, 7, 12],
    [4, 4, 5, 6, 6, 0, 6],
    [2, 4, 1, 3, 1, 7, 0],
]
# What Turner and Firth's BradleyTerry2 (J. Stat. Software 48, 2012) prints for it.
ABILITIES = (1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0.0)


def test_baseball_as_published() -> None:
    found = strengths(BASEBALL, letters=TEAMS, anchor=0, resamples=20)
    logs = np.array(found.log_strengths)
    assert logs - logs[-1] == pytest.approx(ABILITIES, abs=5e-5)
    assert found.order[0] == "Milwaukee"
    assert found.tie_rate == 0


def davidson(wins: npt.NDArray[np.float64], ties: npt.NDArray[np.float64]) -> list[float]:
    """Davidson's likelihood (JASA 65, 1970), climbed by SciPy."""
    variants = len(wins)

    def loss(x: npt.NDArray[np.float64]) -> float:
        logs, nu = np.append(x[:-1], 0.0), np.exp(x[-1])
        total = 0.0
        for i, j in combinations(range(variants), 2):
            middle = nu * np.exp((logs[i] + logs[j]) / 2)
            whole = np.log(np.exp(logs[i]) + np.exp(logs[j]) + 2 * middle)
            total -= wins[i, j] * (logs[i] - whole) + wins[j, i] * (logs[j] - whole)
            total -= ties[i, j] * (np.log(2 * middle) - whole)
        return float(total)

    best = minimize(loss, np.zeros(variants), tol=1e-12).x
    logs = np.append(best[:-1], 0.0)
    return [*(logs - logs.mean()), float(np.exp(best[-1]))]


def test_ties_are_davidsons() -> None:
    wins = np.array(BASEBALL, dtype=np.float64)[:4, :4]
    ties = np.array([[0, 3, 1, 4], [3, 0, 2, 0], [1, 2, 0, 5], [4, 0, 5, 0]], dtype=np.float64)
    found = strengths(wins, ties, anchor=0, resamples=20)
    assert [*found.log_strengths, found.tie_rate] == pytest.approx(davidson(wins, ties), abs=1e-4)


@pytest.mark.parametrize("votes", [(12, 3), (120, 30), (8, 0)])
def test_two_variants_have_jeffreys_interval_and_a_little_more(votes: tuple[int, int]) -> None:
    found = strengths([[0, votes[0]], [votes[1], 0]], resamples=1000)
    total = sum(votes)
    assert found.values[0] == pytest.approx((votes[0] + 0.5) / (total + 1), abs=1e-6)
    low, high = beta.ppf([0.025, 0.975], votes[0] + 0.5, votes[1] + 0.5)
    assert found.low[0] <= low + 0.02
    assert found.high[0] >= high - 0.02
    assert high - low <= found.high[0] - found.low[0] + 0.02 <= 1.4 * (high - low) + 0.04


def test_a_variant_that_won_everything() -> None:
    found = strengths([[0, 6, 6], [0, 0, 3], [0, 4, 0]])
    assert found.unbeaten == ("A",)
    assert found.winless == ()
    assert found.sentence == "A has not lost a vote yet, so no upper limit is known."
    assert found.order[0] == "A"
    assert found.values[0] < 1
    assert found.low[0] < 0.95  # twelve votes do not make it certain
    with pytest.raises(ValueError, match="do not bound"):
        strengths([[0, 6, 6], [0, 0, 3], [0, 4, 0]], anchor=0)


def test_variants_that_nothing_joins() -> None:
    found = strengths([[0, 5, 0, 0], [2, 0, 0, 0], [0, 0, 0, 4], [0, 0, 4, 0]])
    assert found.groups == (("A", "B"), ("C", "D"))
    assert found.sentence.startswith("No votes connect A and B with C and D")
    assert found.high[0] - found.low[0] > 0.25
    silent = strengths(np.zeros((3, 3)))
    assert silent.values == pytest.approx([0.5] * 3)
    assert silent.high[0] - silent.low[0] > 0.8


def votes_of(listeners: int, each: int) -> list[Ballot]:
    """Every second listener prefers A each time, the others B."""
    winners = {0: "A", 1: "B"}
    return [
        Ballot(f"listener {number}", "A", "B", winners[number % 2])
        for number in range(listeners)
        for _ in range(each)
    ]


def test_listeners_are_resampled_not_votes() -> None:
    ballots = votes_of(listeners=6, each=10)
    counted = tally(ballots, ("A", "B"))
    votes = strengths(counted.wins)
    people = strengths(counted.wins, ballots=ballots)
    assert people.by_listener
    assert not votes.by_listener
    assert people.high[0] - people.low[0] > 2 * (votes.high[0] - votes.low[0])
    with pytest.raises(ValueError, match="add up"):
        strengths(counted.wins, ballots=ballots[1:])


matrices = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 9), min_size=k, max_size=k), min_size=k, max_size=k)
)


def _emptied(matrix: list[list[int]]) -> npt.NDArray[np.int64]:
    wins = np.array(matrix)
    np.fill_diagonal(wins, 0)
    return wins


@settings(max_examples=15, deadline=None)
@given(matrix=matrices)
def test_strengths_keep_their_bounds(matrix: list[list[int]]) -> None:
    wins = _emptied(matrix)
    found = strengths(wins, resamples=40)
    assert np.mean(found.values) == pytest.approx(0.5)
    assert all(0 <= low <= high <= 1 for low, high in zip(found.low, found.high, strict=True))
    turned = strengths(wins[::-1, ::-1], resamples=2)
    assert turned.values[::-1] == pytest.approx(found.values, abs=1e-5)
    assert found == strengths(wins, resamples=40)


def test_more_wins_never_weaken() -> None:
    wins = np.array([[0, 4, 2], [3, 0, 5], [4, 4, 0]])
    more = wins.copy()
    more[0, 1] += 1
    assert strengths(more, resamples=2).values[0] > strengths(wins, resamples=2).values[0]


@pytest.mark.parametrize(
    ("matrix", "ties", "letters"),
    [
        ([[0]], None, None),
        ([[0, 1]], None, None),
        ([[0, -1], [1, 0]], None, None),
        ([[1, 1], [1, 0]], None, None),
        ([[0, 1], [1, 0]], [[0, 1], [0, 0]], None),
        ([[0, 1], [1, 0]], None, ("A", "A")),
    ],
)
def test_matrices_that_say_nothing_are_refused(
    matrix: list[list[int]], ties: list[list[int]] | None, letters: tuple[str, ...] | None
) -> None:
    with pytest.raises(ValueError, match=r"matrix|ties|votes|letter"):
        strengths(matrix, ties, letters=letters)


def test_intervals_cover_the_true_strengths() -> None:
    """Two variants and 14 votes: every outcome, weighted by its exact probability."""
    votes, shares = 14, np.linspace(0.05, 0.95, 91)
    found: list[Strengths] = [
        strengths([[0, won], [votes - won, 0]], resamples=200) for won in range(votes // 2 + 1)
    ]
    few = [(one.low[0], one.high[0]) for one in found]
    many = [(one.low[1], one.high[1]) for one in found[:-1]]
    ends = np.array([*few, *many[::-1]])
    inside = (ends[:, :1] <= shares) & (shares <= ends[:, 1:])
    likely = binom.pmf(np.arange(votes + 1)[:, None], votes, shares)
    covered = (likely * inside).sum(axis=0)
    assert covered.mean() >= 0.95
    assert covered.min() >= 0.9


def test_holm_counts_all_pairs() -> None:
    # 12 of 15 convinces alone (0.035), but not as one of three pairs.
    alone = several([[0, 12], [3, 0]])
    assert alone.winner == "A"
    three = several([[0, 12, 8], [3, 0, 7], [7, 8, 0]])
    assert three.winner is None
    assert three.pairs[0].p_value == pytest.approx(3 * alone.pairs[0].p_value)
    assert three.sentence == "No pair is decided."


def test_holm_as_r_prints_it() -> None:
    from lyria_studio.evidence.several import holm

    # p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_a_winner_is_preferred_to_each_other() -> None:
    found = several([[0, 14, 15], [1, 0, 7], [0, 8, 0]], stage=Stage.PLANNED_END)
    assert found.winner == "A"
    assert found.sentence == "A was preferred to B and C."
    assert found.headline == "A is preferred"
    half = several([[0, 8, 15], [7, 0, 14], [0, 1, 0]], stage=Stage.PLANNED_END)
    assert half.winner is None
    assert half.headline == "No single winner"
    assert half.sentence == (
        "A was preferred to C; B was preferred to C. 1 other pair is undecided."
    )
    assert several(np.zeros((3, 3))).sentence == "No votes yet."


def test_early_looks_at_several_ask_for_more() -> None:
    votes = [[0, 11, 11], [0, 0, 5], [0, 6, 0]]
    assert several(votes, stage=Stage.ONCE).winner == "A"
    assert several(votes, stage=Stage.OPEN).winner is None
    more = [[0, 14, 14], [0, 0, 5], [0, 6, 0]]
    assert several(more, stage=Stage.OPEN).winner == "A"


@pytest.mark.parametrize("votes", [11, 16])
def test_looking_at_several_keeps_the_rate(votes: int) -> None:
    """Three equals, whose pairs are independent: exact for the first pair that is decided."""

    def decided(stage: Stage) -> Decides:
        def decide(a: int, b: int) -> bool:
            found = several([[0, a, 0], [b, 0, 0], [0, 0, 0]], stage=stage)
            return found.pairs[0].winner is not None

        return decide

    one = ever_decided(votes, decided(Stage.OPEN), decided(Stage.PLANNED_END))
    assert 0 < 1 - (1 - one) ** 3 <= Fraction(5, 100)


def test_each_listener_has_one_ballot_for_a_pair() -> None:
    said = [
        Ballot("x", "A", "B", "A"),
        Ballot("x", "B", "A", "A"),
        Ballot("x", "A", "B", "B"),
        Ballot("y", "A", "B", "A"),
        Ballot("y", "A", "B", "B"),
        Ballot("z", "A", "B", None),
        Ballot("z", "A", "B", None),
        Ballot("z", "A", "B", "B"),
        Ballot("x", "A", "C", "C"),
        Ballot("w", "B", "C", "B"),
        Ballot("w", "B", "C", None),
    ]
    found = tally(ballot_per_listener(said), ("A", "B", "C"))
    assert found.wins.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert found.ties[0, 1] == found.ties[1, 0] == 1
    assert found.divided[0, 1] == found.divided[1, 0] == 1
    assert found.divided[1, 2] == 0


def test_ballots_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="two different"):
        Ballot("x", "A", "A", None)
    with pytest.raises(ValueError, match="one of the pair"):
        Ballot("x", "A", "B", "C")
    with pytest.raises(ValueError, match="not compared"):
        tally([Ballot("x", "A", "B", None)], ("A", "C"))
