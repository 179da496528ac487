"""The start of the app: what keeps it from starting is told in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

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
        sys.stderr.write(f"Lyria Studio cannot start: {error}\n")
        raise SystemExit(EXIT_STATUS) from None
