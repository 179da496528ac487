"""Every headline and sentence about votes, reviewed by reading it aloud as a marketer would.

A row is what came in and what is said of it, word for word.
"""

from pathlib import Path

import pytest

from lyria_studio.evidence import (
    OverTakes,
    Stage,
    TakeVote,
    abx,
    bias,
    over_takes,
    preference,
    several,
)

STAGES = {
    "once": Stage.ONCE,
    "open": Stage.OPEN,
    "end": Stage.PLANNED_END,
    "early": Stage.ENDED_EARLY,
}

ROWS = [
    [cell.strip() for cell in line.split("|")]
    for line in Path(__file__).with_name("reviewed_sentences.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("votes", "planned", "stage", "headline", "sentence"), ROWS)
def test_votes_between_two(
    votes: str, planned: str, stage: str, headline: str, sentence: str
) -> None:
    a, b, ties, divided = map(int, votes.split())
    plan = None if planned == "-" else int(planned)
    found = preference(a, b, ties, divided=divided, planned=plan, stage=STAGES[stage])
    assert (found.headline, found.sentence) == (headline, sentence)


def over(wins: list[int], takes: int, each: int, planned: int | None = None) -> OverTakes:
    """Votes over takes: take j of B wins `wins[j]` of `each` votes, against all takes of A."""
    votes = [
        TakeVote(f"listener-{take}-{number}", number % takes, take, 1 if number < won else -1)
        for take, won in enumerate(wins)
        for number in range(each)
    ]
    b = sum(wins)
    return over_takes(preference(len(votes) - b, b, planned=planned or len(votes)), votes)


MORE_TAKES = "The takes vary too much to say this of the prompts. More takes can settle it."
TAKES = [
    (
        over([12], 1, 15),
        "B is preferred, of these two recordings",
        "12 of 15 preferred B. Chance alone does this in about 1 of 28 tests. New takes may "
        "differ. Repeat with new takes to compare the prompts.",
    ),
    (
        over([11], 1, 11, planned=30),
        "B is preferred so far, of these two recordings",
        "All 11 preferred B so far. That is enough for an early result. New takes may differ. "
        "Repeat with new takes to compare the prompts.",
    ),
    (
        over([8], 1, 15),
        "No winner",
        "8 of 15 preferred B. That is no more than chance. Even 400 votes may not decide it.",
    ),
    (
        over([5, 5, 5], 3, 6),
        "B is preferred, of these recordings",
        "15 of 18 preferred B. Chance alone does this in about 1 of 130 tests. To compare the "
        "prompts, 4 takes each are needed.",
    ),
    (
        over([10, 9, 10, 10], 4, 10),
        "B is preferred",
        "39 of 40 preferred B. Chance alone does this in less than 1 of 10,000 tests.",
    ),
    (
        over([10, 10, 10, 1], 4, 10),
        "B is preferred, of these recordings",
        f"31 of 40 preferred B. Chance alone does this in about 1 of 1,470 tests. {MORE_TAKES}",
    ),
]


@pytest.mark.parametrize(("found", "headline", "sentence"), TAKES)
def test_votes_over_takes(found: OverTakes, headline: str, sentence: str) -> None:
    assert (found.headline, found.sentence) == (headline, sentence)


NO_PROOF = "This does not prove that there is no difference."


@pytest.mark.parametrize(
    ("correct", "trials", "planned", "stage", "headline", "sentence"),
    [
        (0, 0, 16, "open", "No answers yet", "No answers yet."),
        (
            12,
            16,
            16,
            "end",
            "The difference is audible",
            "12 of 16 answers were right. Guessing does as well in about 1 of 26 tests.",
        ),
        (
            9,
            16,
            16,
            "end",
            "No audible difference shown",
            f"9 of 16 answers were right. That is no more than guessing. {NO_PROOF}",
        ),
        (
            11,
            16,
            16,
            "end",
            "No audible difference shown",
            f"11 of 16 answers were right. That could still be guessing. {NO_PROOF}",
        ),
        (
            12,
            16,
            20,
            "open",
            "Too early to say",
            "12 of 16 answers were right so far. An early result needs a clearer lead.",
        ),
        (
            9,
            9,
            20,
            "open",
            "The difference is audible so far",
            "9 of 9 answers were right so far. That is enough for an early result.",
        ),
        (
            9,
            9,
            20,
            "early",
            "The difference is audible",
            "9 of 9 answers were right. That is enough, although the test ended early.",
        ),
    ],
)
def test_answers_of_abx(
    correct: int, trials: int, planned: int, stage: str, headline: str, sentence: str
) -> None:
    found = abx(correct, trials, planned=planned, stage=STAGES[stage])
    assert (found.headline, found.sentence) == (headline, sentence)


@pytest.mark.parametrize(
    ("matrix", "stage", "headline", "sentence"),
    [
        (
            [[0, 1, 5], [14, 0, 13], [6, 2, 0]],
            "end",
            "B is preferred",
            "B was preferred to A and C.",
        ),
        (
            [[0, 1, 1], [14, 0, 7], [14, 8, 0]],
            "end",
            "No single winner",
            "B was preferred to A; C was preferred to A. 1 other pair is undecided.",
        ),
        (
            [[0, 1, 1], [4, 0, 3], [2, 2, 0]],
            "open",
            "Too early to say",
            "No pair is decided so far.",
        ),
        ([[0, 7, 7], [8, 0, 8], [8, 7, 0]], "end", "No single winner", "No pair is decided."),
        (
            [[0, 0, 0], [15, 0, 15], [0, 0, 0]],
            "open",
            "B is preferred so far",
            "B was preferred to A and C so far.",
        ),
    ],
)
def test_votes_between_several(
    matrix: list[list[int]], stage: str, headline: str, sentence: str
) -> None:
    found = several(matrix, stage=STAGES[stage])
    assert (found.headline, found.sentence) == (headline, sentence)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (5, 6, ""),
        (31, 29, "Side bias not shown: 31 of 60 votes for the recording shown first."),
        (
            18,
            42,
            "Side bias shown: 42 of 60 votes for the recording shown second. Sides were drawn at "
            "random, so no variant gained by it.",
        ),
    ],
)
def test_votes_for_a_side(first: int, second: int, sentence: str) -> None:
    assert bias(first, second).sentence == sentence


def test_the_table_is_long_and_names_no_winner_below_six_votes() -> None:
    assert len(ROWS) + len(TAKES) >= 40
    for votes, _planned, _stage, headline, sentence in ROWS:
        a, b, *_neither = map(int, votes.split())
        if a + b < 6:
            assert "is preferred" not in headline
        assert "Too early" not in sentence
        assert not ("No votes yet" in headline and a + b)
