"""Receivers of callbacks: which URLs are accepted, and a POST to the very address checked."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from lyria_core import is_loopback, is_public

_LONGEST_URL: Final = 2048

_URI: Final = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
"""The characters of a URI (RFC 3986)."""


class ReceiverRefusedError(Exception):
    """The sandbox does not call this receiver; the message says why."""


@dataclass(frozen=True)
class Receivers:
    """Checks and calls receivers: https at public addresses, and perhaps this machine.

    Attributes:
        loopback: Whether receivers on this machine are accepted, over plain http too.
        ca_bundle: File of certificate authorities to trust instead of the usual ones.
    """

    loopback: bool
    ca_bundle: str | None = None

    def check_url(self, url: str) -> SplitResult:
        """Check all that is possible without looking the name up; return the URL's parts.

        Raises:
            ReceiverRefusedError: The URL is malformed, not https, or names a refused address.
        """
        parts = _parse(url)
        host = parts.hostname or ""
        local_name = host == "localhost" or host.endswith(".localhost")
        try:
            local = local_name or is_loopback(host)
            literal = not local_name
        except ValueError:
            local = literal = False
        if parts.scheme == "http" and not (local and self.loopback):
            raise ReceiverRefusedError("X-Webhook-URL must be an https URL")
        if local and not self.loopback:
            raise ReceiverRefusedError("X-Webhook-URL must not lead to this machine")
        if literal:
            self.check_address(host, parts)
        return parts

    def check_address(self, address: str, parts: SplitResult) -> None:
        """Check an address just before connecting to it.

        Args:
            address: An IP address of the receiver.
            parts: The receiver's URL.

        Raises:
            ReceiverRefusedError: The address is private, or on this machine where that is refused.
        """
        allowed = is_public(address) and parts.scheme == "https"
        if not allowed and not (self.loopback and is_loopback(address)):
            raise ReceiverRefusedError("X-Webhook-URL must lead to a public address over https")

    async def post(self, url: str, body: bytes) -> int:
        """Send one JSON body and return the HTTP status of its receiver.

        Written on a bare connection for three reasons: it goes to the very address that was
        checked, it follows no redirect and no proxy setting, and it is cancelled at once when the
        sandbox stops.

        Args:
            url: The receiver.
            body: The JSON body.

        Raises:
            ReceiverRefusedError: The receiver's address is refused.
            OSError: No connection, or it broke.
            ValueError: The answer is not HTTP.
        """
        parts = self.check_url(url)
        reader, writer = await self._connect(parts)
        try:
            head = (
                f"POST {parts.path or '/'}{'?' if parts.query else ''}{parts.query} HTTP/1.1\r\n"
                f"Host: {parts.netloc}\r\n"
                "Content-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n"
                "User-Agent: lyria-sandbox\r\n"
                "Connection: close\r\n\r\n"
            )
            writer.write(head.encode("ascii") + body)
            await writer.drain()
            version, _, rest = (await reader.readuntil(b"\n")).partition(b" ")
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        if not version.startswith(b"HTTP/1."):
            raise ValueError("not HTTP")
        return int(rest[:3])

    async def _connect(
        self, parts: SplitResult
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Look a host up, check every address its name leads to, and connect to the first."""
        host, tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            self.check_address(address, parts)
        context = None
        if tls:
            context = await asyncio.to_thread(ssl.create_default_context, cafile=self.ca_bundle)
        return await asyncio.open_connection(
            addresses[0], port, ssl=context, server_hostname=host if tls else None
        )


def _parse(url: str) -> SplitResult:
    malformed = ReceiverRefusedError("X-Webhook-URL must be an absolute https URL")
    if len(url) > _LONGEST_URL or not _URI.fullmatch(url):
        raise malformed
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        raise malformed from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise malformed
    return parts
