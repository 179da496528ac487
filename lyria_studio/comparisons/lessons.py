"""What comparisons have taught: the chain of them, with what changed and what the votes say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lyria_studio.comparisons import differences
from lyria_studio.library import Library
from lyria_studio.listening.vote_results import Results, results
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.listening_test import ListeningKind, ListeningTest
from lyria_studio.phrases import count

__all__ = ["Step", "ancestors", "chain_of", "of_one_kind", "pooled_results", "step_of"]

CHILDREN = 1000
"""The most comparisons that are shown as going on from one."""


@dataclass(frozen=True)
class Step:
    """One comparison of a chain.

    Attributes:
        comparison: as it is stored.
        changed: what its variants differ in, in one line.
        found: what its listening tests showed; None without votes.
        tests: how many of its tests have votes.
        read: how many of these `found` reads together.
    """

    comparison: Comparison
    changed: str
    found: Results | None
    tests: int = 0
    read: int = 0

    @property
    def summary(self) -> str:
        """What was learned, in one line."""
        if self.found is None:
            return "no votes yet"
        parts = [self.found.headline]
        if self.found.own is None:
            parts.append(count(self.found.listeners, "listener"))
        if self.read > 1:
            parts.append(f"{self.read} tests")
        part = "" if self.tests == self.read else f" ({self.read} of {self.tests} tests)"
        return ", ".join(parts) + part


def step_of(library: Library, comparison: Comparison) -> Step:
    """Return one comparison with what it showed.

    The test from which somebody continued speaks for it. Otherwise tests of one kind are read
    together: preferences of invited listeners before others, then those with most listeners.
    """
    first, *others = comparison.variants
    changed = "; ".join(dict.fromkeys(differences(first, other).title for other in others))
    tests = library.listening.tests(comparison.id)
    counts = library.listening.vote_counts([test.id for test in tests])
    voted = [test for test in tests if counts[test.id]]
    if not voted:
        return Step(comparison, changed, None)
    children = library.listening.comparisons(CHILDREN, parent_id=comparison.id)
    continued = {child.parent_test_id for child in children}
    chosen = [test for test in voted if test.id in continued][:1]
    groups = [chosen] if chosen else [of_one_kind(test, voted) for test in voted]
    found = [(group, pooled_results(library, group)) for group in groups]
    group, best = max(found, key=lambda one: _weight(one[1]))
    return Step(comparison, changed, best, len(voted), len(group))


def of_one_kind(test: ListeningTest, others: Sequence[ListeningTest]) -> list[ListeningTest]:
    """List the tests with the same question about the same variants, this one included.

    A test for oneself is by itself, and so is an ABX test.
    """
    if test.for_oneself or test.kind is ListeningKind.ABX:
        return [test]
    return [
        other
        for other in others
        if (other.kind, other.letters, other.question, other.for_oneself)
        == (test.kind, test.letters, test.question, False)
    ]


def pooled_results(library: Library, tests: Sequence[ListeningTest]) -> Results:
    """Read tests of one kind together; one alone is read as it is."""
    first, *more = tests
    return results(
        first,
        library.listening.votes(first.id),
        listeners=library.listening.listeners(first.id),
        more=[(test, library.listening.votes(test.id)) for test in more],
    )


def _weight(found: Results) -> tuple[bool, int, int]:
    invited = found.own is None and found.abx is None
    return invited, found.listeners, found.votes


def ancestors(library: Library, comparison: Comparison) -> list[Comparison]:
    """List the comparisons that this one continues: its parent, then that one's, and so on.

    Raises:
        UnknownComparison: one of them was deleted just now.
    """
    chain: list[Comparison] = []
    seen = {comparison.id}
    while comparison.parent_id is not None and comparison.parent_id not in seen:
        comparison = library.listening.comparison(comparison.parent_id)
        seen.add(comparison.id)
        chain.append(comparison)
    return chain


def chain_of(library: Library, comparison: Comparison) -> list[Step]:
    """Return the comparisons before this one, oldest first, itself, and those that continue it.

    Raises:
        UnknownComparison: it was deleted.
    """
    before = ancestors(library, comparison)[::-1]
    after = library.listening.comparisons(limit=CHILDREN, parent_id=comparison.id)[::-1]
    return [step_of(library, one) for one in (*before, comparison, *after)]
