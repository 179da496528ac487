"""The start of the app: what keeps it from starting is told in one line."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from lyria_core import LyriaError

EXIT_STATUS = 2


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End the process with one line on stderr, and no traceback, if the start fails.

    Raises:
        SystemExit: With status 2.
    """
    try:
        yield
    except LyriaError as error:
        sentence = str(error)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        sentence = (
            f"A file in LYRIA_HOME cannot be used ({_reason(error)}); check that the folder can be "
            "written to, that the disk is not full, and that the file is not damaged."
        )
    else:
        return
    sys.stderr.write(f"Lyria Studio cannot start: {sentence}\n")
    raise SystemExit(EXIT_STATUS)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    cause = getattr(error, "orig", None) or error
    return str(cause).partition("\n")[0]
