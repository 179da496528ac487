"""Finished listening tests as a report reads them, made without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from support.comparisons import generation, variants

from lyria_studio.listening.vote_results import Results, results
from lyria_studio.model.comparison import Comparison, Slot, Variant
from lyria_studio.model.generation import Generation
from lyria_studio.model.listening_test import Listener, ListeningKind, ListeningTest, Reveal, Side
from lyria_studio.model.vote import Choice, Vote
from lyria_studio.reports import Report, report

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
PROMPT = (
    "Warm lo-fi hip hop for a cooking video, mellow and unhurried. Rhodes piano, soft brushed "
    "drums, round upright bass, a little vinyl crackle. 82 BPM, F major. [Intro] Rhodes alone. "
    "[Verse] drums and bass come in. [Outro] fades on one chord. Instrumental only, no vocals."
)
OTHER = (
    PROMPT.replace("Rhodes piano", "Nylon guitar")
    .replace("82 BPM", "96 BPM")
    .replace("Rhodes alone", "guitar alone")
)


@dataclass(frozen=True)
class Sample:
    """A comparison with the votes of a listening test on it."""

    comparison: Comparison
    votes: tuple[Vote, ...]
    results: Results
    generations: Mapping[str, Generation]

    @property
    def report(self) -> Report:
        return report(self.comparison, self.results, self.generations, made_at=NOW)


def sample(
    said: str,
    prompts: Sequence[str] = (PROMPT, OTHER),
    *,
    name: str = "Cooking video: Rhodes or guitar?",
    question: str = "Which one would you cook to?",
    remarks: Mapping[int, Mapping[str, Any]] | None = None,
    gateway: str = "sandbox",
    planned: int | None = None,
    compared: tuple[Variant, ...] | None = None,
    **test: Any,
) -> Sample:
    """A test from votes in words.

    Args:
        said: votes in a row, e.g. "A>B A=B B<A": A before B and preferred, no difference, A again.
            In an ABX test ">" is a right answer.
        prompts: of the variants.
        name: of the comparison.
        question: what was asked.
        remarks: fields of a vote by its number from 0.
        gateway: where the music is from.
        planned: votes planned; as many as there are if not given.
        compared: the variants, if prompts do not say enough.
        test: other fields of the listening test.
    """
    compared = compared or variants(*prompts)
    made = {f"{one.letter}1": _with_peaks(generation(one, gateway=gateway)) for one in compared}
    sides = {
        one.letter: Side(
            one.letter, 1, made[f"{one.letter}1"].id, made[f"{one.letter}1"].tracks[0].id, 0.0, 30.0
        )
        for one in compared
    }
    words = said.split()
    fields: dict[str, Any] = {
        "id": "test-1",
        "comparison_id": "comparison-1",
        "kind": ListeningKind.PREFERENCE,
        "host_name": "Ada",
        "question": question,
        "letters": tuple(one.letter for one in compared),
        "trials_per_listener": 1,
        "planned_votes": planned or max(1, len(words)),
        "reveal": Reveal.AFTER_VOTE,
        "ends_at": None,
        "nonce": "nonce",
        "created_at": NOW,
        "closed_at": None,
        "prepared": "folder",
        "problem": None,
        "sides": tuple(sides.values()),
    }
    opened = ListeningTest(**fields | test)
    votes = [
        _vote(opened, sides, word, number, (remarks or {}).get(number, {}))
        for number, word in enumerate(words)
    ]
    listeners = [
        Listener(one.listener_id, "test-1", None, one.listener_id, NOW, NOW, 1) for one in votes
    ]
    found = results(opened, votes, listeners=listeners, now=NOW)
    comparison = Comparison(
        id="comparison-1",
        name=name,
        created_at=NOW,
        updated_at=NOW,
        takes=1,
        parent_id=None,
        parent_letter=None,
        variants=compared,
        slots=tuple(Slot(one.letter, 1, made[f"{one.letter}1"].id) for one in compared),
    )
    return Sample(comparison, tuple(votes), found, {one.id: one for one in made.values()})


def _vote(
    test: ListeningTest, sides: Mapping[str, Side], word: str, number: int, more: Mapping[str, Any]
) -> Vote:
    first, sign, second = list(word)
    choice = {">": Choice.FIRST, "<": Choice.SECOND, "=": Choice.NONE}[sign]
    fields: dict[str, Any] = {
        "trial_id": f"trial-{number}",
        "test_id": test.id,
        "listener_id": f"secret-{number}",
        "trial_number": 1,
        "first": sides[first],
        "second": sides[second],
        "x_is": "first" if test.kind is ListeningKind.ABX else None,
        "choice": choice,
        "reason": None,
        "comment": None,
        "comment_at_s": None,
        "comment_on": None,
        "heard_first_s": 12.25,
        "heard_second_s": 9.0,
        "cast_at": NOW + timedelta(minutes=number),
        "began_with": "first" if number % 2 else "second",
    }
    return Vote(**fields | dict(more))


def _with_peaks(made: Generation) -> Generation:
    """A wave that swells and sinks, so that there is something to see."""
    time = np.linspace(0, 1, 1000)
    loud = np.abs(np.sin(time * 9) * np.sin(time * 61)) * 0.8 + 0.05
    pairs = np.stack([-loud, loud], axis=1) * 127
    track = replace(made.tracks[0], peaks=np.rint(pairs).astype(np.int8).tobytes())
    return replace(made, tracks=(track,))
