"""Every sentence about evidence that people read, in one place.

No sentence names a winner unless the numbers that it is given carry one.
"""

from __future__ import annotations

from collections.abc import Sequence

from lyria_studio.evidence.decision_rules import EARLY_ODDS, LEVEL, Stage
from lyria_studio.evidence.findings import Abx, Bias, Preference, Several
from lyria_studio.phrases import count, listed


def chance(p_value: float) -> str:
    """`3.5 times in 100` for 0.035: how often chance alone does as much or more."""
    if p_value >= 0.095:
        return f"{p_value * 100:.0f} times in 100"
    if p_value >= 0.00995:
        return f"{_short(p_value * 100)} times in 100"
    if p_value >= 0.000995:
        return f"{_short(p_value * 1000)} times in 1,000"
    if p_value >= 0.0000995:
        return f"{_short(p_value * 10_000)} times in 10,000"
    return "less than once in 10,000"


def against_chance(odds: float) -> str:
    """`186 to 1` for odds of 186."""
    if odds < 1:
        return "less than 1 to 1"
    return "more than a million to 1" if odds > 1e6 else f"{int(odds):,} to 1"


def percent(share: float) -> str:
    """`52%` for 0.519."""
    return f"{share * 100:.0f}%"


def preference_headline(found: Preference) -> str:
    """The verdict on two in a few words."""
    if found.winner is not None:
        return f"{found.winner} is preferred"
    if not found.votes:
        return "No votes yet"
    if found.stage is Stage.OPEN or (found.stage is Stage.ONCE and found.votes_needed):
        return "Too early to say"
    return "No winner"


def preference_sentence(found: Preference) -> str:
    """The verdict on two, with the votes that carry it, or what is missing."""
    if not found.votes:
        return "No votes yet."
    if not found.decisive:
        return f"No winner: {_all(found.ties)} heard no difference."
    ties = f" {found.ties} more heard no difference." if found.ties else ""
    if found.winner is None:
        return _undecided(found) + ties
    if found.stage.early:
        when = "before the planned end" if found.planned is not None else "at an early look"
        odds = f"{against_chance(found.odds)} against chance"
        return f"{_leading(found)}: {odds}, enough for a verdict {when}.{ties}"
    return f"{_leading(found)}; chance alone does this {chance(found.p_value)}.{ties}"


def _undecided(found: Preference) -> str:
    by_chance = f"chance alone does this {chance(found.p_value)}"
    match found.stage:
        case Stage.ONCE:
            if found.votes_needed is None:
                return f"No winner: {_leading(found)}; {by_chance}."
            return f"Too early: {_more(found.votes_needed)}. {_leading(found)}; {by_chance}."
        case Stage.OPEN:
            return f"Too early: {_outlook(found)}. So far {_leading(found)}."
        case Stage.ENDED_EARLY:
            odds = f"{against_chance(found.odds)} against chance"
            asked = f"where {EARLY_ODDS:.0f} to 1 are asked of a test that ended early"
            return f"No winner: {_leading(found)}, {odds}, {asked}. {_new_test(found)}"
        case Stage.PLANNED_END:
            asked = f", and {_short(100 - 100 * found.confidence)} in 100 is the limit"
            near = asked if found.p_value <= LEVEL else ""
            return f"No winner: {_leading(found)}; {by_chance}{near}. {_new_test(found)}"


def _outlook(found: Preference) -> str:
    left = found.remaining
    if found.votes_needed is not None and (left is None or found.votes_needed <= left):
        return _more(found.votes_needed)
    if left is None:
        return "nothing speaks for either"
    return f"if it goes on like this, the {_votes_left(left)} will not decide it"


def _votes_left(left: int) -> str:
    return "last vote" if left == 1 else f"{left} votes that are left"


def _more(votes: int) -> str:
    return f"about {count(votes, 'more vote')}"


def _new_test(found: Preference) -> str:
    if found.new_test is None:
        return "A difference so small is beyond a test of a few hundred votes."
    return f"To find a difference of this size, plan a new test of {found.new_test} votes."


def _leading(found: Preference) -> str:
    """`12 of 15 preferred B`, for the one with more votes."""
    if found.a == found.b:
        return f"{listed(found.names)} got {count(found.a, 'vote')} each"
    lead, name = max((found.b, found.names[1]), (found.a, found.names[0]), key=lambda one: one[0])
    return f"{lead} of {found.decisive} preferred {name}"


def _all(votes: int) -> str:
    return "the only vote" if votes == 1 else "both" if votes == 2 else f"all {votes}"


def range_sentence(found: Preference) -> str:
    """What share of listeners may prefer B, given these votes."""
    if not found.decisive:
        return "Without votes for either, any share is possible."
    name = found.names[1]
    return (
        f"Of all such listeners, between {percent(found.low)} and {percent(found.high)} may prefer "
        f"{name} ({percent(found.confidence)} interval)."
    )


