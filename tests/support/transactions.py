"""Counting the transactions of a library, reads and writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, event

from lyria_studio.library import Library


@dataclass
class Transactions:
    """What was begun meanwhile.

    Attributes:
        statements: those of each transaction, in the order in which they began.
        writes: how many of them may write.
    """

    statements: list[list[str]] = field(default_factory=list)
    writes: int = 0


@contextmanager
def counted(library: Library) -> Iterator[Transactions]:
    """Count what the library begins, in all threads."""
    found = Transactions()
    engine = library._database.engine
    running: dict[int, list[str]] = {}

    def began(connection: Connection) -> None:
        running[id(connection)] = []
        found.statements.append(running[id(connection)])
        found.writes += bool(connection.get_execution_options().get("lyria_write"))

    def executed(connection: Connection, _: object, statement: str, *rest: object) -> None:
        running.setdefault(id(connection), []).append(statement)

    event.listen(engine, "begin", began)
    event.listen(engine, "before_cursor_execute", executed)
    try:
        yield found
    finally:
        event.remove(engine, "begin", began)
        event.remove(engine, "before_cursor_execute", executed)
