"""A network that can delay the answers of the app."""

from __future__ import annotations

import time

from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class SlowWire:
    """Between a page and the app; install it before the page opens a screen."""

    def __init__(self, page: Page) -> None:
        self._held: list[str | bytes] | None = None
        self._page = page
        self._page_side: WebSocketRoute | None = None
        page.route_web_socket("**/_stcore/stream", self._connect)

    def hold(self) -> None:
        """Keep what the app says from now on; what the page says goes through."""
        self._held = []

    def wait_for_an_answer(self, timeout_s: float = 20) -> None:
        """Wait until the app has drawn the screen anew, which the page does not know yet."""
        deadline = time.monotonic() + timeout_s
        while not any(map(_ends_a_run, self._held or [])):
            assert time.monotonic() < deadline, "the app has not answered"
            self._page.wait_for_timeout(20)  # lets the messages come in

    def release(self) -> None:
        """Deliver everything that was held, in order."""
        held, self._held = self._held or [], None
        assert self._page_side is not None, "the page has not connected"
        for message in held:
            self._page_side.send(message)

    def _connect(self, page_side: WebSocketRoute) -> None:
        self._page_side = page_side
        server = page_side.connect_to_server()
        server.on_message(self._forward)

    def _forward(self, message: str | bytes) -> None:
        assert self._page_side is not None
        if self._held is None:
            self._page_side.send(message)
        else:
            self._held.append(message)


def _ends_a_run(message: str | bytes) -> bool:
    return isinstance(message, bytes) and bool(
        ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"
    )
