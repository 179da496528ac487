"""What is wrong with an address is said before anybody is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.images.addresses import refusal


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/sunset.jpg",
        "HTTPS://EXAMPLE.COM/sunset.jpg",
        "https://example.com:8443/a?b=c&d=%20#e",
        "https://bücher.example/bild-ä.png",
        "https://93.184.216.34/x",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/x",
        "https://example.com/" + "a" * 7000,
    ],
)
def test_web_addresses_are_checked_on_the_network(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "not a web address"),
        ("  ", "not a web address"),
        ("sunset.jpg", "not a web address"),
        ("example.com/sunset.jpg", "not a web address"),
        ("https://", "not a web address"),
        ("https:///x", "not a web address"),
        ("https://[::1", "not a web address"),
        ("https://example.com:port/", "not a web address"),
        ("ftp://example.com/x", "not a web address"),
        ("file:///etc/passwd", "not a web address"),
        ("javascript:alert(1)", "not a web address"),
        ("http://example.com/sunset.jpg", "https"),
        ("DATA:image/png;base64,iVBORw0", "upload it"),
        ("https://me:secret@example.com/x", "password"),
        ("https://me@example.com/x", "password"),
        ("https://example.com/a b", "blank"),
        ("https://example.com/a\nb", "blank"),
        ("https://example.com/\u200bx", "invisible"),
        ("https://example.com/\ud800", "invisible"),
        ("https://example.com/" + "a" * 9000, "too long"),
    ],
)
def test_addresses_that_are_not(address: str, says: str) -> None:
    message = refusal(address) or ""
    assert says in message
    assert message.endswith(".")
    assert "secret" not in message


@given(st.text() | st.text().map("https://".__add__))
def test_any_text_can_be_asked_about(address: str) -> None:
    assert (refusal(address) or ".").endswith(".")
