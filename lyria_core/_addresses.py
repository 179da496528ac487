"""Which network addresses may be contacted for what."""

from __future__ import annotations

import ipaddress
from typing import Final

# Releases of Python differ in what `ipaddress` calls global, so what must be refused is listed.
# Source: IANA's special-purpose registries (RFC 6890 and its updates), unless said otherwise.
_NOT_PUBLIC_IPV4: Final = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform service, reachable from inside its machines only
        "169.254.0.0/16",  # link-local, where clouds keep their credentials
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # the retired relays of 6to4 (RFC 7526)
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Everything public is below 2000::/3 (RFC 4291). The rest needs no list of its own: loopback,
# IPv4-compatible ::/96, local NAT64 64:ff9b:1::/48, 5f00::/16, fc00::/7, fe80::/10, fec0::/10, ...
_PUBLIC_IPV6: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_IPV6: Final = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation (RFC 9637)
    )
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


def is_loopback_host(host: str) -> bool:
    """Return whether a host name or literal address can only mean this machine.

    Args:
        host: A host as ``urlsplit(url).hostname`` gives it (no brackets).
    """
    name = host.rstrip(".").lower()
    # RFC 6761, section 6.3: localhost and the names below it are loopback.
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return is_loopback(name)
    except ValueError:
        return False


def is_loopback(address: str) -> bool:
    """Return whether an IP address belongs to this machine's loopback network.

    Raises:
        ValueError: If it is no IP address.
    """
    plain = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(plain, ipaddress.IPv6Address) and plain.ipv4_mapped is not None:
        return plain.ipv4_mapped.is_loopback
    return plain.is_loopback


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the open internet.

    Private, loopback, link-local, shared, reserved and multicast addresses do not. An IPv6 address
    that leads to an IPv4 address (mapped, NAT64, 6to4) is as public as that one.

    Raises:
        ValueError: If it is no IP address.
    """
    plain = ipaddress.ip_address(address)
    if isinstance(plain, ipaddress.IPv6Address):
        if plain.scope_id is not None:  # only addresses of the local link have a zone
            return False
        embedded = _embedded_ipv4(plain)
        if embedded is None:
            return (
                plain in _PUBLIC_IPV6
                and plain.is_global
                and not any(plain in network for network in _NOT_PUBLIC_IPV6)
            )
        plain = embedded
    return plain.is_global and not any(plain in network for network in _NOT_PUBLIC_IPV4)


def is_public_or_loopback(address: str) -> bool:
    """Return whether an IP address belongs to the open internet or to this machine.

    Raises:
        ValueError: If it is no IP address.
    """
    return is_public(address) or is_loopback(address)


def _embedded_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that packets to an IPv6 address are delivered to, if any."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
