"""The whole app and who is not its owner: listeners, proxies, pages of other sites, neighbours."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from playwright.sync_api import Error, sync_playwright
from support.app_process import RunningApp, free_port, running_app, wait_for_port
from support.browsers import chromium, launch
from support.listening_tests import opened
from support.listening_visitors import Visitor

from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.services import Services
from lyria_studio.settings import Settings

pytestmark = pytest.mark.timeout(120)

PUBLIC = "https://music.example.com"
FROM_OUTSIDE = {"Host": "music.example.com", "X-Forwarded-For": "203.0.113.9"}


@dataclass
class PublicStudio:
    """A running app with one listening test."""

    app: RunningApp
    test: ListeningTest
    link: str


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicStudio]:
    """The app, behind a public address."""
    home = tmp_path_factory.mktemp("home")
    services = Services(Settings(home=home, public_url=PUBLIC))
    test = opened(services, seconds=3.1)
    link = services.listen_url(test)
    services.stop()
    with running_app(home, {"LYRIA_PUBLIC_URL": PUBLIC}) as app:
        yield PublicStudio(app, test, link)


def test_a_listener_comes_in_by_the_public_address(studio: PublicStudio) -> None:
    assert studio.link.startswith(f"{PUBLIC}/listen/")
    visitor = Visitor(PUBLIC, studio.link.replace(PUBLIC, studio.app.url))
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


def test_every_part_of_the_page_is_open(studio: PublicStudio) -> None:
    """Whatever the page and its script name."""
    link = studio.link.replace(PUBLIC, studio.app.url)
    page = requests.get(link, headers=FROM_OUTSIDE, timeout=10).text
    named = re.findall(r'(?:href|src)="(page/[^"]+)"', page)
    assert [re.sub(r"[?].*", "", one) for one in named] == [
        "page/icon.svg", "page/listen.css", "page/listen.js",
    ]  # fmt: skip
    for address in (*named, "page/practice-one.mp3", "page/practice-two.mp3"):
        answer = requests.get(urljoin(link, address), headers=FROM_OUTSIDE, timeout=10)
        assert answer.status_code == 200, address
        kept = answer.headers["cache-control"]
        assert kept == ("public, max-age=31536000, immutable" if "?v=" in address else "no-cache")


@pytest.mark.parametrize(
    "path",
    ["/", "/history", "/compare", "/_stcore/host-config", "/assets/instep.js",
     "/sandbox/docs", "/events", "/audio/x", "/samples/x", "/static/x", "/listen", "/component/x"],
)  # fmt: skip
def test_a_visitor_reaches_no_screen(studio: PublicStudio, path: str) -> None:
    answer = requests.get(f"{studio.app.url}{path}", headers=FROM_OUTSIDE, timeout=10)
    assert (answer.status_code, answer.text) == (404, "Not found.")


def test_what_is_not_there_below_the_link_is_not_a_screen_either(studio: PublicStudio) -> None:
    for path in ("/listen/x/y/z", "/listen/page/../../history", "/listen/x"):
        answer = requests.get(f"{studio.app.url}{path}", headers=FROM_OUTSIDE, timeout=10)
        assert answer.status_code == 404
        assert "streamlit" not in answer.text.lower()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (FROM_OUTSIDE, 404),
        (FROM_OUTSIDE | {"Origin": PUBLIC}, 404),
        ({"Origin": "http://localhost:3000"}, 404),
        ({}, 101),
    ],
)
def test_no_session_of_the_screens_is_opened_from_outside(
    studio: PublicStudio, headers: dict[str, str], status: int
) -> None:
    assert upgraded(studio.app.url, headers) == status


def upgraded(url: str, headers: dict[str, str]) -> int:
    """The status of the answer to the request for a session of the screens."""
    parts = urlsplit(url)
    lines = {
        "Origin": url,
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
        return int(sock.recv(200).split()[1])


def test_the_owner_can_work_at_this_machine(studio: PublicStudio) -> None:
    answer = requests.get(studio.app.url, timeout=10)
    assert answer.status_code == 200
    assert "streamlit" in answer.text.lower()


@contextmanager
def nginx(folder: Path, app: RunningApp, *settings: str) -> Iterator[str]:
    """A proxy before the app, as somebody sets it up who reads the first page about it."""
    if (program := shutil.which("nginx")) is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is not installed, and CI must run the tests behind it")
        pytest.skip("nginx is not installed")
    port = free_port()
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    upgrade = (
        "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
        'proxy_set_header Connection "upgrade";'
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; "
        f"{temporary} server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {app.url}; "
        f"{upgrade} {' '.join(settings)} }} }} }}"
    )
    process = subprocess.Popen([program, "-e", "stderr", "-c", str(config)])
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_nginx_as_it_comes_opens_no_session(studio: PublicStudio, tmp_path: Path) -> None:
    """It names 127.0.0.1 as the host and adds nothing: only the origin gives its visitors away."""
    with nginx(tmp_path, studio.app) as url:
        assert upgraded(url, {"Host": "music.example.com", "Origin": PUBLIC}) == 404
        assert requests.get(f"{url}/_stcore/health", timeout=10).status_code == 200
        posted = requests.post(f"{url}/sandbox/x", headers={"Origin": PUBLIC}, timeout=10)
        assert (posted.status_code, posted.text) == (404, "Not found.")
        # What the README warns of: without an origin its visitors look like the owner.
        assert requests.get(f"{url}/events", stream=True, timeout=10).status_code == 200


@pytest.mark.parametrize(
    "setting",
    ["proxy_set_header Host $host;", "proxy_set_header X-Forwarded-For $remote_addr;"],
)
def test_nginx_that_says_who_comes_shows_no_screen(
    studio: PublicStudio, tmp_path: Path, setting: str
) -> None:
    with nginx(tmp_path, studio.app, setting) as url:
        for path in ("/", "/history", "/events", "/sandbox/docs"):
            answer = requests.get(f"{url}{path}", headers=FROM_OUTSIDE, timeout=10)
            assert (answer.status_code, answer.text) == (404, "Not found.")


def test_a_neighbour_who_forges_the_host_is_refused_and_docker_is_listed(tmp_path: Path) -> None:
    """A port that Docker maps is the same to the app: the peer is another machine."""
    everywhere = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "LYRIA_OWNER_HOSTS": "localhost"}  # noqa: S104
    with running_app(tmp_path, everywhere) as app:
        port = urlsplit(app.url).port
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # sends nothing, and tells this machine's own address
            address = probe.getsockname()[0]
        outside = f"http://{address}:{port}"
        answers = {
            name: requests.get(outside, headers={"Host": f"{name}:{port}"}, timeout=10).status_code
            for name in ("127.0.0.1", "[::1]", address, "evil.com", "localhost")
        }
        assert answers == {
            "127.0.0.1": 404, "[::1]": 404, address: 404, "evil.com": 404, "localhost": 200
        }  # fmt: skip
        origin = f"http://localhost:{port}"
        listed = {"Host": f"localhost:{port}", "Origin": origin}
        assert upgraded(outside, listed) == 101
        assert upgraded(outside, {"Host": f"127.0.0.1:{port}", "Origin": app.url}) == 404


OPENS = """
(address) => new Promise((resolve) => {
  const socket = new WebSocket(address, ["streamlit"]);
  socket.onopen = () => resolve(true);
  socket.onerror = () => resolve(false);
})
"""
ORDERS = """
async (base) => {
  const answer = await fetch(`${base}/sandbox/lyria-2/v1/lyria-2/generate`, {
    method: "POST",
    headers: { "content-type": "application/json", "Ocp-Apim-Subscription-Key": "sandbox-demo" },
    body: JSON.stringify({ prompt: "Calm piano" }),
  });
  return answer.status;
}
"""


@pytest.mark.browser
def test_a_page_of_evil_com_that_resolves_to_this_machine_gets_nowhere(
    studio: PublicStudio, tmp_path: Path
) -> None:
    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI must run the browser tests")
        pytest.skip("Chromium is not installed")
    own = studio.app.url
    evil = own.replace("127.0.0.1", "evil.com")
    rule = "--host-resolver-rules=MAP evil.com 127.0.0.1"
    with sync_playwright() as playwright, launch(playwright, rule) as browser:
        page = browser.new_page()
        # The same steps work where the page is the owner's own.
        page.goto(own)
        assert page.evaluate(OPENS, f"{own.replace('http', 'ws', 1)}/_stcore/stream")
        assert page.evaluate(ORDERS, own) == 202
        answer = page.goto(evil)
        assert answer is not None
        assert (answer.status, answer.text()) == (404, "Not found.")
        for target in (evil, own):
            address = f"{target.replace('http', 'ws', 1)}/_stcore/stream"
            assert not page.evaluate(OPENS, address), address
        # Its own host refuses, and the policy of the refusal lets it ask no other.
        assert page.evaluate(ORDERS, evil) == 404
        with pytest.raises(Error, match="Failed to fetch"):
            page.evaluate(ORDERS, own)
