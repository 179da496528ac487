"""The rows of listening tests and of their votes to pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, select

from lyria_studio.library.comparison_tables import (
    listening_listeners,
    listening_trials,
    listening_votes,
)
from lyria_studio.model.listening_test import ListeningTest, Side, Vote

__all__ = ["own_trials", "sides_of", "test_of", "vote_of", "votes_joined"]


def test_of(row: RowMapping) -> ListeningTest:
    """A row of `listening_tests` to its picture."""
    values = dict(row)
    values["letters"] = tuple(row["letters"])
    values["sides"] = tuple(Side(**fields) for fields in row["sides"])
    return ListeningTest(**values)


def sides_of(test: ListeningTest) -> dict[tuple[str, int], Side]:
    """Its recordings by letter and take."""
    return {(side.letter, side.take): side for side in test.sides}


def own_trials() -> ColumnElement[bool]:
    """The condition that a trial is of the listener in the same row."""
    return (listening_trials.c.test_id == listening_listeners.c.test_id) & (
        listening_trials.c.listener_id == listening_listeners.c.id
    )


def votes_joined() -> Select[Any]:
    """The votes, each with its trial."""
    trial = listening_trials.c
    return select(
        listening_votes,
        trial.listener_id,
        trial.number.label("trial_number"),
        trial.first_letter,
        trial.first_take,
        trial.second_letter,
        trial.second_take,
        trial.x_is,
    ).join(listening_trials, trial.id == listening_votes.c.trial_id)


def vote_of(row: RowMapping, sides: Mapping[tuple[str, int], Side]) -> Vote:
    """A row of `votes_joined` to its picture."""
    values = dict(row)
    first = sides[values.pop("first_letter"), values.pop("first_take")]
    second = sides[values.pop("second_letter"), values.pop("second_take")]
    return Vote(first=first, second=second, **values)
