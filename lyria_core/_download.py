"""Fetches the file of a finished job. The track is paid: nothing here may lose it or pay again."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lyria_core._addresses import is_loopback_host, is_public
from lyria_core._errors import DownloadFailed, DownloadReason
from lyria_core._partfile import PartFile
from lyria_core._wire import BodyCut, Failure, Opened, Trouble, Wire

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
# Tries in a row without a new byte; a try that brings some resets the count.
_MOST_FRUITLESS_TRIES = 4
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})
# Addresses of files expire; another poll of the job brings one that works.
_GONE = frozenset({401, 403, 404, 410})
_BODY_MAX = 4096
# A resumed part is asked for with so much of what is already here, to see that it fits: the file
# may have changed, and a power cut may have spoilt the end of what was written.
_OVERLAP = 16 * 1024
_CONTENT_RANGE = re.compile(r"bytes\s+(\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.IGNORECASE)
_LENGTH = re.compile(r"\d{1,15}")

_TROUBLE = {
    Trouble.NAME: "the media host's name was not found",
    Trouble.REFUSED: "the media host does not accept connections",
    Trouble.CONNECT_TIMEOUT: "the media host did not answer in time",
    Trouble.TIMEOUT: "the media host did not send it in time",
    Trouble.PROXY: "the proxy did not let the request through",
    Trouble.TLS: "no trusted encrypted connection to the media host could be made",
    Trouble.ADDRESS: "the media host's name leads to a private address",
    Trouble.GARBAGE: "the media host's answer was not understood",
}
_LOST = "the connection to the media host was lost"
# Another try at once would end the same way.
_FINAL = frozenset({Trouble.TLS, Trouble.ADDRESS, Trouble.GARBAGE})


@dataclass(frozen=True)
class Limits:
    """How much a download may take.

    Attributes:
        max_bytes: Largest file in bytes.
        timeout: Seconds for everything together.
    """

    max_bytes: int
    timeout: float


class _Stopped(Exception):  # noqa: N818 - an event, which a person sees as DownloadFailed
    """This download ends here.

    Attributes:
        why: A clause for the message.
        http_status: What the media host answered.
        useless: Whether what came so far is worth nothing.
        reason: For whoever decides what to do next.
    """

    def __init__(
        self,
        why: str,
        http_status: int | None = None,
        *,
        useless: bool = False,
        reason: DownloadReason = DownloadReason.OTHER,
    ) -> None:
        super().__init__(why)
        self.why = why
        self.http_status = http_status
        self.useless = useless
        self.reason = reason


class _Interrupted(_Stopped):
    """This try ends here; another one may continue."""


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
        return self._kept(directory, stem, lambda part: self._fetch(url, part, limits))

    def store(self, data: bytes | None, directory: Path, stem: str, limits: Limits) -> Path:
        """Store a file that stood in an answer, unless it is there already.

        Args:
            data: Its bytes; ``None`` where the answer with it is no longer at hand.
            directory: Where to put it; made if it is not there.
            stem: Its name without the extension, which the bytes decide.
            limits: Largest size.

        Returns:
            The path of the file.

        Raises:
            DownloadFailed: If it could not be stored.
        """

        def write(part: PartFile) -> Path:
            if data is None:
                why = "it stood in an answer of the gateway that is gone"
                raise _Stopped(why, reason=DownloadReason.ADDRESS)
            if len(data) > limits.max_bytes:
                raise _Stopped("it is larger than allowed", useless=True)
            part.clear()
            with part.appending() as file:
                file.write(data)
            return _finished(part)

        return self._kept(directory, stem, write)

    def _kept(self, directory: Path, stem: str, bring: Callable[[PartFile], Path]) -> Path:
        """Return the file if it is there, else bring it."""
        part = PartFile(directory, stem)
        with part.alone():
            try:
                directory.mkdir(parents=True, exist_ok=True)
                return part.finished() or bring(part)
            except _Stopped as event:
                failure = _not_fetched(event)
                if event.useless:
                    part.remove()
            except OSError as error:
                failure = _not_stored(error)
        # Raised out here, it carries no exception of the network along.
        raise failure

    def _fetch(self, url: str, part: PartFile, limits: Limits) -> Path:
        deadline = self._clock() + limits.timeout
        fruitless = 0
        while True:
            before = part.size()
            try:
                self._try(url, part, limits.max_bytes, deadline)
                break
            except _Interrupted:
                fruitless = 0 if part.size() > before else fruitless + 1
                pause = min(0.5 * 2**fruitless, 8.0)
                if fruitless >= _MOST_FRUITLESS_TRIES or self._clock() + pause >= deadline:
                    raise
            self._sleep(pause)
        return _finished(part)

    def _try(self, url: str, part: PartFile, max_bytes: int, deadline: float) -> None:
        """Bring the part file to its end, or raise."""
        start = max(0, part.size() - _OVERLAP)
        opened = self._open(url, start, deadline)
        try:
            total = _total(opened, part, start)
            if total is not None and total > max_bytes:
                raise _Stopped("it is larger than allowed", opened.status, useless=True)
            _receive(opened, part, start if opened.status == 206 else 0, max_bytes)
        finally:
            opened.close()
        if total is not None and part.size() < total:
            raise _Interrupted("the media host sent less than it promised", opened.status)
        if total is not None and part.size() > total:
            part.clear()
            raise _Interrupted("the media host sent more than it promised", opened.status)

    def _open(self, url: str, start: int, deadline: float) -> Opened:
        """Ask for the file, or for what is missing of it, following redirects by hand."""
        headers = {
            "User-Agent": self._user_agent,
            "Accept": "audio/*, */*;q=0.5",
            # Lengths and ranges count stored bytes, so nothing may be packed on the way.
            "Accept-Encoding": "identity",
        }
        if start:
            headers["Range"] = f"bytes={start}-"
        for _ in range(_MOST_REDIRECTS + 1):
            self._check(url)
            left = deadline - self._clock()
            if left <= 0:
                raise _Stopped("it did not arrive in time")
            result = self._wire.open(url, headers, timeout=left)
            if isinstance(result, Failure):
                kind = _Stopped if result.trouble in _FINAL else _Interrupted
                raise kind(_TROUBLE.get(result.trouble, _LOST))
            location = result.headers.get("Location")
            if result.status not in _REDIRECTS or not location:
                return result
            result.close()
            url = _joined(url, location)
        raise _Stopped("the media host redirects without end")

    def _check(self, url: str) -> None:
        """Refuse an address that must not be fetched, before anything is sent to it."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            host = ""
        if not host or parts.username is not None or parts.password is not None:
            raise _Stopped("its address is not a web address")
        local = is_loopback_host(host)
        if _is_private_literal(host) and not (local and self._local):
            raise _Stopped("its address is a private one")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise _Stopped("its address is not an https address")


