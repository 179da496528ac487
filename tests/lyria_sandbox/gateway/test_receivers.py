"""Which receivers of callbacks are accepted, by URL and by what their name leads to."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from support.receivers import receive

from lyria_sandbox.gateway.receivers import ReceiverRefusedError, Receivers

pytestmark = pytest.mark.slow

STRICT = Receivers(loopback=False)
LOCAL = Receivers(loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com/hook?token=a%20b",
        "https://example.com:8443/hook",
        "https://93.184.216.34/hook",
        "https://[2606:2800:220:1::1]/hook",
        "https://[2002:5db8:d822::]/hook",
    ],
)
@pytest.mark.parametrize("receivers", [STRICT, LOCAL], ids=["strict", "local"])
def test_public_https_is_accepted(url: str, receivers: Receivers) -> None:
    assert receivers.check_url(url).scheme == "https"


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
        "https://169.254.169.254/latest/meta-data",
        "https://168.63.129.16/hook",
        "https://[fd00::1]/hook",
        "https://[2002:7f00:1::]/hook",
        "https://[64:ff9b::a00:7]/hook",
        "https://0.0.0.0/hook",
    ],
)
def test_receiver_that_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(ReceiverRefusedError, match="X-Webhook-URL must"):
        STRICT.check_url(url)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000/a", "http://localhost:1/", "http://[::1]:8000/", "https://127.1.2.3"],
)
def test_loopback_may_be_accepted(url: str) -> None:
    LOCAL.check_url(url)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.7/", "https://10.0.0.7/", "http://example.com", "https://0.0.0.0/"]
)
def test_accepting_loopback_opens_nothing_else(url: str) -> None:
    with pytest.raises(ReceiverRefusedError):
        LOCAL.check_url(url)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.1.2.3"], ["::1"], ["64:ff9b::a9fe:a9fe"], ["93.184.216.34", "127.0.0.1"]],
    ids=",".join,
)
def test_public_name_of_a_private_address_gets_nothing(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        assert host == "hooks.example"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    with receive() as receiver:
        port = receiver.url.rpartition(":")[2]
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        with pytest.raises(ReceiverRefusedError):
            asyncio.run(STRICT.post(f"https://hooks.example:{port}/", b"{}"))
        assert receiver.seen == 0


def test_path_query_and_host_are_sent_as_written() -> None:
    with receive() as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        assert asyncio.run(LOCAL.post(f"{url}/a?b=c%20d", b"{}")) == 200
        call = receiver.next()
    assert call.path == "/a"
    assert call.headers["host"] == url.removeprefix("http://")
