"""Every sentence about evidence: first the meaning, then the number.

No sentence names a winner unless the numbers that it is given carry one.
"""

from __future__ import annotations

from collections.abc import Sequence

from lyria_studio.evidence.chances import by_chance, chance_of, percent, tenths
from lyria_studio.evidence.decision_rules import EARLY_ODDS, FEWEST_VOTES, Stage
from lyria_studio.evidence.findings import Abx, Bias, OverTakes, Preference, Several
from lyria_studio.evidence.promises import FEWEST_DECISIVE
from lyria_studio.evidence.takes import TAKES_NEEDED
from lyria_studio.phrases import count, listed

PLAINLY_CHANCE = 0.3
"""From this p value on a lead is called no more than chance; below it could still be chance."""

MOST_FROM = 6
"""From so many votes on "most" is said of them."""


def preference_headline(found: Preference) -> str:
    """Return the verdict on two in a few words."""
    so_far = " so far" if found.stage is Stage.OPEN else ""
    if not found.votes:
        return "No votes yet"
    if neither := _most_neither(found.ties, found.divided, found.votes, so_far):
        return neither
    if found.winner is not None:
        return f"{found.winner} is preferred{so_far}"
    return "Too early to say" if _waiting(found) else "No winner"


def preference_sentence(found: Preference) -> str:
    """Return the verdict on two, with the votes that carry it, or what is missing."""
    if not found.votes:
        return "No votes yet."
    parts = [_lead(found), _meaning(found), _without_preference(found), _outlook(found)]
    return " ".join(filter(None, parts))


def _waiting(found: Preference) -> bool:
    return found.stage is Stage.OPEN or (
        found.stage is Stage.ONCE and found.decisive < FEWEST_VOTES
    )


def _most_neither(ties: int, divided: int, votes: int, so_far: str) -> str:
    """Return the sentence for a test in which most prefer neither; empty otherwise."""
    if votes < MOST_FROM:
        return ""
    for number, statement in (
        (ties, "heard no difference"),
        (divided, "were divided"),
        (ties + divided, "had no preference"),
    ):
        if 2 * number > votes:
            who = "All" if number == votes else "Most"
            return f"{who} {statement}{so_far}: {number} of {votes}"
    return ""


def _lead(found: Preference) -> str:
    """`12 of 15 preferred B.`, for the one with more votes."""
    so_far = " so far" if found.stage is Stage.OPEN else ""
    if not found.decisive:
        return ""
    if found.a == found.b:
        return f"{listed(found.names)} got {count(found.a, 'vote')} each{so_far}."
    if found.neither:
        return f"{_share(found)} with a preference chose {_ahead(found)}{so_far}."
    return f"{_share(found)} preferred {_ahead(found)}{so_far}."


def _share(found: Preference) -> str:
    """`12 of 15`, `All 6`, `Both`, `The only listener`."""
    lead = max(found.a, found.b)
    return _all(lead) if lead == found.decisive else f"{lead} of {found.decisive}"


def _ahead(found: Preference) -> str:
    return found.names[1] if found.b > found.a else found.names[0]


_ENOUGH = {
    Stage.OPEN: "That is enough for an early result.",
    Stage.ENDED_EARLY: "That is enough, although the test ended early.",
    Stage.POOLED: "That is enough over all tests.",
}
_CLEARER = {
    Stage.OPEN: "An early result needs a clearer lead.",
    Stage.ENDED_EARLY: "The test ended early, so a clearer lead is needed.",
    Stage.POOLED: "Several tests together need a clearer lead.",
}


def _meaning(found: Preference) -> str:
    """Return what the lead means by the rule of the stage."""
    if not found.decisive:
        return ""
    if found.winner is not None:
        chance = f"Chance alone does this in {by_chance(found.p_value)}."
        return _ENOUGH.get(found.stage, chance)
    if found.decisive < FEWEST_VOTES:
        return f"A winner needs at least {FEWEST_VOTES} votes."
    if found.p_value >= PLAINLY_CHANCE:
        return "That is no more than chance."
    still = "That could still be chance."
    return still if found.p_value > found.end_level else _CLEARER.get(found.stage, still)


def _without_preference(found: Preference) -> str:
    """`5 more heard no difference.`; the first of them alone where nobody has a preference."""
    parts: list[str] = []
    for number, statement in (
        (found.ties, "heard no difference"),
        (found.divided, f"chose {found.names[0]} as often as {found.names[1]}"),
    ):
        if number:
            more = " more" if found.decisive or parts else ""
            parts.append(
                f"{_all(number) if number == found.votes else f'{number}{more}'} {statement}."
            )
    return " ".join(parts)


