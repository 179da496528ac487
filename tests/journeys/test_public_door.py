"""The whole app with a public address: listeners come in, and nobody gets any further."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from support.app_process import RunningApp, running_app
from support.listening_tests import opened
from support.listening_visitors import Visitor

from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.services import Services
from lyria_studio.settings import Settings

pytestmark = pytest.mark.timeout(120)

PUBLIC = "https://music.example.com"
FROM_OUTSIDE = {"Host": "music.example.com", "X-Forwarded-For": "203.0.113.9"}


@dataclass
class House:
    """A running app with one listening test."""

    app: RunningApp
    test: ListeningTest
    link: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The app, behind a public address."""
    home = tmp_path_factory.mktemp("home")
    services = Services(Settings(home=home, public_url=PUBLIC))
    test = opened(services, seconds=3.1)
    link = services.listen_url(test)
    services.stop()
    with running_app(home, {"LYRIA_PUBLIC_URL": PUBLIC}) as app:
        yield House(app, test, link)


def test_a_listener_comes_in_by_the_public_address(house: House) -> None:
    assert house.link.startswith(f"{PUBLIC}/listen/")
    visitor = Visitor(PUBLIC, house.link.replace(PUBLIC, house.app.url))
    page = visitor.get(**FROM_OUTSIDE)
    assert page.status_code == 200
    assert "page/listen.js" in page.text
    started = visitor.post("start", {"name": "Grace"}, **FROM_OUTSIDE)
    assert started.status_code == 200
    assert "Secure" in started.headers["set-cookie"]
    visitor.session.cookies.clear()  # this client gives no secure cookie to http
    cookie = started.headers["set-cookie"].partition(";")[0]
    state = visitor.get("state", Cookie=cookie, **FROM_OUTSIDE).json()
    names = state["trial"]["sounds"]
    sounds = [visitor.get(f"sound/{name}", Cookie=cookie, **FROM_OUTSIDE) for name in names]
    # Neither gzip nor anything else that the app is wrapped in may tell them apart.
    seen = [{**sound.headers, "date": ""} for sound in sounds]
    assert seen[0] == seen[1]
    assert {sound.headers["content-length"] for sound in sounds} == {str(len(sounds[0].content))}
    assert "content-encoding" not in seen[0]


def test_every_part_of_the_page_is_open(house: House) -> None:
    """The page's files and the modules that they import, down to the last one."""
    waiting = [f"{house.app.url}/listen/page/{name}" for name in ("listen.css", "listen.js")]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = requests.get(address, headers=FROM_OUTSIDE, timeout=10)
        assert answer.status_code == 200, address
        named = re.findall(r'\bfrom "(\.[^"]+)"', answer.text)
        waiting += [urljoin(address, one) for one in named]
    assert f"{house.app.url}/assets/instep.js" in seen
    assert len(seen) >= 8, seen


@pytest.mark.parametrize(
    "path",
    ["/", "/history", "/compare", "/_stcore/health", "/_stcore/host-config", "/assets/sounds.js",
     "/sandbox/docs", "/events", "/audio/x", "/samples/x", "/static/x", "/listen", "/component/x"],
)  # fmt: skip
def test_a_visitor_reaches_no_screen(house: House, path: str) -> None:
    answer = requests.get(f"{house.app.url}{path}", headers=FROM_OUTSIDE, timeout=10)
    assert (answer.status_code, answer.text) == (404, "Not found.")


def test_what_is_not_there_below_the_link_is_not_a_screen_either(house: House) -> None:
    for path in ("/listen/x/y/z", "/listen/page/../../history", "/listen/x"):
        answer = requests.get(f"{house.app.url}{path}", headers=FROM_OUTSIDE, timeout=10)
        assert answer.status_code == 404
        assert "streamlit" not in answer.text.lower()


@pytest.mark.parametrize(("headers", "status"), [(FROM_OUTSIDE, 404), ({}, 101)])
def test_no_session_of_the_screens_is_opened_from_outside(
    house: House, headers: dict[str, str], status: int
) -> None:
    parts = urlsplit(house.app.url)
    lines = {
        "Host": parts.netloc,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as sock:
        sock.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{head}\r\n".encode())
        assert int(sock.recv(200).split()[1]) == status


def test_the_owner_goes_on_at_this_machine(house: House) -> None:
    answer = requests.get(house.app.url, timeout=10)
    assert answer.status_code == 200
    assert "streamlit" in answer.text.lower()
