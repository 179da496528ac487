"""How long History, the ledger, the budget and the worker's steps take in a large library.

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

from sqlalchemy import insert, update

from lyria_core import MODELS, Charge, MusicRequest
from lyria_studio.library import Library, NewGeneration, State, StateGroup, new_intent_id, take_ids
from lyria_studio.library.tables import generations
from lyria_studio.money import Budget

REPEATS = 15
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
    return [one.id for one in library.order(new, budget)]


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
        cursor = library.page(50, count // 2).next
        zone = ZoneInfo("Europe/Berlin")
        fresh = [one for _ in range(60) for one in order(library, 1)]
        ids = iter(fresh)
        acts: dict[str, Callable[[], object]] = {
            "page: first": lambda: library.page(50),
            "page: the last by number": lambda: library.page(50, count - 60),
            "page: in the middle, by key": lambda: library.page(50, before=cursor),
            "page: one state": lambda: library.page(50, state=State.READY),
            "page: a group of four states": lambda: library.page(50, state=StateGroup.NOT_MADE),
            "page: model and state": lambda: library.page(
                50, state=State.READY, model="lyria-2", gateway="live"
            ),
            "page: search, frequent": lambda: library.page(50, search="piano choir"),
            "page: search, nowhere": lambda: library.page(50, search="theremin"),
            "spending by day, all": lambda: library.spending("live", zone),
            "spending by day, 30 days": lambda: library.spending(
                "live", zone, since=datetime.now(UTC) - timedelta(days=30)
            ),
            "order, no budget": lambda: order(library, 1),
            "order, budgets": lambda: order(
                library, 1, Budget(daily=Decimal(10**6), total=Decimal(10**6))
            ),
            "claim for submit": lambda: library.claim_for_submit(next(ids)),
            "due": library.due,
            "recent durations": lambda: library.recent_durations("lyria-2", "live"),
        }
        print(f"{count:,} generations; median and worst of {REPEATS}, milliseconds")
        for name, act in acts.items():
            median, worst = milliseconds(act)
            print(f"  {name:32} {median:8.2f} {worst:8.2f}")


if __name__ == "__main__":
    main()
