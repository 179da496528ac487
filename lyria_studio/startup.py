"""The start of the app: what keeps it from starting is printed in one line."""

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
        sentence = " ".join(filter(None, (str(error), error.advice)))
    except OSError as error:
        sentence = (
            f"A file in LYRIA_HOME cannot be used ({_reason(error)}). Check that the folder can be "
            "written to and that the disk is not full."
        )
    else:
        return
    sys.stderr.write(f"Lyria Studio cannot start: {sentence}\n")
    raise SystemExit(EXIT_STATUS)


def _reason(error: OSError) -> str:
    reason = error.strerror or str(error).partition("\n")[0]
    return f"{reason}: {error.filename}" if error.filename else reason