def _all(votes: int) -> str:
    return "The only listener" if votes == 1 else "Both" if votes == 2 else f"All {votes}"


def _outlook(found: Preference) -> str:
    """Return what more votes would bring; silent below 8 decisive votes."""
    if found.winner is not None:
        return ""
    if found.votes_needed is not None and found.chance is not None:
        last = found.stage is Stage.OPEN and found.votes_needed == found.remaining
        left = "vote" if found.votes_needed == 1 else f"{found.votes_needed} votes"
        votes = f"the remaining {left}" if last else count(found.votes_needed, "more vote")
        verb = "decides" if found.votes_needed == 1 else "decide"
        return f"{chance_of(*found.chance)} that {votes} {verb} it."
    if found.stage is Stage.OPEN or found.decisive < FEWEST_VOTES:
        return ""
    return _new_test(found)


def _new_test(found: Preference) -> str:
    if found.new_test is None or found.new_test_share is None or found.new_test_chance is None:
        return "" if found.decisive < FEWEST_DECISIVE else "Even 400 votes may not decide it."
    return (
        f"If {percent(found.new_test_share)} of listeners prefer {_ahead(found)}, a new test of "
        f"{found.new_test} votes shows it in {tenths(found.new_test_chance)} cases."
    )


def range_sentence(found: Preference) -> str:
    """Return what share of listeners may prefer B, given these votes."""
    if not found.decisive:
        return "Without votes for either, any share is possible."
    return (
        f"True share for {found.names[1]}: {percent(found.low)[:-1]}–{percent(found.high)} of "
        f"listeners with a preference ({percent(found.confidence)} CI)."
    )


def rule_sentence(stage: Stage, planned: int | None) -> str:
    """Return how a test is judged, for a product lead."""
    odds = f"odds of {EARLY_ODDS:.0f} to 1"
    match stage:
        case Stage.ONCE:
            return "Exact sign test at 5%, counted once."
        case Stage.OPEN:
            end = f" At {count(planned, 'vote')} the exact sign test decides." if planned else ""
            return f"Before the planned end only {odds} name a winner.{end} False-win rate ≤ 5%."
        case Stage.ENDED_EARLY:
            return f"The test ended before its plan, so only {odds} name a winner. {_RATE}"
        case Stage.POOLED:
            return f"Several tests are read together, so only {odds} name a winner. {_RATE}"
        case Stage.PLANNED_END:
            return f"All planned votes are in, so the exact sign test decides. {_RATE}"


_RATE = "False-win rate ≤ 5%, early looks included."


def takes_headline(found: OverTakes) -> str:
    """Return the verdict on two in a few words, and what it is about."""
    headline = found.preference.headline
    if found.preference.winner is None or found.winner is not None:
        return headline
    return _about_recordings(headline, found.preference.winner, both_alone=found.takes == (1, 1))


def _about_recordings(headline: str, winner: str, *, both_alone: bool) -> str:
    """Make clear that a headline's winner is about recordings."""
    if not headline.startswith(f"{winner} is preferred"):
        return headline
    which = "these two recordings" if both_alone else "these recordings"
    return f"{headline}, of {which}"


def takes_sentence(found: OverTakes) -> str:
    """Return the verdict on two, and whether new takes would be preferred, too."""
    if found.preference.winner is None:
        return found.preference.sentence
    note = scope_note(min(found.takes), carried=found.winner is not None)
    return f"{found.preference.sentence} {note}".strip()


def takes_method(found: OverTakes) -> str:
    """Return how takes were judged, for the small print."""
    a, b = found.takes
    takes = f"{a} and {b} takes" if a != b else f"{count(a, 'take')} each"
    if found.p_value is None:
        return f"Heard: {takes}. A verdict about the prompts needs {TAKES_NEEDED} takes each."
    return f"Heard: {takes}. Takes and listeners alone do this in {by_chance(found.p_value)}."


def scope_note(takes: int, *, carried: bool) -> str:
    """Return what a winner is about: the recordings or the prompts; empty if the prompts.

    Args:
        takes: the fewest takes of a variant that were heard.
        carried: whether the takes carry a verdict about the prompts.
    """
    if carried:
        return ""
    if takes <= 1:
        return "New takes may differ. Repeat with new takes to compare the prompts."
    if takes < TAKES_NEEDED:
        return f"To compare the prompts, {TAKES_NEEDED} takes each are needed."
    return "The takes vary too much to say this of the prompts. More takes can settle it."


def waiting_headline(votes: int) -> str:
    """Return a sentence on the votes that came in while none counts yet."""
    return f"{count(votes, 'vote')} so far"


