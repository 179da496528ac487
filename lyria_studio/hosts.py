"""The hosts that a request names, read strictly: what is unclear names no host."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers

__all__ = [
    "FORWARDING",
    "Authority",
    "Origin",
    "forwarded_hosts",
    "is_loopback_address",
    "named_hosts",
    "names_host_of",
    "parse_authority",
    "parse_origin",
]

# Headers of proxies. The owner's own browser sends none of them.
FORWARDING = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "tailscale-funnel-request",
)
_PORTS = {"http": 80, "https": 443}
# RFC 3986, without what no browser sends: user names, percent signs, zones of IPv6 addresses.
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(?::([0-9]{1,5}))?")
_FORWARDED_HOST = re.compile(r'(?:^|[;,])\s*host\s*=\s*"?([^";,\s]+)', re.IGNORECASE)

Origin = tuple[str, str, int]
"""Scheme, name and port, the port of the scheme included."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A host and, where it is named, a port.

    Attributes:
        name: in small letters and without a dot at its end; an IPv6 address without brackets.
        port: None where none was given.
    """

    name: str
    port: int | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether it names this machine, in a form that no name server has a say in."""
        return self.name == "localhost" or is_loopback_address(self.name)

    def origin(self, scheme: str) -> Origin:
        """Return the origin of a page that comes from here."""
        return scheme, self.name, self.port or _PORTS.get(scheme, 0)

    def covers(self, other: Authority) -> bool:
        """Return whether this entry covers a host; without a port it covers every port."""
        return self.name == other.name and self.port in (None, other.port)


def parse_authority(text: str) -> Authority | None:
    """Return what a Host header names; None for anything that is not exactly a host.

    Numbers stand for an IPv4 address only in the usual form: "2130706433" and "127.1", which some
    resolvers take for 127.0.0.1, are names here.
    """
    found = _AUTHORITY.fullmatch(text.lower())
    if found is None:
        return None
    name, port = found[1], int(found[2]) if found[2] else None
    if port is not None and not 0 < port < 65536:
        return None
    if not name.startswith("["):
        return Authority(name.removesuffix("."), port)
    try:
        return Authority(ipaddress.IPv6Address(name[1:-1]).compressed, port)
    except ValueError:
        return None


def parse_origin(text: str) -> Origin | None:
    """Return what an Origin header names; None for "null" and anything that is not an origin."""
    scheme, separator, rest = text.strip().lower().partition("://")
    authority = parse_authority(rest) if separator and scheme in _PORTS else None
    return None if authority is None else authority.origin(scheme)


def forwarded_hosts(headers: Headers) -> list[str]:
    """Return the hosts that proxies say a request was sent to, as they stand in the headers."""
    named: list[str] = []
    for value in headers.getlist("x-forwarded-host"):
        named += value.split(",")
    for value in headers.getlist("forwarded"):
        named += _FORWARDED_HOST.findall(value)
    return [host for one in named if (host := one.strip())]


def named_hosts(headers: Headers) -> list[str]:
    """Return all hosts that a request names as the one it was sent to, nearest first."""
    return [one.strip() for one in headers.getlist("host") if one.strip()] + forwarded_hosts(
        headers
    )


def names_host_of(headers: Headers, url: str) -> bool:
    """Return whether a request came by a public address, directly or through a proxy."""
    if any(name in headers for name in FORWARDING):
        return True
    public = parse_authority(urlsplit(url).netloc)
    named = [parse_authority(one) for one in named_hosts(headers)]
    return public is not None and any(one and one.name == public.name for one in named)


def is_loopback_address(text: str) -> bool:
    """Return whether a text is a loopback address, also IPv4 written as IPv6."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
