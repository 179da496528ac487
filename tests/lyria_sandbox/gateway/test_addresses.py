from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_sandbox.gateway.addresses import NotAllowedError, Receiver, Rules

STRICT = Rules(loopback=False, private=False)
LOCAL = Rules(loopback=True, private=False)
OPEN = Rules(loopback=True, private=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com/hook?token=a%20b",
        "https://example.com:8443/hook",
        "https://93.184.216.34/hook",
        "https://[2606:2800:220:1::1]/hook",
    ],
)
def test_public_https_is_allowed(url: str) -> None:
    assert STRICT.check_url(url).tls


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/hook",
        "example.com/hook",
        "//example.com/hook",
        "https://",
        "https:///hook",
        "https://user:secret@example.com/hook",
        "https://example.com:99999/hook",
        "https://example.com/a b",
        "https://example.com/a|b",
        "https://example.com/%zz",
        "https://example.com/\r\nX-Injected: 1",
        "https://exämple.com/hook",
        "https://[::1/hook",
        "https://example.com/" + "a" * 2048,
        "https://127.0.0.1/hook",
        "http://127.0.0.1/hook",
        "https://localhost/hook",
        "https://hooks.localhost/hook",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://10.0.0.7/hook",
        "https://192.168.1.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00::1]/hook",
        "https://[2002:7f00:1::]/hook",
        "https://[2002:5db8:d822::]/hook",
        "https://0.0.0.0/hook",
        "https://224.0.0.1/hook",
        "https://100.64.0.1/hook",
    ],
)
def test_the_strict_rules_refuse(url: str) -> None:
    with pytest.raises(NotAllowedError, match="X-Webhook-URL must"):
        STRICT.check_url(url)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000/a", "http://localhost:1/", "http://[::1]:8000/", "https://127.1.2.3"],
)
def test_loopback_may_be_allowed(url: str) -> None:
    LOCAL.check_url(url)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.7/", "https://10.0.0.7/", "http://example.com", "https://0.0.0.0/"]
)
def test_loopback_alone_opens_nothing_else(url: str) -> None:
    with pytest.raises(NotAllowedError):
        LOCAL.check_url(url)


def test_private_networks_may_be_allowed_over_https() -> None:
    OPEN.check_url("https://10.0.0.7/hook")
    with pytest.raises(NotAllowedError):
        OPEN.check_url("http://10.0.0.7/hook")


@given(st.ip_addresses())
def test_the_strict_rules_let_only_global_addresses_pass(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    receiver = Receiver(tls=True, host="example.com", port=443, target="/")
    try:
        STRICT.check_address(address, receiver)
    except NotAllowedError:
        return
    # Releases of Python differ in what they say of an IPv4 address that is written as IPv6.
    plain = getattr(address, "ipv4_mapped", None) or address
    assert plain.is_global
    assert not plain.is_loopback
    assert not plain.is_multicast


def test_plain_http_is_for_public_addresses_only() -> None:
    rules = Rules(loopback=False, private=False, plain=True, subject="its address")
    assert rules.check_url("http://8.8.8.8/a.png").port == 80
    assert not rules.check_url("http://example.com/").tls
    for url in ("http://10.0.0.1/", "http://127.0.0.1/", "http://localhost/", "http://[::1]/"):
        with pytest.raises(NotAllowedError, match="its address must"):
            rules.check_url(url)
    with pytest.raises(NotAllowedError, match="an absolute http or https URL"):
        rules.check_url("ftp://example.com/")


def test_a_url_is_taken_apart() -> None:
    receiver = OPEN.check_url("https://[::1]:8443?a=b")

    assert receiver == Receiver(tls=True, host="::1", port=8443, target="/?a=b")
    assert receiver.host_header == "[::1]:8443"
    assert OPEN.check_url("https://example.com:443/").host_header == "example.com"
