"""Fetches the file of a finished job. The track is paid: nothing here may lose it or pay again."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from weakref import WeakValueDictionary

from lyria_core._addresses import is_loopback_host
from lyria_core._errors import DownloadFailed
from lyria_core._media import HEAD_BYTES, audio_extension
from lyria_core._wire import BodyCut, Failure, Opened, Trouble, Wire

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
# Tries in a row that bring not one new byte; a try that brings some starts the count anew.
_MOST_FRUITLESS_TRIES = 4
_WORTH_ANOTHER_TRY = frozenset({408, 416, 425, 429, 500, 502, 503, 504})
_EXTENSIONS = ("mp3", "wav", "flac", "ogg", "m4a", "aac")
_CONTENT_RANGE = re.compile(r"bytes\s+(\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")

_TROUBLE = {
    Trouble.NAME: "the media host's name was not found",
    Trouble.REFUSED: "the media host does not accept connections",
    Trouble.CONNECT_TIMEOUT: "the media host did not answer in time",
    Trouble.TIMEOUT: "the media host did not send the file in time",
    Trouble.PROXY: "the proxy did not let the request through",
    Trouble.TLS: "no trusted encrypted connection to the media host could be made",
    Trouble.ADDRESS: "the media host's name leads to a private address",
    Trouble.GARBAGE: "the media host's answer was not understood",
}


@dataclass(frozen=True)
class Limits:
    """How much a download may take.

    Attributes:
        max_bytes: Largest file in bytes.
        timeout: Seconds for everything together.
    """

    max_bytes: int
    timeout: float


class _Verdict(Exception):  # noqa: N818 - carries a decision to the one place that raises
    def __init__(self, why: str, http_status: int | None = None, *, drop: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.http_status = http_status
        self.drop = drop


class _TryAgain(Exception):  # noqa: N818 - an event that leads to another try
    def __init__(self, why: str, http_status: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.http_status = http_status


_locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
_locks_guard = threading.Lock()


class Downloader:
    """Downloads media without the API key.

    Args:
        wire: Connects to media hosts, with the guard over their addresses.
        local: Whether the gateway is on loopback, so that its media may be too.
        clock: Monotonic time in seconds.
        sleep: Waits some seconds.
        user_agent: Value of the User-Agent header.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        local: bool,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        user_agent: str,
    ) -> None:
        self._wire = wire
        self._local = local
        self._clock = clock
        self._sleep = sleep
        self._user_agent = user_agent

    def fetch(self, url: str, directory: Path, stem: str, limits: Limits) -> Path:
        """Fetch a file, or finish one that was begun before.

        Args:
            url: Where it is.
            directory: Where to put it; made if it is not there.
            stem: Its name without the extension, which the bytes decide.
            limits: Largest size and longest time.

        Returns:
            The path of the whole file. A file that is there already is not fetched again.

        Raises:
            DownloadFailed: If it could not be had; what came so far waits in a ``.part`` file for
                the next call, unless it is of no use.
        """
        part = directory / f"{stem}.part"
        failure: DownloadFailed | None
        with _lock_of(part):
            try:
                directory.mkdir(parents=True, exist_ok=True)
                done = _finished(directory, stem)
                return done or self._fetch(url, part, stem, limits)
            except _Verdict as verdict:
                failure = DownloadFailed(
                    f"The track was made and paid, but its file could not be fetched: "
                    f"{verdict.why}.",
                    http_status=verdict.http_status,
                )
                if verdict.drop:
                    with contextlib.suppress(OSError):
                        part.unlink(missing_ok=True)
            except OSError as error:
                failure = DownloadFailed(
                    f"The track was made and paid, but its file could not be stored: "
                    f"{_storage_trouble(error)}.",
                    advice="Make room or choose another folder, then ask for the file again; "
                    "that costs nothing.",
                )
        raise failure

    def _fetch(self, url: str, part: Path, stem: str, limits: Limits) -> Path:
        deadline = self._clock() + limits.timeout
        fruitless = 0
        while True:
            before = _size(part)
            try:
                self._try(url, part, limits.max_bytes, deadline)
                return _keep(part, stem)
            except _TryAgain as event:
                fruitless = 0 if _size(part) > before else fruitless + 1
                pause = min(0.5 * 2**fruitless, 8.0)
                if fruitless >= _MOST_FRUITLESS_TRIES:
                    raise _Verdict(event.why, event.http_status) from None
                if self._clock() + pause >= deadline:
                    raise _Verdict(event.why, event.http_status) from None
            self._sleep(pause)

    def _try(self, url: str, part: Path, max_bytes: int, deadline: float) -> None:
        """Bring the part file to its end, or raise."""
        have = _size(part)
        opened = self._open(url, have, deadline)
        try:
            total = self._place(opened, part, have)
            if total is not None and total > max_bytes:
                raise _Verdict("it is larger than allowed", opened.status, drop=True)
            self._receive(opened, part, total, max_bytes)
        finally:
            opened.close()

    def _open(self, url: str, have: int, deadline: float) -> Opened:
        """Ask for the file, or for what is missing of it, following redirects by hand."""
        headers = {
            "User-Agent": self._user_agent,
            "Accept": "audio/*, */*;q=0.5",
            # Lengths and ranges count stored bytes, so nothing may be packed on the way.
            "Accept-Encoding": "identity",
        }
        if have:
            headers["Range"] = f"bytes={have}-"
        for _ in range(_MOST_REDIRECTS + 1):
            self._check(url)
            left = deadline - self._clock()
            if left <= 0:
                raise _Verdict("it did not arrive in time")
            result = self._wire.open(url, headers, timeout=left)
            if isinstance(result, Failure):
                why = _TROUBLE.get(result.trouble, "the connection was lost")
                if result.trouble in (Trouble.ADDRESS, Trouble.TLS):
                    raise _Verdict(why)
                raise _TryAgain(why)
            location = result.headers.get("Location")
            if result.status not in _REDIRECTS or not location:
                return result
            result.close()
            url = urljoin(url, location)
        raise _Verdict("the media host redirects without end")

    def _check(self, url: str) -> None:
        """Refuse an address that must not be fetched, before anything is sent to it."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            host = ""
        if not host or parts.username is not None or parts.password is not None:
            raise _Verdict("its address is not a web address")
        local = is_loopback_host(host)
        if local and not self._local:
            raise _Verdict("its address is a private one")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise _Verdict("its address is not an https address")

    def _place(self, opened: Opened, part: Path, have: int) -> int | None:
        """Make the part file end where the body begins; return the total size if it is known."""
        status = opened.status
        if status == 200:
            _cut(part, 0)
            return _length(opened, 0)
        if status == 206:
            found = _CONTENT_RANGE.fullmatch(opened.headers.get("Content-Range", "").strip())
            if found is None or int(found[1]) != have:
                _cut(part, 0)
                raise _TryAgain("the media host sent another part than was asked for", status)
            return None if found[3] == "*" else int(found[3])
        if status == 416:
            # What is here is as long as the file or longer, and cannot be told from rubbish.
            _cut(part, 0)
            raise _TryAgain("the media host does not have the missing part", status)
        why = f"the media host answered HTTP {status}"
        if status in _WORTH_ANOTHER_TRY:
            raise _TryAgain(why, status)
        raise _Verdict(why, status)

    def _receive(self, opened: Opened, part: Path, total: int | None, max_bytes: int) -> None:
        cut: str | None = None
        with part.open("ab") as file:
            size = file.tell()
            try:
                for chunk in opened.chunks():
                    size += len(chunk)
                    if size > max_bytes:
                        raise _Verdict("it is larger than allowed", opened.status, drop=True)
                    file.write(chunk)
            except BodyCut as event:
                cut = _TROUBLE.get(event.trouble, "the connection was lost")
            file.flush()
            os.fsync(file.fileno())
        if cut is None and total is not None and size != total:
            cut = "the media host sent less than it promised"
            if size > total:
                _cut(part, 0)
        if cut is not None:
            raise _TryAgain(cut, opened.status)


def _keep(part: Path, stem: str) -> Path:
    """Turn a whole part file into the track, if it is one."""
    with part.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise _Verdict("the media host sent an empty file", drop=True)
    extension = audio_extension(head)
    if extension is None:
        raise _Verdict("what the media host sent is not audio", drop=True)
    path = part.with_name(f"{stem}.{extension}")
    part.replace(path)
    _sync_directory(path.parent)
    return path


def _finished(directory: Path, stem: str) -> Path | None:
    """Return the file if an earlier call brought it."""
    paths = (directory / f"{stem}.{extension}" for extension in _EXTENSIONS)
    return next((path for path in paths if _size(path) > 0), None)


def _length(opened: Opened, start: int) -> int | None:
    value = opened.headers.get("Content-Length", "").strip()
    return start + int(value) if re.fullmatch(r"\d{1,15}", value) else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _cut(path: Path, size: int) -> None:
    if _size(path) > size:
        os.truncate(path, size)


def _sync_directory(directory: Path) -> None:
    # Not every system can open a directory; the rename itself stands either way.
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _storage_trouble(error: OSError) -> str:
    return (error.strerror or "the folder cannot be written").lower()


@contextlib.contextmanager
def _lock_of(part: Path) -> Iterator[None]:
    """Let only one thread at a time write a part file."""
    with _locks_guard:
        lock = _locks.setdefault(str(part.absolute()), threading.Lock())
    with lock:
        yield
