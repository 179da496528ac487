"""What comparisons have taught: the chain of them, with what changed and what the votes say."""

from __future__ import annotations

from dataclasses import dataclass

from lyria_studio.comparisons import differences
from lyria_studio.library import Library
from lyria_studio.listening.vote_results import Results, results
from lyria_studio.model.comparison import Comparison
from lyria_studio.phrases import count

CHILDREN = 1000
"""The most comparisons that are shown as going on from one."""

__all__ = ["Step", "chain_of", "step_of"]


@dataclass(frozen=True)
class Step:
    """One comparison of a chain.

    Attributes:
        comparison: as it is stored.
        changed: what its variants differ in, in one line.
        found: what its listening tests showed: the one with the most votes; None without votes.
    """

    comparison: Comparison
    changed: str
    found: Results | None

    @property
    def said(self) -> str:
        """What was learned, in one line."""
        if self.found is None:
            return "no votes yet"
        return f"{self.found.headline}, {count(self.found.votes, 'vote')}"


def step_of(library: Library, comparison: Comparison) -> Step:
    """One comparison with what it showed."""
    tests = {test.id: test for test in library.listening.tests(comparison.id)}
    counts = library.listening.vote_counts(list(tests))
    most = max(counts, key=lambda id_: counts[id_], default=None)
    found = None
    if most is not None and counts[most]:
        found = results(
            tests[most], library.listening.votes(most), listeners=library.listening.listeners(most)
        )
    first, *others = comparison.variants
    changed = "; ".join(dict.fromkeys(differences(first, other).title for other in others))
    return Step(comparison, changed, found)


def ancestors(library: Library, comparison: Comparison) -> list[Comparison]:
    """List the comparisons that this one goes on from: its parent, then that one's, and on.

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
    """The comparisons that led to this one, oldest first, itself, and those that go on from it.

    Raises:
        UnknownComparison: it was deleted.
    """
    before = ancestors(library, comparison)[::-1]
    after = library.listening.comparisons(limit=CHILDREN, parent_id=comparison.id)[::-1]
    return [step_of(library, one) for one in (*before, comparison, *after)]
