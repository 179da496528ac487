"""The cookie that names a browser session."""

import asyncio
import re
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Message, Receive, Scope, Send

from lyria_studio.web.session_cookie import SESSION_COOKIE, SessionCookie

NAME = "0123456789abcdef" * 2
SCREEN = "/_stcore/stream"


def connect(
    path: str = SCREEN, *, cookie: str | None = None, kind: str = "websocket", scheme: str = "ws"
) -> tuple[dict[str, str], list[str]]:
    """Open a connection; return the cookies that the app sees and those that are set."""
    seen: dict[str, str] = {}
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        lines = Headers(scope=scope).getlist("cookie")
        assert len(lines) <= 1, "an app reads the first header only"
        seen.update(cookie_parser(lines[0]) if lines else {})
        await send({"type": f"{kind}.accept"} if kind == "websocket" else {"type": "http.x"})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is received")

    headers = [] if cookie is None else [(b"cookie", cookie.encode())]
    scope: dict[str, Any] = {"type": kind, "path": path, "scheme": scheme, "headers": headers}
    asyncio.run(SessionCookie(app)(scope, receive, send))
    set_ = [value.decode() for name, value in sent[0].get("headers", []) if name == b"set-cookie"]
    return seen, set_


@pytest.mark.parametrize(
    "cookie",
    [None, "", "_streamlit_xsrf=1", f"{SESSION_COOKIE}=x", f"{SESSION_COOKIE}={NAME}0", "\xff=;;"],
)
def test_first_screen_of_a_browser_is_named(cookie: str | None) -> None:
    seen, [line] = connect(cookie=cookie)
    name = seen[SESSION_COOKIE]
    assert re.fullmatch("[0-9a-f]{32}", name)
    assert line == f"{SESSION_COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax"


def test_other_cookies_stay() -> None:
    seen, _ = connect(cookie="_streamlit_xsrf=2|abc; other=1")
    assert seen["_streamlit_xsrf"] == "2|abc"
    assert seen["other"] == "1"


def test_named_browser_keeps_its_name() -> None:
    assert connect(cookie=f"a=b; {SESSION_COOKIE}={NAME}") == ({"a": "b", SESSION_COOKIE: NAME}, [])


def test_two_browsers_have_two_names() -> None:
    assert connect()[0] != connect()[0]


def test_cookie_of_an_encrypted_connection_is_never_sent_in_the_clear() -> None:
    assert connect(scheme="wss")[1][0].endswith("; Secure")


@pytest.mark.parametrize(
    ("path", "kind"), [("/listen/x", "http"), (SCREEN, "http"), ("/listen/x", "websocket")]
)
def test_listeners_and_files_get_no_cookie(path: str, kind: str) -> None:
    assert connect(path, kind=kind) == ({}, [])
