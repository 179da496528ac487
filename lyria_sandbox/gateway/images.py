"""Looking at the images of a job: each is fetched, looked at and thrown away."""

from __future__ import annotations

import asyncio
import http.client
import io
import socket
import ssl
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from lyria_sandbox.gateway.addresses import NotAllowedError, Rules
from lyria_sandbox.gateway.outbound import connected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lyria_sandbox.gateway.addresses import Receiver
    from lyria_sandbox.gateway.settings import SandboxSettings

Look = tuple[float, float, float]

_JOBS_AT_ONCE: Final = 4
"""Jobs whose images are fetched at once: what they hold in memory is bounded."""

_MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEAD_BYTES: Final = 128 * 1024
_PIECE_BYTES: Final = 64 * 1024
_URI_MARKS: Final = "%/:?#[]@!$&'()*+,;=~"


class ImageError(Exception):
    """Some image cannot be used; the message says which and why, and quotes no path or query."""


class _UnusableError(Exception):
    """One image cannot be used; the message is the end of a sentence about it."""


class Images:
    """Fetches images and tells how they look."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._rules = Rules(
            loopback=settings.allow_loopback_images,
            private=False,
            plain=True,
            subject="its address",
        )
        self._max_bytes = settings.max_image_bytes
        self._timeout_s = settings.image_timeout_s
        self._jobs = asyncio.Semaphore(_JOBS_AT_ONCE)
        self._decoding = asyncio.Lock()

    async def looks(self, urls: Sequence[str]) -> list[Look]:
        """Fetch images, all at once, and return the brightness, saturation and warmth of each.

        Raises:
            ImageError: At least one cannot be fetched or is no image.
        """
        if not urls:
            return []
        async with self._jobs:
            found = await asyncio.gather(*(self._look(url) for url in urls))
        wrong = [
            f"Image {number} ({_host(url)}) cannot be used: {look}."
            for number, (url, look) in enumerate(zip(urls, found, strict=True), 1)
            if isinstance(look, str)
        ]
        if wrong:
            raise ImageError(" ".join(wrong))
        return [look for look in found if not isinstance(look, str)]

    async def _look(self, url: str) -> Look | str:
        """Return how an image looks, or why that cannot be told."""
        try:
            async with asyncio.timeout(self._timeout_s):
                data = await self._fetch(url)
            # One at a time: a picture may be far larger decoded than it is on the wire.
            async with self._decoding:
                return await asyncio.to_thread(_look_at, data)
        except (_UnusableError, NotAllowedError) as error:
            return str(error)
        except TimeoutError:
            return f"it did not arrive within {self._timeout_s:g} s"
        except (socket.gaierror, UnicodeError):  # UnicodeError: no name can be spelt so
            return "its host was not found"
        except ssl.SSLError:
            return "its host has no certificate that can be trusted"
        except OSError:
            return "its host does not answer"
        except (http.client.HTTPException, ValueError):
            return "its host does not answer as a web server should, or broke off"

    async def _fetch(self, url: str) -> bytes:
        """Return the body behind a URL; every host on the way to it is checked."""
        url = _ascii(url)
        for _ in range(_MOST_REDIRECTS + 1):
            receiver = self._rules.check_url(url)
            async with connected(receiver, self._rules) as (reader, writer):
                writer.write(_request(receiver))
                await writer.drain()
                answer = await self._read(reader)
            # In a thread: a body in millions of chunks takes seconds to put together.
            status, location, body = await asyncio.to_thread(_parse, answer)
            if status in _REDIRECTS and location:
                url = _ascii(urljoin(url, location))
                continue
            if status != 200:
                raise _UnusableError(f"its host answers HTTP {status}")
            if len(body) > self._max_bytes:
                raise self._too_large()
            return body
        raise _UnusableError(f"its address leads on more than {_MOST_REDIRECTS} times")

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """Read an answer to its end, which the closing of the connection marks."""
        answer = bytearray()
        while piece := await reader.read(_PIECE_BYTES):
            answer += piece
            if len(answer) > self._max_bytes + _HEAD_BYTES:
                raise self._too_large()
        return bytes(answer)

    def _too_large(self) -> _UnusableError:
        return _UnusableError(f"it is larger than {self._max_bytes / 1024**2:g} MB")


class _Read:
    """An answer that has arrived, in the one respect in which ``http.client`` reads a socket."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._answer)


def _parse(answer: bytes) -> tuple[int, str | None, bytes]:
    """Return the status, the address that it leads on to, and the body of an HTTP answer.

    Raises:
        http.client.HTTPException: It is not HTTP, or it is cut off.
        ValueError: A number in it is none.
    """
    with http.client.HTTPResponse(cast("socket.socket", _Read(answer))) as response:
        response.begin()
        return response.status, response.getheader("location"), response.read()


def _look_at(data: bytes) -> Look:
    # Here, because only jobs with images need the composer's libraries in this process.
    from lyria_sandbox.composer import look_at

    try:
        return look_at(data)
    except Exception:  # noqa: BLE001 - decoders trip over broken files in many ways
        raise _UnusableError("it is not an image that can be read") from None


def _request(receiver: Receiver) -> bytes:
    return (
        f"GET {receiver.target} HTTP/1.1\r\n"
        f"Host: {receiver.host_header}\r\n"
        "Accept: image/*\r\n"
        "Accept-Encoding: identity\r\n"
        "User-Agent: lyria-sandbox\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


def _ascii(url: str) -> str:
    """Return a URL with its letters beyond ASCII as they go over the wire.

    Raises:
        _UnusableError: It is no URL.
    """
    try:
        parts = urlsplit(url)
        netloc = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:
        raise _UnusableError("its address is not one of the web") from None
    return urlunsplit(
        (
            parts.scheme,
            netloc,
            quote(parts.path, safe=_URI_MARKS),
            quote(parts.query, safe=_URI_MARKS),
            "",
        )
    )


def _host(url: str) -> str:
    """Return what a message may tell of a URL: passwords, paths and queries may be secrets."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"
