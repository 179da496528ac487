"""Where the gateway may call back."""

from __future__ import annotations

import pytest

from lyria_core import InvalidRequest, Webhook


@pytest.mark.parametrize(
    "url",
    ["https://studio.example/hook?token=1", "http://127.0.0.1:8501/hook", "http://localhost/hook"],
)
def test_webhook_becomes_headers_and_hides_its_url(url: str) -> None:
    webhook = Webhook(url, "sync")
    assert webhook.headers() == {"X-Webhook-URL": url, "X-Webhook-Mode": "sync"}
    assert "hook" not in repr(webhook).lower().replace("webhook", "")


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("http://studio.example/hook", "terminal"),
        ("https://", "terminal"),
        ("https://studio.example/\r\nX-Injected: yes", "terminal"),
        ("https://studio.example/ä", "terminal"),
        ("https://[::1", "terminal"),
        ("ftp://127.0.0.1/", "terminal"),
        ("", "terminal"),
        (None, "terminal"),
        ("https://studio.example/hook", "always"),
    ],
)
def test_impossible_webhook_is_refused(url: str, mode: str) -> None:
    with pytest.raises(InvalidRequest):
        Webhook(url, mode)
