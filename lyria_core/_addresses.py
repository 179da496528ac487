"""Which network addresses may be contacted for what."""

from __future__ import annotations

import ipaddress

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPv4_COMPATIBLE = ipaddress.IPv6Network("::/96")


def is_loopback_host(host: str) -> bool:
    """Tell whether a host name or literal address can only mean this machine.

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
    """Tell whether an IP address is of this machine's loopback network.

    Raises:
        ValueError: If it is no IP address.
    """
    return _unwrapped(address).is_loopback


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet.

    Private, loopback, link-local (where clouds keep their credentials), shared, reserved and
    multicast addresses are not, also when they hide inside an IPv6 address.

    Raises:
        ValueError: If it is no IP address.
    """
    plain = _unwrapped(address)
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def _unwrapped(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    plain = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(plain, ipaddress.IPv4Address):
        return plain
    inner = plain.ipv4_mapped or plain.sixtofour
    if inner is None and plain.teredo is not None:
        inner = plain.teredo[1]
    if inner is None and plain in _NAT64:
        inner = ipaddress.IPv4Address(int(plain) & 0xFFFFFFFF)
    if inner is None and plain in _IPv4_COMPATIBLE and int(plain) > 1:
        inner = ipaddress.IPv4Address(int(plain))
    return plain if inner is None else inner
