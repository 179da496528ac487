"""Which addresses belong to the open internet, which to this machine, and which to neither."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import is_loopback, is_public
from lyria_core._addresses import is_loopback_host

PUBLIC = [
    "93.184.216.34",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.1",
    "168.63.129.15",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "192.88.98.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2606:2800:220:1:248:1893:25c8:1946",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2a00:1450:4001::1",
    "::ffff:93.184.216.34",
    "64:ff9b::5db8:d822",  # 93.184.216.34 through NAT64
    "2002:5db8:d822::1",  # 93.184.216.34 through 6to4
]

NOT_PUBLIC_IPV4 = [
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",  # credentials at Alibaba Cloud
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.0.10",
    "192.0.0.170",
    "192.0.0.192",  # credentials at Oracle Cloud
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "233.252.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
]

NOT_PUBLIC_IPV6 = [
    "::",
    "::1",
    "::2",
    "::127.0.0.1",
    "::93.184.216.34",  # IPv4-compatible
    "::ffff:0:93.184.216.34",  # IPv4-translated
    "64:ff9b:0:0:1::1",  # outside the /96
    "64:ff9b:1::1",
    "64:ff9b:1::5db8:d822",
    "100::1",  # discard-only
    "100:0:0:1::1",
    "2001::1",  # Teredo
    "2001:0:4136:e378:8000:63bf:a247:28dd",  # Teredo of a public IPv4 address
    "2001:2::1",  # benchmarks
    "2001:10::1",  # ORCHID
    "2001:20::1",  # ORCHIDv2
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "3fff::1",
    "3fff:fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",  # credentials at Amazon
    "fe80::1",
    "fe80::1%eth0",
    "2606:2800:220:1::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC_IPV4 + NOT_PUBLIC_IPV6)
def test_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC_IPV4)
def test_private_ipv4_address_stays_private_inside_ipv6(address: str) -> None:
    inner = int(ipaddress.IPv4Address(address))
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | inner)
    nat64 = ipaddress.IPv6Address((0x0064FF9B << 96) | inner)
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) | (inner << 80) | 1)
    compatible = ipaddress.IPv6Address(inner)
    for wrapped in (mapped, nat64, six_to_four, compatible):
        assert not is_public(str(wrapped)), wrapped


@given(st.ip_addresses())
def test_address_that_python_calls_private_is_not_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    embedded = None
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour
    if is_public(str(address)):
        assert (embedded or address).is_global
        assert not (embedded or address).is_multicast


@pytest.mark.parametrize("text", ["", "example.com", "127.1", "2130706433", "0x7f.0.0.1", "[::1]"])
def test_text_that_is_no_address_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        is_public(text)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::1%lo", True),
        ("::ffff:127.0.0.1", True),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("10.0.0.1", False),
        ("::", False),
        ("93.184.216.34", False),
    ],
)
def test_loopback_addresses(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "::1"])
def test_host_of_this_machine(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize(
    "host", ["", "localhost.example", "mylocalhost", "127.0.0.1.example", "10.0.0.1", "2130706433"]
)
def test_host_elsewhere(host: str) -> None:
    assert not is_loopback_host(host)