def _finished(part: PartFile) -> Path:
    if part.size() == 0:
        why, reason = "the media host sent an empty file", DownloadReason.NOT_AUDIO
        raise _Stopped(why, useless=True, reason=reason)
    if (extension := part.extension()) is None:
        reason = DownloadReason.PICTURE if part.is_image_or_video() else DownloadReason.NOT_AUDIO
        raise _Stopped("what the media host sent is not audio", useless=True, reason=reason)
    return part.keep(extension)


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""  # refused by the check of the next round


def _is_private_literal(host: str) -> bool:
    if is_loopback_host(host):
        return True
    try:
        return not is_public(host)
    except ValueError:
        return False  # a name: the connection checks what it resolves to


def _total(opened: Opened, part: PartFile, start: int) -> int | None:
    """Return the size of the whole file if the answer tells it; raise if it is of no use."""
    status = opened.status
    if status == 200:
        part.clear()
        length = opened.headers.get("Content-Length", "").strip()
        return int(length) if _LENGTH.fullmatch(length) else None
    if status == 206:
        found = _CONTENT_RANGE.fullmatch(opened.headers.get("Content-Range", "").strip())
        if found is None or int(found[1]) != start:
            part.clear()
            raise _Interrupted("the media host sent another part than was asked for", status)
        return None if found[3] == "*" else int(found[3])
    if status == 416:
        part.clear()
        raise _Interrupted("the media host has less of it than is here", status)
    kind = _Interrupted if status in _WORTH_ANOTHER_TRY else _Stopped
    gone = status in _GONE or (400 <= status < 500 and _is_expired(opened))
    reason = DownloadReason.ADDRESS if gone else DownloadReason.OTHER
    raise kind(f"the media host answered HTTP {status}", status, reason=reason)


def _is_expired(opened: Opened) -> bool:
    """Return whether an answer says that its address has expired, as S3 and others do."""
    body = bytearray()
    with contextlib.suppress(BodyCut):
        for chunk in opened.chunks():
            body += chunk
            if len(body) >= _BODY_MAX:
                break
    return re.search(rb"expire|signature", body[:_BODY_MAX], re.IGNORECASE) is not None


def _receive(opened: Opened, part: PartFile, start: int, max_bytes: int) -> None:
    """Append what is new, after what overlaps proved the same."""
    overlap = part.tail(start)
    size = start + len(overlap)
    with part.appending() as file:
        try:
            for chunk in opened.chunks():
                known, fresh = overlap[: len(chunk)], chunk[len(overlap) :]
                if not chunk.startswith(known):
                    break
                overlap = overlap[len(chunk) :]
                size += len(fresh)
                if size > max_bytes:
                    raise _Stopped("it is larger than allowed", opened.status, useless=True)
                file.write(fresh)
            else:
                if not overlap:
                    return
        except BodyCut as cut:
            raise _Interrupted(_TROUBLE.get(cut.trouble, _LOST), opened.status) from None
    part.clear()
    raise _Interrupted("the file at the media host has changed", opened.status)


def _not_fetched(event: _Stopped) -> DownloadFailed:
    failure = DownloadFailed(
        f"The track was made and paid, but its file could not be fetched: {event.why}.",
        http_status=event.http_status,
    )
    failure.reason = event.reason
    return failure


def _not_stored(error: OSError) -> DownloadFailed:
    why = (error.strerror or "the folder cannot be written").lower()
    return DownloadFailed(
        f"The track was made and paid, but its file could not be stored: {why}.",
        advice="Make room or choose another folder, then ask for the file again; "
        "that costs nothing.",
    )
