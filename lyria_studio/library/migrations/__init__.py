"""The history of the schema, and the step that brings a database to its newest form."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from lyria_studio.library.errors import LibraryError

__all__ = ["alembic_config", "head", "revisions", "upgrade"]

# Any constant will do, as long as nothing else in the same database uses it.
_POSTGRES_LOCK = 0x4C595249


def alembic_config() -> Config:
    """Return Alembic's configuration, for the functions of `alembic.command`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def revisions() -> tuple[str, ...]:
    """Return the revisions that this code knows, the newest first."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return tuple(script.revision for script in scripts.walk_revisions())


def head() -> str:
    """Return the newest revision that this code knows."""
    return revisions()[0]


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest schema in one transaction, or leave it as it was.

    The transaction itself is the lock: whoever opens the same database at the same time waits
    for it and then finds nothing left to do.

    Raises:
        LibraryError: the database was written by a newer version of the app.
    """
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Rebuilding a table would trip over its references; they are checked before the commit.
        raw = connection.connection.dbapi_connection
        if raw is None:
            raise RuntimeError("the connection is closed")
        cursor = raw.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.close()
    with connection.begin():
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _POSTGRES_LOCK})
        current = MigrationContext.configure(connection).get_current_revision()
        if current == head():
            return
        if current is not None and current not in revisions():
            raise LibraryError(
                "This library was written by a newer version of Lyria Studio; nothing was changed: "
                "update the app, or choose another folder with LYRIA_HOME."
            )
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise LibraryError(
                "The library could not be brought to the new version because some of its rows do "
                "not belong together; nothing was changed."
            )
