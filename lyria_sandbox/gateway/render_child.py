"""The process that renders: ``python -m lyria_sandbox.gateway.render_child MODULE``.

It reads orders from its standard input and answers on its standard output. It never imports the
host's main module (which ``multiprocessing`` would, and which may be a whole web application), and
it ends with its host whatever happens to that, because its standard input then ends.
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import IO, Any

from lyria_sandbox.gateway.frames import read_frame, write_frame

_NICENESS = 5
"""Rendering yields to the server that shares its cores."""

_IDLE_S = 1.0


def main(composer_name: str) -> None:
    """Load a composer, then render orders one by one until the host is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the host's to handle
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    answers = _private_stdout()
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, orders), daemon=True).start()

    composer = importlib.import_module(composer_name)
    composer.warm()
    write_frame(answers, {"ready": True})
    pieces = composer.rehearse()
    while True:
        order = _next_order(orders, pieces)
        try:
            order["images"] = tuple(order["images"])
            order["image_looks"] = tuple(map(tuple, order.get("image_looks", ())))
            rendered = composer.render(composer.Order(**order))
            head = {
                "media_type": rendered.media_type,
                "duration_s": rendered.duration_s,
                "understood": rendered.understood,
                "midi": base64.b64encode(getattr(rendered, "midi", b"")).decode(),
            }
            write_frame(answers, head, rendered.audio)
        except Exception as error:  # noqa: BLE001 - whatever a composer does, the job gets an end
            write_frame(answers, {"failed": _where(error)})


def _next_order(orders: queue.SimpleQueue[dict[str, Any]], pieces: Iterator[str]) -> dict[str, Any]:
    """Wait for an order, and rehearse a piece whenever none has come for a while."""
    while True:
        try:
            return orders.get(timeout=_IDLE_S)
        except queue.Empty:
            if next(pieces, None) is None:
                return orders.get()


def _listen(stream: IO[bytes], orders: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Pass orders on, also while one renders, and end everything when the host is gone."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            orders.put(read_frame(stream)[0])
    _end()


def _end() -> None:
    """End this process and what it started (an encoder), at once."""
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _private_stdout() -> IO[bytes]:
    """Keep the pipe to the host for answers; whatever a library prints goes to the error stream."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _where(error: Exception) -> str:
    """Tell what happened where, without the message: it might quote the prompt."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119


if __name__ == "__main__":
    main(sys.argv[1])
