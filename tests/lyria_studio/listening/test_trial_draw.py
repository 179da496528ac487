import random
from collections import Counter
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_studio.listening.trial_draw import BLOCK, Drawn, Pairing, Recording, draw

LETTERS = "ABCDEF"


class Sitting:
    """A listening test of which only the drawing is real."""

    def __init__(self, takes: dict[str, list[int]], seed: int, *, abx: bool = False) -> None:
        self.takes = takes
        self.rng = random.Random(seed)
        self.abx = abx
        self.everybody: Counter[Pairing] = Counter()
        self.own: dict[int, Counter[Pairing]] = {}

    def draw(self, listener: int) -> Drawn:
        own = self.own.setdefault(listener, Counter())
        drawn = draw(self.takes, own, self.everybody, abx=self.abx, rng=self.rng)
        pairing = Pairing(drawn.first, drawn.second)
        own[pairing] += 1
        self.everybody[pairing] += 1
        return drawn


def by_letters(counts: Counter[Pairing]) -> Counter[tuple[str, str]]:
    """Counts of ordered pairs of letters."""
    found: Counter[tuple[str, str]] = Counter()
    for (first, second), times in counts.items():
        found[first.letter, second.letter] += times
    return found


def spread(counts: Counter[Pairing], takes: dict[str, list[int]]) -> int:
    """The largest difference between pairs of letters, whatever their order."""
    ordered = by_letters(counts)
    totals = [ordered[one, two] + ordered[two, one] for one, two in combinations(sorted(takes), 2)]
    return max(totals) - min(totals)


def takes_of(variants: int, takes: int) -> dict[str, list[int]]:
    return {letter: list(range(1, takes + 1)) for letter in LETTERS[:variants]}


several = st.fixed_dictionaries(
    {
        "variants": st.integers(2, 6),
        "takes": st.integers(1, 3),
        "trials": st.integers(1, 18),
        "listeners": st.integers(1, 8),
        "seed": st.integers(0, 2**32),
    }
)


@settings(max_examples=40, deadline=None)
@given(several)
def test_one_after_the_other_all_pairs_are_heard_alike(case: dict[str, int]) -> None:
    takes = takes_of(case["variants"], case["takes"])
    sitting = Sitting(takes, case["seed"])
    for listener in range(case["listeners"]):
        for _ in range(case["trials"]):
            drawn = sitting.draw(listener)
            assert drawn.first.letter != drawn.second.letter
            assert drawn.first.take in takes[drawn.first.letter]
            assert drawn.second.take in takes[drawn.second.letter]
            assert drawn.x_is is None
            assert spread(sitting.own[listener], takes) <= 1
            assert spread(sitting.everybody, takes) <= 1


@settings(max_examples=40, deadline=None)
@given(several, st.randoms(use_true_random=False))
def test_in_any_turn_a_listener_hears_all_pairs_alike(
    case: dict[str, int], turns: random.Random
) -> None:
    """Listeners that come and go, answer in any turn, or leave in the middle."""
    takes = takes_of(case["variants"], case["takes"])
    sitting = Sitting(takes, case["seed"])
    for _ in range(case["trials"] * case["listeners"]):
        listener = turns.randrange(case["listeners"])
        sitting.draw(listener)
        assert spread(sitting.own[listener], takes) <= 1
        for one, two in combinations(sorted(takes), 2):
            orders = by_letters(sitting.everybody)
            assert abs(orders[one, two] - orders[two, one]) <= BLOCK // 2


@given(st.integers(1, 40), st.integers(0, 2**32))
def test_after_every_block_the_orders_are_equal(blocks: int, seed: int) -> None:
    sitting = Sitting(takes_of(2, 1), seed)
    for number in range(blocks * BLOCK):
        sitting.draw(number)
        if (number + 1) % BLOCK == 0:
            orders = by_letters(sitting.everybody)
            assert orders["A", "B"] == orders["B", "A"]


@given(st.integers(2, 3), st.integers(1, 3), st.integers(0, 2**32))
def test_the_takes_of_a_pair_are_heard_alike(variants: int, takes: int, seed: int) -> None:
    sitting = Sitting(takes_of(variants, takes), seed)
    trials = takes * takes * len(list(combinations(range(variants), 2)))
    for _ in range(trials):
        sitting.draw(0)
    heard = {frozenset(pairing) for pairing in sitting.everybody}
    assert len(heard) == trials


def test_a_take_that_is_missing_is_never_drawn() -> None:
    sitting = Sitting({"A": [2], "B": [1, 3], "F": [5]}, 1)
    found = {side for _ in range(60) for side in sitting.draw(0)[:2]}
    assert found == {Recording("A", 2), Recording("B", 1), Recording("B", 3), Recording("F", 5)}


def test_no_order_can_be_foreseen_beyond_what_balance_gives_away() -> None:
    """Somebody who knows every trial before guesses no better than blocks of four allow.

    Of the best guesses, knowing the whole past, 17 in 24 are right: 1/2, then 2/3, 2/3 and 1.
    """
    sitting = Sitting(takes_of(2, 1), 7)
    right = certain = 0
    rounds = 4000
    for number in range(rounds):
        orders = by_letters(sitting.everybody)
        ahead = orders["A", "B"] - orders["B", "A"]
        left = BLOCK - number % BLOCK
        guess = "B" if ahead > 0 else "A"
        certain += abs(ahead) == left
        right += sitting.draw(number).first.letter == guess
    assert abs(right / rounds - 17 / 24) < 4 * 0.5 / rounds**0.5
    # Only one in three of the third, and each fourth, follow from those before.
    assert abs(certain / rounds - (1 / 3 + 1) / 4) < 4 * 0.5 / rounds**0.5


def test_every_first_trial_is_a_fair_coin() -> None:
    leads = Counter(Sitting(takes_of(3, 1), seed).draw(0)[:2] for seed in range(3000))
    assert len(leads) == 6
    assert all(abs(times - 500) < 4 * (500 * 5 / 6) ** 0.5 for times in leads.values())


def test_what_x_is_follows_from_nothing() -> None:
    """X is fair, and as often the same as before as not, in the same place or under one order."""
    sitting = Sitting(takes_of(2, 1), 11, abx=True)
    trials = [sitting.draw(0) for _ in range(4000)]
    places = [trial.x_is for trial in trials]
    letters = [(trial.first if trial.x_is == "first" else trial.second).letter for trial in trials]
    limit = 4 * 0.5 * len(trials) ** 0.5
    for said in (places, letters):
        again = sum(one == two for one, two in pairwise(said))
        assert abs(again - len(trials) / 2) < limit
    assert abs(places.count("first") - len(trials) / 2) < limit
    assert abs(letters.count("A") - len(trials) / 2) < limit
    leading = [x for x, trial in zip(places, trials, strict=True) if trial.first.letter == "A"]
    assert abs(leading.count("first") - len(leading) / 2) < limit
