"""What the statistics found: plain data, which `sentences` puts into words.

The functions that judge (`preference`, `several`, `over_takes`, `abx`, `bias`) fill these in, texts
included.
"""

from __future__ import annotations

from dataclasses import dataclass

from lyria_studio.evidence.decision_rules import LEVEL, Rule, Stage, final_level

FEWEST_FOR_BIAS = 12
"""Votes below which nothing is said of a bias."""


@dataclass(frozen=True, slots=True)
class Preference:
    """The result of votes between two.

    Attributes:
        a: votes for A.
        b: votes for B.
        ties: votes for "no difference".
        divided: listeners who chose both equally often.
        names: what A and B are called in the sentences.
        stage: where the test stood.
        planned: the planned number of votes, all kinds included; None without a plan.
        share_b: B's share of the decisive votes, 0 to 1; None without any.
        low: lower end of the interval of the share, 0 to 1.
        high: its upper end.
        confidence: what the interval holds: 0.95 (0.96 from 44 decisive votes of a test with a
            plan), Clopper-Pearson; 0.99 at an early look, valid at all looks together. It leaves
            out one half exactly when there is a verdict.
        p_value: of the exact two-sided sign test; a verdict only if the votes are read once.
        odds: of the votes against chance, valid at every look.
        rule: what carried the verdict; None without one.
        winner: the name of the preferred one; None without a verdict.
        votes_needed: how many more votes the promise is about; 0 with a verdict. None: none is
            made (`outlook.promise`).
        chance: how often these votes bring a verdict, from and to, 0 to 1; None without a promise.
        new_test: votes to plan in a new test; None with a verdict, while the test is open, below
            8 decisive votes, and if more than 400.
        new_test_share: the true share of the winner that it is planned for, 0 to 1; None alike.
        new_test_chance: how often that test then names the winner, 0 to 1; None alike.
        headline: the verdict in a few words; written by `sentences`.
        sentence: the verdict in plain words.
        range_sentence: the interval in plain words.
        rule_sentence: how it was judged, in one sentence.
    """

    a: int
    b: int
    ties: int
    names: tuple[str, str]
    stage: Stage
    planned: int | None
    share_b: float | None
    low: float
    high: float
    confidence: float
    p_value: float
    odds: float
    rule: Rule | None
    winner: str | None
    votes_needed: int | None
    new_test: int | None
    divided: int = 0
    chance: tuple[float, float] | None = None
    new_test_share: float | None = None
    new_test_chance: float | None = None
    headline: str = ""
    sentence: str = ""
    range_sentence: str = ""
    rule_sentence: str = ""

    @property
    def decisive(self) -> int:
        """Votes for one of the two."""
        return self.a + self.b

    @property
    def votes(self) -> int:
        """All votes, those for neither included."""
        return self.a + self.b + self.neither

    @property
    def end_level(self) -> float:
        """The level of the exact test that these votes would meet at the end of the test."""
        stage = Stage.PLANNED_END if self.stage.early else self.stage
        return final_level(self.decisive, stage)

    @property
    def neither(self) -> int:
        """Votes of listeners without a preference: no difference, or divided."""
        return self.ties + self.divided

    @property
    def remaining(self) -> int | None:
        """Votes until the planned end; None without a plan."""
        return None if self.planned is None else max(0, self.planned - self.votes)


@dataclass(frozen=True, slots=True)
class OverTakes:
    """Whether a preference holds for the prompts, or for the recordings that were heard.

    Attributes:
        preference: the votes of listeners on these recordings.
        takes: how many takes of A and of B votes are about.
        p_value: how often takes and listeners alone make such a lead; None with under 4 takes.
        winner: the variant whose new takes would be preferred, too; None without a verdict.
        headline: the verdict in a few words; written by `sentences`.
        sentence: the verdict in plain words.
    """

    preference: Preference
    takes: tuple[int, int]
    p_value: float | None
    winner: str | None
    headline: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair among several.

    Attributes:
        preference: the votes of this pair by themselves, without regard to the other pairs.
        p_value: corrected for the number of pairs (Holm); at an early look made of the odds.
        winner: the preferred one if the corrected value carries it; None otherwise.
    """

    preference: Preference
    p_value: float
    winner: str | None

    @property
    def loser(self) -> str | None:
        """The other one of a decided pair."""
        if self.winner is None:
            return None
        first, second = self.preference.names
        return second if self.winner == first else first


@dataclass(frozen=True, slots=True)
class Several:
    """The verdict over several variants.

    Attributes:
        letters: the variants.
        stage: where the test stood.
        pairs: all pairs, in the order of the letters, heard or not.
        winner: the one that is preferred to each other one; None if there is none.
        prompt_winner: the same if new takes would be preferred, too; None without a verdict.
        takes: the fewest takes of a variant that votes are about; None if not given.
        headline: the verdict in a few words; written by `sentences`.
        sentence: the verdict in plain words.
    """

    letters: tuple[str, ...]
    stage: Stage
    pairs: tuple[Pair, ...]
    winner: str | None
    prompt_winner: str | None = None
    takes: int | None = None
    headline: str = ""
    sentence: str = ""

    @property
    def neither(self) -> int:
        """Votes of listeners without a preference."""
        return sum(pair.preference.neither for pair in self.pairs)

    @property
    def votes(self) -> int:
        """All votes, those for neither included."""
        return sum(pair.preference.votes for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class Abx:
    """The result of answers to "which of the two is X?".

    Attributes:
        correct: right answers.
        trials: all answers.
        stage: where the test stood.
        planned: the planned number of answers; None without a plan.
        share: right answers, 0 to 1; None without answers.
        low: lower limit of the share, one-sided at `1 - level` like the test, so it is above one
            half exactly when the exact test is significant. At an early look it describes the
            answers and decides nothing.
        high: the upper limit alike; both together hold 90% (92% from 30 answers of a plan).
        p_value: of the exact one-sided binomial test against guessing.
        odds: of the answers against guessing, valid at every look.
        audible: whether the rule of the stage says that the difference is heard.
        headline: the verdict in a few words; written by `sentences`.
        sentence: the verdict in plain words.
    """

    correct: int
    trials: int
    stage: Stage
    planned: int | None
    share: float | None
    low: float
    high: float
    p_value: float
    odds: float
    audible: bool
    headline: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Bias:
    """How votes fall on two places that should not matter.

    Attributes:
        first: votes for whatever was in the first place.
        second: votes for whatever was in the second place.
        what: what is examined, e.g. "Side".
        names: how the two places are called after "the recording", e.g. "shown first".
        consequence: what a bias means for the test, in a sentence.
        low: lower end of its 95% Clopper-Pearson interval.
        high: its upper end.
        p_value: of the exact two-sided sign test.
        sentence: the finding in plain words; written by `sentences`.
    """

    first: int
    second: int
    what: str
    names: tuple[str, str]
    consequence: str
    low: float
    high: float
    p_value: float
    sentence: str = ""

    @property
    def found(self) -> bool:
        """Whether the votes show a bias, at 5 in 100. Read it once, at the end of a test."""
        return self.enough and self.p_value <= LEVEL

    @property
    def enough(self) -> bool:
        """Whether there are votes enough to say anything."""
        return self.first + self.second >= FEWEST_FOR_BIAS
