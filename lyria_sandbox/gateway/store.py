"""Jobs and wallets, in one SQLite file that survives a restart."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from lyria_sandbox.gateway.job import Job, Outcome, Status, Webhook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

P = ParamSpec("P")
T = TypeVar("T")

# The file's name carries the version of its schema: a sandbox of another version starts afresh.
FILE_NAME = "gateway-v1.db"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS wallets (
    owner TEXT PRIMARY KEY,
    balance_cents INTEGER NOT NULL CHECK (balance_cents >= 0)
);
CREATE TABLE IF NOT EXISTS jobs (
    request_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    model TEXT NOT NULL,
    status TEXT NOT NULL,
    root_url TEXT NOT NULL,
    price_cents INTEGER NOT NULL,
    metered INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    completed_ms INTEGER,
    request TEXT NOT NULL,
    marks TEXT NOT NULL,
    error TEXT,
    media_type TEXT,
    files TEXT NOT NULL DEFAULT '[]',
    media_bytes INTEGER NOT NULL DEFAULT 0,
    media_deleted INTEGER NOT NULL DEFAULT 0,
    understood TEXT,
    webhook_url TEXT,
    webhook_mode TEXT
);
CREATE INDEX IF NOT EXISTS jobs_unfinished ON jobs (owner)
    WHERE status IN ('QUEUED', 'PROCESSING');
CREATE INDEX IF NOT EXISTS jobs_with_media ON jobs (completed_ms) WHERE media_bytes > 0;
"""

_UNFINISHED = "status IN ('QUEUED', 'PROCESSING')"


class BalanceTooLowError(Exception):
    """The wallet does not hold the price; nothing was stored."""


class QueueFullError(Exception):
    """The key has too many unfinished jobs; nothing was stored."""


