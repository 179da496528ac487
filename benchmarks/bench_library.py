"""Measure a large library: History, ledger, budget, the worker's steps, comparisons, votes.

python benchmarks/bench_library.py [generations, by default 100000]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from lyria_core import MODELS, Charge, MusicRequest
from lyria_studio.library import Library
from lyria_studio.library.comparison_tables import (
    listening_listeners,
    listening_tests,
    listening_trials,
    listening_votes,
)
from lyria_studio.library.tables import generations, tracks
from lyria_studio.listening.vote_results import results
from lyria_studio.model.comparison import ComparisonCursor, NewComparison, Variant
from lyria_studio.model.generation import NewGeneration, new_intent_id, take_ids
from lyria_studio.model.listening_test import ListeningKind, NewTest, Reveal
from lyria_studio.model.states import State, StateGroup
from lyria_studio.model.vote import Choice, NewVote
from lyria_studio.money import Budget

REPEATS = 15
COMPARISONS = 1000
VOTES = 2000
VOTES_A_LISTENER = 5
WORDS = ["calm", "piano", "strings", "drums", "bass", "warm", "slow", "bright", "choir", "folk"]


def order(library: Library, takes: int, budget: Budget | None = None) -> list[str]:
    form = new_intent_id()
    rng = random.Random(form)
    request = MusicRequest(rng.choice(list(MODELS)), " ".join(rng.choices(WORDS, k=40)))
    new = [
        NewGeneration(
            one, request, rng.choice(["live", "live", "sandbox"]), "https://x", "f", form, 1, takes
        )
        for one in take_ids(form, 1)
    ]
    return [one.id for one in library.jobs.order(new, budget)]


def fill(library: Library, count: int) -> None:
    """Rows over three years; made in bulk, since the library's own steps commit each."""
    rng = random.Random(1)
    start = datetime.now(UTC) - timedelta(days=1000)
    (template,) = order(library, 1)
    with library._database.write() as connection:
        row = dict(connection.execute(generations.select()).mappings().one())
        outcomes = [(State.READY, Charge.YES)] * 16 + [
            (State.FAILED, Charge.MAYBE),
            (State.ERROR, Charge.NO),
            (State.REFUSED, Charge.NO),
            (State.CANCELLED, Charge.NO),
        ]
        for block in range(0, count, 1000):
            rows = []
            for number in range(block, min(block + 1000, count)):
                prompt = " ".join(rng.choices(WORDS, k=60))
                state, charge = rng.choice(outcomes)
                moment = start + timedelta(days=1000) * (number / count)
                model = rng.choice(list(MODELS))
                rows.append(
                    row
                    | {
                        "id": f"{number:032x}-1",
                        "batch_id": f"{number:032x}",
                        "created_at": moment,
                        "gateway": rng.choice(["live", "live", "sandbox"]),
                        "model_id": model,
                        "price_usd": MODELS[model].price_usd,
                        "prompt": prompt,
                        "prompt_folded": prompt,
                        "state": state,
                        "charge": charge,
                        "raw": {"request_id": "x" * 40, "output": {"media_url": ["y" * 90]}},
                        "completed_at": moment,
                        "made_in_s": 20.0,
                        "next_attempt_at": None,
                    }
                )
            connection.execute(insert(generations), rows)
        connection.execute(
            update(generations)
            .where(generations.c.id == template)
            .values(state=State.CANCELLED, charge=Charge.NO, next_attempt_at=None)
        )


def compare(library: Library) -> tuple[str, ComparisonCursor]:
    """Comparisons of four variants, three takes each; gives the newest and one in the middle."""
    with library._database.read() as connection:
        ids = list(connection.execute(select(generations.c.id).limit(12)).scalars())
    letters = "ABCD"
    for number in range(COMPARISONS):
        saved = library.listening.save_comparison(
            NewComparison(
                new_intent_id(),
                f"Comparison {number}",
                3,
                tuple(Variant(letter, "lyria-3", " ".join(WORDS * 6)) for letter in letters),
            )
        )
        slots = [(slot.letter, slot.take) for slot in saved.slots]
        library.listening.fill_slots(saved.id, dict(zip(slots, ids, strict=True)))
        if number == COMPARISONS // 2:
            middle = ComparisonCursor(saved.created_at, saved.id)
    return saved.id, middle