def waiting_sentence(votes: int) -> str:
    """Return when votes that do not count yet will count."""
    if votes == 1:
        return "It counts when its listener finishes."
    return "They count when their listeners finish."


def abx_headline(found: Abx) -> str:
    """Return whether a difference was heard, in a few words."""
    if not found.trials:
        return "No answers yet"
    if found.audible:
        return f"The difference is audible{' so far' if found.stage is Stage.OPEN else ''}"
    return "Too early to say" if found.stage is Stage.OPEN else "No audible difference shown"


def abx_sentence(found: Abx) -> str:
    """Return whether a difference was heard, with the answers that carry it."""
    if not found.trials:
        return "No answers yet."
    so_far = " so far" if found.stage is Stage.OPEN else ""
    verb = "was" if found.trials == 1 else "were"
    right = f"{found.correct} of {count(found.trials, 'answer')} {verb} right{so_far}."
    if found.audible:
        match found.stage:
            case Stage.OPEN:
                return f"{right} That is enough for an early result."
            case Stage.ENDED_EARLY:
                return f"{right} That is enough, although the test ended early."
        return f"{right} Guessing does as well in {by_chance(found.p_value)}."
    if found.p_value >= PLAINLY_CHANCE:
        meaning = "That is no more than guessing."
    elif found.stage is Stage.OPEN:
        meaning = "An early result needs a clearer lead."
    else:
        meaning = "That could still be guessing."
    proof = "" if found.stage is Stage.OPEN else " This does not prove that there is no difference."
    return f"{right} {meaning}{proof}"


def bias_sentence(found: Bias) -> str:
    """Return whether a side or an order was favoured; empty below 12 votes."""
    if not found.enough:
        return ""
    first = found.first >= found.second
    place, most = (found.names[0], found.first) if first else (found.names[1], found.second)
    votes = f"{most} of {found.first + found.second} votes for the recording {place}"
    shown = "shown" if found.found else "not shown"
    return f"{found.what} bias {shown}: {votes}.{f' {found.consequence}' if found.found else ''}"


def several_headline(found: Several) -> str:
    """Return the verdict on several in a few words."""
    so_far = " so far" if found.stage is Stage.OPEN else ""
    if not found.votes:
        return "No votes yet"
    ties = sum(pair.preference.ties for pair in found.pairs)
    if neither := _most_neither(ties, found.neither - ties, found.votes, so_far):
        return neither
    if found.winner is None:
        return "Too early to say" if found.stage is Stage.OPEN else "No single winner"
    headline = f"{found.winner} is preferred{so_far}"
    if found.takes is None or found.prompt_winner is not None:
        return headline
    return _about_recordings(headline, found.winner, both_alone=False)


def several_sentence(found: Several) -> str:
    """Return the verdict on several: who beats whom, and what is still open."""
    if not found.votes:
        return "No votes yet."
    so_far = " so far" if found.stage is Stage.OPEN else ""
    beaten: dict[str, list[str]] = {}
    for pair in found.pairs:
        if pair.winner is not None and pair.loser is not None:
            beaten.setdefault(pair.winner, []).append(pair.loser)
    if not beaten:
        return f"No pair is decided{so_far}."
    parts = [f"{name} was preferred to {listed(sorted(others))}" for name, others in beaten.items()]
    statement = f"{'; '.join(parts)}{so_far}."
    if found.winner is None:
        rest = sum(pair.winner is None for pair in found.pairs)
        verb = "is" if rest == 1 else "are"
        return f"{statement} {count(rest, 'other pair')} {verb} undecided." if rest else statement
    if found.takes is None:
        return statement
    note = scope_note(found.takes, carried=found.prompt_winner is not None)
    return f"{statement} {note}".strip()


def groups_sentence(groups: Sequence[Sequence[str]]) -> str:
    """Return which variants cannot be ranked together; nothing if all can."""
    if len(groups) < 2:
        return ""
    names = ["".join(group) if len(group) == 1 else listed(group) for group in groups]
    return f"No votes connect {' with '.join(names)}, so they cannot be ranked together yet."


def extremes_sentence(unbeaten: Sequence[str], winless: Sequence[str]) -> str:
    """Return which strengths the votes bound on one side only; nothing if none."""
    parts = []
    if unbeaten:
        verb = "has" if len(unbeaten) == 1 else "have"
        parts.append(f"{listed(unbeaten)} {verb} not lost a vote yet, so no upper limit is known")
    if winless:
        verb = "has" if len(winless) == 1 else "have"
        parts.append(f"{listed(winless)} {verb} not won a vote yet, so no lower limit is known")
    return f"{'; '.join(parts)}." if parts else ""
