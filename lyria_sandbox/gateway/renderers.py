"""The processes that render, and their replacement when one breaks."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lyria_sandbox.gateway.frames import read_frame, write_frame

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_ATTEMPTS: Final = 3

_ONE_THREAD_EACH: Final = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ),
    "1",
)


class RenderError(Exception):
    """The order could not be rendered; the message says where, and quotes nothing of the order."""


@dataclass(frozen=True)
class Rendering:
    """What a renderer made.

    Attributes:
        audio: The bytes of the file.
        media_type: Their content type.
        duration_s: Length of the music in seconds.
        understood: What the composer made of the prompt.
        midi: The notes as a MIDI file, or nothing.
    """

    audio: bytes
    media_type: str
    duration_s: float
    understood: dict[str, Any]
    midi: bytes = b""


class _ChildDiedError(Exception):
    """The process ended before it answered."""


class _Child:
    """One renderer process. All but ``kill`` and ``close`` block, and run in a thread."""

    def __init__(self, composer: str) -> None:
        self._composer = composer
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Start the process and wait until its composer is loaded."""
        with contextlib.suppress(
            _ChildDiedError
        ):  # a broken composer is reported by the first render
            self._ready()

    def render(self, order: dict[str, Any]) -> Rendering:
        """Render one order.

        Raises:
            RenderError: The composer could not.
            _ChildDiedError: The process ended meanwhile.
        """
        process = self._ready()
        assert process.stdin and process.stdout  # noqa: S101 - Popen opened them
        try:
            write_frame(process.stdin, order)
            head, audio = read_frame(process.stdout)
        except (OSError, EOFError, ValueError):  # ValueError: the pipe was closed by a kill
            self.kill()
            raise _ChildDiedError from None
        if "failed" in head:
            raise RenderError(head["failed"])
        midi = base64.b64decode(head["midi"])
        return Rendering(audio, head["media_type"], head["duration_s"], head["understood"], midi)

    def kill(self) -> None:
        """End the process and what it started; a later render starts another."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:  # not yet reaped: its number can belong to nobody else
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def close(self) -> None:
        """End the process for good."""
        with self._lock:
            self._closed = True
        self.kill()

    def _ready(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and process.poll() is None:
            return process
        self.kill()
        with self._lock:
            if self._closed:
                raise _ChildDiedError
            process = self._process = self._spawn()
        assert process.stdout  # noqa: S101 - Popen opened it
        try:
            read_frame(process.stdout)
        except (OSError, EOFError, ValueError):
            self.kill()
            raise _ChildDiedError from None
        return process

    def _spawn(self) -> subprocess.Popen[bytes]:
        # -P keeps the working directory out of the module search path; the host's own path is
        # handed over whole, so that the child finds what the host finds.
        command = [sys.executable, "-P", "-m", "lyria_sandbox.gateway.render_child", self._composer]
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # noqa: PTH109
        return subprocess.Popen(  # noqa: S603 - our own interpreter, module and settings
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | _ONE_THREAD_EACH | {"PYTHONPATH": path},
            # A group of its own: the terminal's Ctrl-C spares it, and it dies with its encoder.
            start_new_session=True,
        )


class Seat:
    """A renderer held for one job."""

    def __init__(self, child: _Child, threads: ThreadPoolExecutor, timeout_s: float) -> None:
        self._child = child
        self._threads = threads
        self._timeout_s = timeout_s

    async def render(self, order: dict[str, Any]) -> Rendering:
        """Render one order; a renderer that dies is replaced and the order rendered again.

        Args:
            order: The fields of the composer's ``Order``.

        Raises:
            RenderError: The composer could not, took too long, or died of it every time.
        """
        for _ in range(_ATTEMPTS):
            with contextlib.suppress(_ChildDiedError):
                return await self._once(order)
        raise RenderError("the renderer ended before its answer, every time")

    async def _once(self, order: dict[str, Any]) -> Rendering:
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, self._child.render, order)
        try:
            done, _ = await asyncio.wait({work}, timeout=self._timeout_s)
        except asyncio.CancelledError:
            self._child.kill()  # unblocks the thread
            work.add_done_callback(lambda ended: ended.exception())
            raise
        if not done:
            self._child.kill()
            with contextlib.suppress(_ChildDiedError):
                await work
            raise RenderError(f"the render took longer than {self._timeout_s:.0f} s")
        return await work


class Renderers:
    """A fixed number of renderers, handed out in the order in which they were asked for."""

    def __init__(self, count: int, composer: str, timeout_s: float) -> None:
        self._children = [_Child(composer) for _ in range(count)]
        self._idle = deque(self._children)
        self._free = asyncio.Semaphore(count)
        self._threads = ThreadPoolExecutor(count, "sandbox-renderer")
        self._timeout_s = timeout_s

    def start(self) -> None:
        """Start the processes and load their composers, in the background."""
        for child in self._children:
            self._threads.submit(child.warm)

    @asynccontextmanager
    async def seat(self) -> AsyncIterator[Seat]:
        """Wait for a free renderer and hold it."""
        async with self._free:
            child = self._idle.popleft()
            try:
                yield Seat(child, self._threads, self._timeout_s)
            finally:
                self._idle.append(child)

    async def stop(self) -> None:
        """Kill every render and end the processes."""
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        for child in self._children:
            child.close()
        self._threads.shutdown()