def listen(library: Library, comparison_id: str) -> str:
    """Store a test of two variants with votes of many listeners, in bulk like `fill`."""
    now = datetime.now(UTC)
    filled = library.listening.comparison(comparison_id).slots
    with library._database.write() as connection:
        connection.execute(
            insert(tracks),
            [
                {
                    "id": new_intent_id(),
                    "generation_id": slot.generation_id,
                    "position": 0,
                    "path": "x",
                    "file_name": "x",
                    "media_type": "audio/mpeg",
                    "size_bytes": 1,
                    "sha256": "0" * 64,
                    "duration_s": 30.0,
                    "peaks": b"",
                    "stored_at": now,
                }
                for slot in filled
            ],
        )
    test = library.listening.open_test(
        NewTest(
            new_intent_id(),
            comparison_id,
            ListeningKind.PREFERENCE,
            "Ada",
            "Which?",
            ("A", "B"),
            VOTES_A_LISTENER,
            10_000,
            Reveal.AT_END,
        )
    )
    library.listening.note_preparation(test.id, folder="folder")
    rng = random.Random(2)
    listeners, trials, votes = [], [], []
    for number in range(VOTES):
        listener, turn = divmod(number, VOTES_A_LISTENER)
        moment = now + timedelta(seconds=number)
        if not turn:
            listeners.append(
                {
                    "test_id": test.id,
                    "id": f"listener-{listener}",
                    "address_hash": f"{listener // 3}",
                    "created_at": now,
                    "finished_at": now,
                }
            )
        first, second = rng.sample("AB", 2)
        trials.append(
            {
                "id": f"trial-{number}",
                "test_id": test.id,
                "listener_id": f"listener-{listener}",
                "number": turn + 1,
                "first_letter": first,
                "first_take": rng.randint(1, 3),
                "second_letter": second,
                "second_take": rng.randint(1, 3),
                "drawn_at": moment,
                "heard_from": moment,
            }
        )
        votes.append(
            {
                "trial_id": f"trial-{number}",
                "test_id": test.id,
                "choice": rng.choice(list(Choice)),
                "comment": "The bridge is too long." if turn == 0 else None,
                "heard_first_s": 6.0,
                "heard_second_s": 6.0,
                "cast_at": moment,
            }
        )
    with library._database.write() as connection:
        connection.execute(insert(listening_listeners), listeners)
        connection.execute(insert(listening_trials), trials)
        connection.execute(insert(listening_votes), votes)
        # So short that no vote has to wait.
        sides = connection.execute(select(listening_tests.c.sides)).scalar_one()
        connection.execute(
            update(listening_tests).values(sides=[side | {"duration_s": 0.0} for side in sides])
        )
    return test.id


def take_part(library: Library, test_id: str) -> None:
    """One listener from the link to the first vote."""
    me = new_intent_id()
    library.listening.begin_listening(test_id, me, me)
    trial = library.listening.standing(test_id, me).trial
    if trial is None:
        raise RuntimeError("a new listener has nothing to hear")
    library.listening.heard_from(trial.id, me)
    library.listening.vote(trial.id, me, NewVote(Choice.FIRST, 1.0, 1.0))


def milliseconds(act: Callable[[], object]) -> tuple[float, float]:
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), max(times)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        fill(library, count)
        cursor = library.tracks.page(50, count // 2).next
        zone = ZoneInfo("Europe/Berlin")
        fresh = [one for _ in range(60) for one in order(library, 1)]
        ids = iter(fresh)
        acts: dict[str, Callable[[], object]] = {
            "page: first": lambda: library.tracks.page(50),
            "page: the last by number": lambda: library.tracks.page(50, count - 60),
            "page: in the middle, by key": lambda: library.tracks.page(50, before=cursor),
            "page: one state": lambda: library.tracks.page(50, state=State.READY),
            "page: a group of four states": lambda: library.tracks.page(
                50, state=StateGroup.FAILED
            ),
            "page: model and state": lambda: library.tracks.page(
                50, state=State.READY, model="lyria-2", gateway="live"
            ),
            "page: search, frequent": lambda: library.tracks.page(50, search="piano choir"),
            "page: search, nowhere": lambda: library.tracks.page(50, search="theremin"),
            "spending by day, all": lambda: library.ledger.spending("live", zone),
            "spending by month, all": lambda: library.ledger.spending("live", zone, months=True),
            "spending by day, 30 days": lambda: library.ledger.spending(
                "live", zone, since=datetime.now(UTC) - timedelta(days=30)
            ),
            "order, no budget": lambda: order(library, 1),
            "order, budgets": lambda: order(
                library, 1, Budget(daily=Decimal(10**6), total=Decimal(10**6))
            ),
            "claim for submit": lambda: library.jobs.claim_for_submit(next(ids)),
            "due": library.jobs.due,
            "recent durations": lambda: library.tracks.recent_durations("lyria-2", "live"),
        }
        newest, middle = compare(library)
        test_id = listen(library, newest)
        test, votes = library.listening.test(test_id), library.listening.votes(test_id)
        people = library.listening.listeners(test_id)
        now = datetime.now(UTC)
        acts |= {
            "comparisons: first 20": lambda: library.listening.comparisons(20),
            "comparisons: in the middle": lambda: library.listening.comparisons(20, middle),
            "comparison: one": lambda: library.listening.comparison(newest),
            "listening: count the votes": lambda: library.listening.vote_counts([test_id]),
            "listening: all votes": lambda: library.listening.votes(test_id),
            "listening: all listeners": lambda: library.listening.listeners(test_id),
            "listening: read as evidence": lambda: results(test, votes, listeners=people, now=now),
            "listening: come, draw, hear, vote": lambda: take_part(library, test_id),
        }
        print(
            f"{count:,} generations, {COMPARISONS:,} comparisons, {VOTES:,} votes in a test; "
            f"median and worst of {REPEATS}, milliseconds"
        )
        for name, act in acts.items():
            median, worst = milliseconds(act)
            print(f"  {name:32} {median:8.2f} {worst:8.2f}")


if __name__ == "__main__":
    main()