class Store:
    """The tables; every method is one transaction. Used by one thread only."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._db.row_factory = sqlite3.Row
        # A commit in WAL mode with NORMAL waits for no disk: it outlives a killed process, and a
        # power cut costs the last jobs but never the file.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def take(self, job: Job, opening_cents: int | None, max_unfinished: int) -> None:
        """Store a new job and charge its price.

        Args:
            job: The job.
            opening_cents: What a new wallet starts with; None for a key that is always solvent.
            max_unfinished: Number of unfinished jobs that the key may have.

        Raises:
            QueueFullError: The key has that many already.
            BalanceTooLowError: The wallet holds less than the price.
        """
        with self._transaction():
            (waiting,) = self._db.execute(
                f"SELECT count(*) FROM jobs WHERE owner = ? AND {_UNFINISHED}",  # noqa: S608 - a constant
                (job.owner,),
            ).fetchone()
            if waiting >= max_unfinished:
                raise QueueFullError
            if opening_cents is not None:
                self._charge(job, opening_cents)
            webhook = job.webhook
            self._db.execute(
                "INSERT INTO jobs (request_id, owner, model, status, root_url, price_cents,"
                " metered, created_ms, updated_ms, request, marks, webhook_url, webhook_mode)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    job.request_id,
                    job.owner,
                    job.model,
                    job.status.value,
                    job.root_url,
                    job.price_cents,
                    opening_cents is not None,
                    job.created_ms,
                    job.updated_ms,
                    json.dumps(job.request),
                    json.dumps(job.marks),
                    webhook and webhook.url,
                    webhook and webhook.mode,
                ),
            )

    def get(self, request_id: str) -> Job | None:
        """Return a job, or None."""
        return next(iter(self._jobs("request_id = ?", request_id)), None)

    def unfinished(self) -> list[Job]:
        """Return the jobs that are queued or processing, oldest first."""
        return self._jobs(f"{_UNFINISHED} ORDER BY created_ms")

    def uncalled(self) -> list[Job]:
        """Return the finished jobs whose last callback is still due."""
        return self._jobs(f"NOT {_UNFINISHED} AND webhook_url IS NOT NULL ORDER BY completed_ms")

    def start(self, request_id: str, now_ms: int) -> None:
        """Move a queued job to PROCESSING."""
        self._db.execute(
            "UPDATE jobs SET status = 'PROCESSING', updated_ms = ?"
            " WHERE request_id = ? AND status = 'QUEUED'",
            (now_ms, request_id),
        )

    def finish(self, request_id: str, outcome: Outcome, now_ms: int) -> None:
        """End a job; one that ends in ERROR is refunded. Ending it again changes nothing.

        Args:
            request_id: The job.
            outcome: How it ended.
            now_ms: Milliseconds since 1970.
        """
        understood = outcome.understood
        with self._transaction():
            ended = self._db.execute(
                "UPDATE jobs SET status = ?, updated_ms = ?, completed_ms = ?, error = ?,"  # noqa: S608 - a constant
                " media_type = ?, files = ?, media_bytes = ?, understood = ?, request = '{}'"
                f" WHERE request_id = ? AND {_UNFINISHED}",
                (
                    outcome.status.value,
                    now_ms,
                    now_ms,
                    outcome.error,
                    outcome.media_type,
                    json.dumps(outcome.files),
                    outcome.media_bytes,
                    None if understood is None else json.dumps(understood),
                    request_id,
                ),
            ).rowcount
            if ended and outcome.status is Status.ERROR:
                self._db.execute(
                    "UPDATE wallets SET balance_cents = balance_cents"
                    " + (SELECT price_cents FROM jobs WHERE request_id = :job)"
                    " WHERE owner = (SELECT owner FROM jobs WHERE request_id = :job AND metered)",
                    {"job": request_id},
                )

    def called(self, request_id: str) -> None:
        """Record that no callback is due any more, and forget its receiver."""
        self._db.execute("UPDATE jobs SET webhook_url = NULL WHERE request_id = ?", (request_id,))

    def holding_media(self) -> set[str]:
        """Return the request ids of the jobs that have media on disk, or may have them soon."""
        rows = self._db.execute(
            f"SELECT request_id FROM jobs WHERE media_bytes > 0 OR {_UNFINISHED}"  # noqa: S608 - a constant
        )
        return {request_id for (request_id,) in rows}

    def spare_disk(self, max_bytes: int, keep: str) -> list[str]:
        """Mark the oldest media as deleted until the rest fits, and return their request ids.

        Args:
            max_bytes: Bound of all media.
            keep: A job whose media stay in any case.

        Returns:
            The request ids whose media are to be deleted.
        """
        with self._transaction():
            (used,) = self._db.execute("SELECT total(media_bytes) FROM jobs").fetchone()
            spared: list[str] = []
            oldest = self._db.execute(
                "SELECT request_id, media_bytes FROM jobs"
                " WHERE media_bytes > 0 AND request_id <> ? ORDER BY completed_ms",
                (keep,),
            )
            for request_id, size in oldest:
                if used <= max_bytes:
                    break
                spared.append(request_id)
                used -= size
            self._db.executemany(
                "UPDATE jobs SET media_bytes = 0, media_deleted = 1 WHERE request_id = ?",
                [(request_id,) for request_id in spared],
            )
        return spared

    def forget(self, max_finished: int) -> list[str]:
        """Delete the oldest finished jobs beyond a number, and return their request ids."""
        with self._transaction():
            rows = self._db.execute(
                f"SELECT request_id FROM jobs WHERE NOT {_UNFINISHED}"  # noqa: S608 - a constant
                " ORDER BY completed_ms DESC LIMIT -1 OFFSET ?",
                (max_finished,),
            ).fetchall()
            forgotten = [request_id for (request_id,) in rows]
            self._db.executemany(
                "DELETE FROM jobs WHERE request_id = ?", [(name,) for name in forgotten]
            )
        return forgotten

    def _charge(self, job: Job, opening_cents: int) -> None:
        self._db.execute(
            "INSERT INTO wallets VALUES (?, ?) ON CONFLICT DO NOTHING", (job.owner, opening_cents)
        )
        paid = self._db.execute(
            "UPDATE wallets SET balance_cents = balance_cents - :price"
            " WHERE owner = :owner AND balance_cents >= :price",
            {"owner": job.owner, "price": job.price_cents},
        ).rowcount
        if not paid:
            raise BalanceTooLowError

    def _jobs(self, where: str, *values: Any) -> list[Job]:
        rows = self._db.execute(f"SELECT * FROM jobs WHERE {where}", values)  # noqa: S608 - constants
        with closing(rows):
            return [_job(row) for row in rows]

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    """A write transaction: committed, or rolled back when an exception leaves it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


class StoreThread:
    """A store in a thread of its own, so that a slow disk never holds up the event loop."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE_NAME
        self._thread = ThreadPoolExecutor(1, "sandbox-store")
        self._store: Store | None = None

    async def __call__(
        self, action: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a method of the store: ``await store(Store.get, request_id)``."""

        def act() -> T:
            if self._store is None:
                self._store = Store(self._path)
            return action(self._store, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, act)

    async def close(self) -> None:
        """Close the file and end the thread."""
        await self(Store.close)
        self._store = None
        self._thread.shutdown()


def _job(row: sqlite3.Row) -> Job:
    return Job(
        request_id=row["request_id"],
        owner=row["owner"],
        model=row["model"],
        status=Status(row["status"]),
        root_url=row["root_url"],
        price_cents=row["price_cents"],
        created_ms=row["created_ms"],
        updated_ms=row["updated_ms"],
        request=json.loads(row["request"]),
        marks=json.loads(row["marks"]),
        webhook=row["webhook_url"] and Webhook(row["webhook_url"], row["webhook_mode"]),
        completed_ms=row["completed_ms"],
        error=row["error"],
        media_type=row["media_type"],
        files=tuple(json.loads(row["files"])),
        media_deleted=bool(row["media_deleted"]),
        understood=None if row["understood"] is None else json.loads(row["understood"]),
    )
