"""Which hosts may be called, by URL and by the address that a name resolves to."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_LONGEST_URL: Final = 2048

_URI: Final = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
"""The characters of a URI (RFC 3986)."""


class NotAllowedError(Exception):
    """The host is not allowed; the message says why."""


@dataclass(frozen=True)
class Receiver:
    """A URL, taken apart.

    Attributes:
        tls: Whether it is https.
        host: Host name or address, without brackets.
        port: Port number.
        target: Path and query.
    """

    tls: bool
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        """Value of the ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


@dataclass(frozen=True)
class Rules:
    """What is allowed beside https to public addresses.

    Attributes:
        loopback: Receivers on this machine, over plain http too.
        private: Receivers in private networks.
        plain: Plain http to whatever is allowed over https.
        subject: What the messages call the URL.
    """

    loopback: bool
    private: bool
    plain: bool = False
    subject: str = "X-Webhook-URL"

    def check_url(self, url: str) -> Receiver:
        """Check all that can be told without looking the name up.

        Raises:
            NotAllowedError: The URL is malformed, not https, or names a refused address.
        """
        receiver = self._parse(url)
        try:
            address: IPAddress | None = ipaddress.ip_address(receiver.host)
        except ValueError:
            address = None
        local_name = receiver.host == "localhost" or receiver.host.endswith(".localhost")
        loopback = local_name or (address is not None and _plain(address).is_loopback)
        if not receiver.tls and not self.plain and not (loopback and self.loopback):
            raise NotAllowedError(f"{self.subject} must be an https URL")
        if local_name and not self.loopback:
            raise NotAllowedError(f"{self.subject} must not lead to this machine")
        if address is not None:
            self.check_address(address, receiver)
        return receiver

    def check_address(self, address: IPAddress, receiver: Receiver) -> None:
        """Check an address just before connecting to it.

        Raises:
            NotAllowedError: The address is private, on this machine, or no single public host.
        """
        given, address = address, _plain(address)
        if address.is_loopback:
            allowed = self.loopback
        else:
            public = address.is_global and not address.is_multicast and not _relayed(given)
            allowed = public or (self.private and address.is_private)
            allowed = allowed and (receiver.tls or self.plain)
        if not allowed:
            over = "" if self.plain else " over https"
            raise NotAllowedError(f"{self.subject} must lead to a public address{over}")

    def _parse(self, url: str) -> Receiver:
        schemes = "http or https" if self.plain else "https"
        malformed = NotAllowedError(f"{self.subject} must be an absolute {schemes} URL")
        if len(url) > _LONGEST_URL or not _URI.fullmatch(url):
            raise malformed
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise malformed from None
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise malformed
        tls = parts.scheme == "https"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Receiver(tls, parts.hostname, port or (443 if tls else 80), target)


def _relayed(address: IPAddress) -> bool:
    """Whether it is a 6to4 address: its relays are retired (RFC 7526), so nobody public is there.

    Releases of Python differ in whether they call such an address global.
    """
    return isinstance(address, ipaddress.IPv6Address) and address.sixtofour is not None


def _plain(address: IPAddress) -> IPAddress:
    """Return the IPv4 address that an IPv6 form of it stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address
