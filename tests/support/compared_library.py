"""Comparisons in every state, in a library that is populated before the app starts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.app_process import RunningApp, free_port, running_app
from support.comparison_rows import new_test, vote_next
from support.full_library import FAILED, READY, populate
from support.library_rows import Clock

from lyria_studio.comparisons import Sketch
from lyria_studio.library import Library
from lyria_studio.model.comparison import Comparison, Variant
from lyria_studio.model.generation import new_intent_id
from lyria_studio.model.listening_test import ListeningTest, Reveal
from lyria_studio.model.states import State
from lyria_studio.model.vote import Choice

A = READY
B = READY.replace("Rhodes", "felt piano")
C = f"{READY}, with <b>rain</b> *outside* $5 $6 and שלום"


@dataclass(frozen=True)
class Compared:
    """The ids of what there is.

    Attributes:
        draft: three variants, not ordered.
        troubled: a take that failed, one that was never ordered.
        invited: with a test that nobody voted in.
        judged: with a verdict on two, remarks, and a comparison that goes on from it.
        several: with votes on three.
    """

    app: RunningApp
    draft: str
    troubled: str
    invited: str
    judged: str
    several: str


@contextmanager
def running_compared_app(home: Path) -> Iterator[Compared]:
    """Start the app with comparisons in every state."""
    port = free_port()
    populate(home, f"http://127.0.0.1:{port}")
    clock = Clock(datetime.now(UTC) - timedelta(hours=6))
    with Library(home, clock=clock) as library:
        ready = library.tracks.page(state=State.READY).items[0].id
        failed = library.tracks.page(search=FAILED).items[0].id
        draft = _saved(library, A, B, C)
        library.tracks.save_draft(draft.id, Sketch.of_comparison(draft).fields())
        troubled = _saved(library, A, B, takes=2)
        library.listening.fill_slots(
            troubled.id, {("A", 1): ready, ("A", 2): failed, ("B", 1): ready}
        )
        invited = _filled(library, ready, A, B)
        _test(library, invited)
        judged = _filled(library, ready, A, B)
        _votes(library, clock, _test(library, judged), "BBB-BBABBBBBBBB")
        _filled(library, ready, B, C, parent=judged)
        several = _filled(library, ready, A, B, C)
        _votes(library, clock, _test(library, several), "CCBCACCB-CCC")
        clock.forward(minutes=5)
    with running_app(home, port=port) as app:
        yield Compared(app, draft.id, troubled.id, invited.id, judged.id, several.id)


def _saved(
    library: Library, *prompts: str, takes: int = 1, parent: Comparison | None = None
) -> Comparison:
    sketch = Sketch(
        tuple(
            Variant(letter, "lyria-3", prompt)
            for letter, prompt in zip("ABCDEF", prompts, strict=False)
        ),
        takes=takes,
        parent_id=parent.id if parent else None,
        parent_letter="B" if parent else None,
    )
    return library.listening.save_comparison(sketch.new(new_intent_id()))


def _filled(
    library: Library, track: str, *prompts: str, parent: Comparison | None = None
) -> Comparison:
    saved = _saved(library, *prompts, parent=parent)
    return library.listening.fill_slots(
        saved.id, {(slot.letter, slot.take): track for slot in saved.slots}
    )


def _test(library: Library, comparison: Comparison) -> ListeningTest:
    pairs = len(comparison.letters) * (len(comparison.letters) - 1) // 2
    opened = library.listening.open_test(
        new_test(
            comparison, trials_per_listener=pairs, planned_votes=15 * pairs, reveal=Reveal.AT_END
        )
    )
    return library.listening.note_preparation(opened.id, folder=f"blind-{opened.id}")


def _votes(library: Library, clock: Clock, test: ListeningTest, winners: str) -> None:
    """Each listener votes for one letter wherever it comes, and for the later letter elsewhere."""
    for number, winner in enumerate(winners):
        listener = f"listener-{number:010d}"
        name = ("Ada", "Bo <b>x</b>", None)[number % 3]
        library.listening.begin_listening(test.id, listener, f"address-{number}", name)
        for _ in range(test.trials_per_listener):
            trial = library.listening.standing(test.id, listener).trial
            assert trial is not None
            liked = winner if winner in (trial.first.letter, trial.second.letter) else "-"
            choice = (
                Choice.NONE
                if liked == "-"
                else Choice.FIRST
                if trial.first.letter == liked
                else Choice.SECOND
            )
            said = (
                {
                    "comment": "Warmer <i>bass</i>",
                    "comment_at_s": 5.0 + number,
                    "comment_on": "first",
                },
                {"reason": "Clearer melody"},
                {},
            )[number % 3]
            vote_next(library, clock, test, listener, choice, **said)
