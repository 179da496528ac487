"""Images of a job: each is fetched, described in three numbers and thrown away."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from lyria_core import (
    Fetched,
    FetchFailed,
    FetchReason,
    fetch_public,
    is_public,
    is_public_or_loopback,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lyria_sandbox.gateway.sandbox_settings import SandboxSettings

Look = tuple[float, float, float]
"""Brightness, saturation and warmth of an image."""

_JOBS_AT_ONCE: Final = 4
"""Jobs whose images are fetched at once: what they hold in memory is bounded."""

_THREADS: Final = 40
"""Enough for all images of so many jobs."""

_MOST_REDIRECTS: Final = 3

_SENTENCES: Final = {
    FetchReason.NOT_AN_ADDRESS: "its address is not a web address",
    FetchReason.NOT_HTTPS: "its address is not a web address",
    FetchReason.CREDENTIALS: "its address holds a user name or password",
    FetchReason.PRIVATE: "its address is not public",
    FetchReason.NAME: "its host was not found",
    FetchReason.UNREACHABLE: "its host does not answer",
    FetchReason.TLS: "its host has no certificate that can be trusted",
    FetchReason.LOST: "its host does not answer as a web server should, or broke off",
    FetchReason.REDIRECTS: f"its address redirects more than {_MOST_REDIRECTS} times",
}


class ImageError(Exception):
    """An image cannot be used; the message says which and why, and quotes no path or query."""


class Images:
    """Fetches images and describes them."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._max_bytes = settings.max_image_bytes
        self._timeout_s = settings.image_timeout_s
        self._fetch: Callable[[str], Fetched] = partial(
            fetch_public,
            max_bytes=settings.max_image_bytes,
            timeout=settings.image_timeout_s,
            max_redirects=_MOST_REDIRECTS,
            allow_http=True,
            accept="image/*",
            user_agent="lyria-sandbox",
            allowed=is_public_or_loopback if settings.allow_loopback_images else is_public,
            ca_bundle=settings.ca_bundle,
        )
        self._threads = ThreadPoolExecutor(_THREADS, "image")
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

    def close(self) -> None:
        """Start no more fetches; those under way end within the timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _look(self, url: str) -> Look | str:
        """Return how an image looks, or the end of a sentence that says why it cannot be used."""
        loop = asyncio.get_running_loop()
        try:
            fetched = await loop.run_in_executor(self._threads, self._fetch, url)
        except FetchFailed as error:
            return self._why(error)
        # One at a time: an image may be far larger decoded than it is on the wire.
        async with self._decoding:
            return await asyncio.to_thread(_look_at, fetched.body)

    def _why(self, error: FetchFailed) -> str:
        if error.reason is FetchReason.TIMEOUT:
            return f"it did not arrive within {self._timeout_s:g} s"
        if error.reason is FetchReason.TOO_LARGE:
            return f"it is larger than {self._max_bytes / 1024**2:g} MB"
        if error.reason is FetchReason.STATUS:
            return f"its host answers HTTP {error.http_status}"
        return _SENTENCES[error.reason]


def _look_at(data: bytes) -> Look | str:
    # Here, because only jobs with images need the composer's libraries in this process.
    from lyria_sandbox.composer import measure_image

    try:
        return measure_image(data)
    except Exception:  # noqa: BLE001 - decoders trip over broken files in many ways
        return "it is not an image that can be read"


def _host(url: str) -> str:
    """Return what a message may show of a URL: passwords, paths and queries may be secrets."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"