def rule_sentence(stage: Stage, planned: int | None) -> str:
    """How a test is judged, for a product lead."""
    odds = f"{EARLY_ODDS:.0f} to 1"
    match stage:
        case Stage.ONCE:
            return "The votes were counted once, by the exact sign test at 5 in 100."
        case Stage.OPEN:
            end = f"at {count(planned, 'vote')} an exact test decides" if planned else "it is open"
            return f"Until the planned end only odds of {odds} name a winner; {end}."
        case Stage.ENDED_EARLY:
            return f"The test ended before its plan, so only odds of {odds} could name a winner."
        case Stage.PLANNED_END:
            return (
                "The planned votes came in, so an exact test decides; with all early looks counted,"
                " at most 5 of 100 tests of equals name a winner."
            )


def abx_headline(found: Abx) -> str:
    """Whether a difference was heard, in a few words."""
    if found.audible:
        return "The difference is audible"
    if not found.trials:
        return "No answers yet"
    return "Too early to say" if found.stage is Stage.OPEN else "No audible difference shown"


def abx_sentence(found: Abx) -> str:
    """Whether a difference was heard, with the answers that carry it."""
    if not found.trials:
        return "No answers yet."
    right = f"{found.correct} of {found.trials} right"
    guessing = f"guessing does as well {chance(found.p_value)}"
    if found.stage.early:
        odds = f"{against_chance(found.odds)} against guessing"
        if found.audible:
            return f"{right}: {odds}, so the difference is audible."
        if found.stage is Stage.OPEN:
            return f"Too early: {right} so far, {odds}."
        return f"Not shown: {right}, {odds}, where {EARLY_ODDS:.0f} to 1 are asked."
    if found.audible:
        return f"{right}; {guessing}: the difference is audible."
    return f"{right}; {guessing}: not shown to be audible, which does not prove that it is not."


def bias_sentence(found: Bias) -> str:
    """Whether a side or an order was favoured."""
    votes = found.first + found.second
    if not votes:
        return f"No votes yet to tell whether {found.what} matters."
    name, most = (
        (found.names[0], found.first)
        if found.first >= found.second
        else (found.names[1], found.second)
    )
    share = f"{most} of {votes} votes went to the one {name}"
    if found.found:
        return (
            f"{share}; chance alone does this {chance(found.p_value)}. {found.what.capitalize()} "
            "mattered; it was balanced, so it favoured no variant but made the test blunter."
        )
    return f"{share}: no sign that {found.what} matters."


def several_headline(found: Several) -> str:
    """The verdict on several in a few words."""
    if found.winner is not None:
        return f"{found.winner} is preferred"
    if not found.votes:
        return "No votes yet"
    if found.stage in (Stage.OPEN, Stage.ONCE):
        return "Too early to say"
    return "No single winner"


def several_sentence(found: Several) -> str:
    """The verdict on several: who beats whom, and what is still open."""
    if not found.votes:
        return "No votes yet."
    if found.winner is not None:
        return f"{found.winner} was preferred to {_each(found.letters, found.winner)}."
    decided = [pair for pair in found.pairs if pair.winner is not None]
    if not decided:
        start = "Too early" if found.stage in (Stage.OPEN, Stage.ONCE) else "No winner"
        return f"{start}: no pair of variants is decided by its votes."
    beaten: dict[str, list[str]] = {}
    for pair in decided:
        if pair.winner is not None and pair.loser is not None:
            beaten.setdefault(pair.winner, []).append(pair.loser)
    parts = [f"{name} was preferred to {listed(sorted(others))}" for name, others in beaten.items()]
    yet = " yet" if found.stage in (Stage.OPEN, Stage.ONCE) else ""
    rest = "" if len(decided) == len(found.pairs) else "; no other pair is decided"
    return f"No single winner{yet}: {'; '.join(parts)}{rest}."


def _each(letters: Sequence[str], winner: str) -> str:
    others = [letter for letter in letters if letter != winner]
    return others[0] if len(others) == 1 else f"each of {listed(others)}"


def groups_sentence(groups: Sequence[Sequence[str]]) -> str:
    """Which variants cannot be ranked together; nothing if all can."""
    if len(groups) < 2:
        return ""
    names = ["".join(group) if len(group) == 1 else listed(group) for group in groups]
    return (
        f"No votes join {' with '.join(names)}, not even by way of others: "
        "they cannot be ranked together yet."
    )


def extremes_sentence(unbeaten: Sequence[str], winless: Sequence[str]) -> str:
    """Which strengths the votes bound on one side only; nothing if none."""
    parts = []
    if unbeaten:
        verb = "has" if len(unbeaten) == 1 else "have"
        parts.append(f"{listed(unbeaten)} {verb} not lost a vote yet, so no upper limit is known")
    if winless:
        verb = "has" if len(winless) == 1 else "have"
        parts.append(f"{listed(winless)} {verb} not won a vote yet, so no lower limit is known")
    return f"{'; '.join(parts)}." if parts else ""


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
