"""What the one process serves besides its screens, asked over a real socket."""

import signal
import socket
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests
from support.app_process import RunningApp, running_app

pytestmark = pytest.mark.timeout(120)


def test_every_answer_has_the_security_headers(app: RunningApp) -> None:
    for path in ("/", "/history", "/assets/icon.svg", "/sandbox/docs", "/audio/nonsense"):
        headers = requests.get(f"{app.url}{path}", timeout=10).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert "default-src" in headers["content-security-policy"], path


def test_it_listens_on_this_machine_only(app: RunningApp) -> None:
    port = int(app.url.rpartition(":")[2])
    others = {
        info[4][0]
        for info in socket.getaddrinfo(socket.gethostname(), port, type=socket.SOCK_STREAM)
        if not str(info[4][0]).startswith(("127.", "::1"))
    }
    for address in others:
        with pytest.raises(OSError), socket.create_connection((str(address), port), timeout=2):
            pass


def test_the_sandbox_is_mounted_and_strict(app: RunningApp) -> None:
    url = f"{app.url}/sandbox/lyria-2/v1/lyria-2/generate"
    body = {"prompt": "Calm piano"}
    header = "Ocp-Apim-Subscription-Key"
    assert requests.post(url, json=body, headers={header: "x"}, timeout=10).status_code == 401
    taken = requests.post(url, json=body, headers={header: "sandbox-demo"}, timeout=10)
    assert taken.status_code == 202
    assert taken.json()["polling_url"].startswith(f"{app.url}/sandbox/v2/requests/status/lyria-2_")


def test_a_link_to_a_track_that_is_not_ours_is_refused(app: RunningApp) -> None:
    answer = requests.get(f"{app.url}/audio/WyJ4IiwxXQ.c2ln", timeout=10)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_starting_prints_an_address_and_no_warning(app: RunningApp) -> None:
    printed = app.output()
    assert app.url in printed
    assert "Warning" not in printed, printed
    assert "Traceback" not in printed, printed


def test_a_wrong_setting_is_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="LYRIA_SANDBOX_PACE must be one of"),
        running_app(tmp_path, {"LYRIA_SANDBOX_PACE": "hasty"}),
    ):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "SIGTERM"])
def test_an_open_stream_of_events_does_not_hold_up_the_end(
    tmp_path: Path, number: signal.Signals
) -> None:
    """A tab that watches a job keeps a stream open that would go on for 25 s."""
    with running_app(tmp_path) as app:
        with requests.get(f"{app.url}/events", stream=True, timeout=30) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith(b"retry:")
            app.process.send_signal(number)
            # Until the server ends the stream; its next sign of life would come after 10 s.
            assert not [line for line in lines if line.startswith(b": still")]
        app.process.wait(timeout=15)
        assert "Traceback" not in app.output()


def test_a_thousand_idle_connections_leave_the_app_usable(app: RunningApp) -> None:
    """They exhausted the descriptors and wrote thousands of tracebacks."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2048)), hard))
    before = len(app.output())
    port = int(app.url.rpartition(":")[2])
    with ExitStack() as stack:
        for number in range(1100):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            with suppress(ConnectionError):
                sock.sendall(b"GET /listen/x HT" if number % 2 else b"nonsense\r\n\r\n")
        for _ in range(5):
            assert requests.get(app.url, timeout=5).status_code == 200
    printed = app.output()[before:]
    assert "Traceback" not in printed
    assert len(printed.splitlines()) < 30, printed
