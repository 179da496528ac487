"""Comparisons and listening tests, made only through the library's public methods."""

from __future__ import annotations

from typing import Any

from support.library_rows import Clock, in_state

from lyria_studio.library import Library
from lyria_studio.model.comparison import Comparison, NewComparison, Variant
from lyria_studio.model.generation import new_intent_id
from lyria_studio.model.listening_test import ListeningKind, ListeningTest, NewTest
from lyria_studio.model.states import State
from lyria_studio.model.vote import Choice, NewVote, Trial, Vote


def answer(choice: Choice = Choice.FIRST, **fields: Any) -> NewVote:
    """The vote of somebody who heard both sides for long enough."""
    given: dict[str, Any] = {"heard_first_s": 6.0, "heard_second_s": 6.0}
    return NewVote(choice, **given | fields)


def variants(letters: str = "AB", **fields: Any) -> tuple[Variant, ...]:
    """One variant a letter, each with another prompt."""
    return tuple(
        Variant(**{"letter": one, "model_id": "lyria-3", "prompt": f"Folk, take {one}."} | fields)
        for one in letters
    )


def new_comparison(letters: str = "AB", takes: int = 1, **fields: Any) -> NewComparison:
    """A comparison that was never saved."""
    given: dict[str, Any] = {
        "id": new_intent_id(),
        "name": "Which folk?",
        "takes": takes,
        "variants": variants(letters),
    }
    return NewComparison(**given | fields)


def made_comparison(library: Library, letters: str = "AB", takes: int = 1) -> Comparison:
    """A comparison of which every slot is filled by a generation with a track."""
    saved = library.listening.save_comparison(new_comparison(letters, takes))
    filling = {
        (slot.letter, slot.take): in_state(library, State.READY, prompt=f"Folk {slot.letter}").id
        for slot in saved.slots
    }
    return library.listening.fill_slots(saved.id, filling)


def new_test(comparison: Comparison, **fields: Any) -> NewTest:
    """A listening test on all letters, not opened yet."""
    given: dict[str, Any] = {
        "id": new_intent_id(),
        "comparison_id": comparison.id,
        "kind": ListeningKind.PREFERENCE,
        "host_name": "Ada",
        "question": "Which one do you prefer?",
        "letters": comparison.letters,
        "trials_per_listener": 3,
        "planned_votes": 100,
    }
    return NewTest(**given | fields)


def open_test(
    library: Library, letters: str = "AB", takes: int = 1, **fields: Any
) -> ListeningTest:
    """A listening test that listeners may begin."""
    opened = library.listening.open_test(
        new_test(made_comparison(library, letters, takes), **fields)
    )
    return library.listening.note_preparation(opened.id, folder=f"blind-{opened.id}")


def hear(library: Library, clock: Clock, trial: Trial) -> None:
    """Let the listener of a trial hear both sides for long enough."""
    library.listening.heard_from(trial.id, trial.listener_id)
    clock.forward(seconds=12)


def vote_next(
    library: Library,
    clock: Clock,
    test: ListeningTest,
    listener_id: str,
    choice: Choice = Choice.FIRST,
    **fields: Any,
) -> Vote:
    """One whole trial of a listener: drawn, heard, voted on."""
    trial = library.listening.standing(test.id, listener_id).trial
    assert trial is not None
    hear(library, clock, trial)
    return library.listening.vote(trial.id, listener_id, answer(choice, **fields)).vote
