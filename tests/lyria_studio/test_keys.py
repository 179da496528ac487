import copy
import multiprocessing
import os
import pickle
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.stub_gateway import Action, StubGateway, after, drop, refused_port, reply

from lyria_core import LIVE_BASE_URL
from lyria_studio.keys import (
    SANDBOX_KEY,
    Access,
    KeyCheck,
    KeyRing,
    access_for,
    check_key,
    fingerprint_of,
    home_secret,
)
from lyria_studio.settings import InvalidKey, Settings, SettingsError

pytestmark = pytest.mark.slow

SANDBOX = "http://127.0.0.1:8501/sandbox"
LIVE_KEY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("set_key", "typed", "gateway", "key"),
    [
        (None, None, "sandbox", SANDBOX_KEY),
        (None, "  ", "sandbox", SANDBOX_KEY),
        ("sandbox-mine", None, "sandbox", "sandbox-mine"),
        (LIVE_KEY, None, "live", LIVE_KEY),
        (LIVE_KEY, "sandbox-mine\n", "sandbox", "sandbox-mine"),
        (None, f" {LIVE_KEY}\n", "live", LIVE_KEY),
        ("another-key", LIVE_KEY, "live", LIVE_KEY),
    ],
)
def test_the_key_chooses_the_gateway(
    tmp_path: Path, set_key: str | None, typed: str | None, gateway: str, key: str
) -> None:
    access = access_for(Settings(home=tmp_path, api_key=set_key), SANDBOX + "/", typed)
    assert (access.gateway, access.key) == (gateway, key)
    assert access.base_url == (SANDBOX if gateway == "sandbox" else LIVE_BASE_URL)


def test_a_live_key_goes_to_the_gateway_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, api_key=LIVE_KEY, base_url="https://gateway.example")
    assert access_for(settings, SANDBOX).base_url == "https://gateway.example"


@pytest.mark.parametrize(
    ("set_key", "typed", "source"),
    [
        ("sandbox-mine", None, "environment"),
        ("sandbox-mine", "  ", "environment"),
        (None, "sandbox-mine", "typed"),
        (LIVE_KEY, "sandbox-mine", "typed"),
    ],
)
def test_sandbox_key_is_real_money_at_another_gateway(
    tmp_path: Path, set_key: str | None, typed: str | None, source: str
) -> None:
    settings = Settings(home=tmp_path, api_key=set_key, base_url="https://gateway.example")
    access = access_for(settings, SANDBOX, typed)
    assert (access.gateway, access.base_url) == ("live", "https://gateway.example")
    assert access.source == source


def test_nothing_is_sent_to_another_gateway_without_a_key(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, base_url="https://gateway.example")
    access = access_for(settings, SANDBOX)
    assert (access.gateway, access.base_url, access.source) == ("sandbox", SANDBOX, "none")


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (reply(401, {"statusCode": 401, "message": "Access denied"}), KeyCheck.REFUSED),
        (reply(403, {"error": "Forbidden"}), KeyCheck.REFUSED),
        (reply(404, {"error": "Not found"}), KeyCheck.NOT_REFUSED),
        (reply(400, {"error": "No such request"}), KeyCheck.NOT_REFUSED),
        (reply(429, {"error": "Too many requests"}), KeyCheck.NOT_REFUSED),
        (reply(500, "<h1>Oops</h1>"), KeyCheck.NOT_REFUSED),
        (reply(200, b"\xff"), KeyCheck.NOT_REFUSED),
        (drop(), KeyCheck.NO_ANSWER),
    ],
)
def test_key_is_checked_by_a_free_status_call(
    tmp_path: Path, action: Action, said: KeyCheck
) -> None:
    with StubGateway() as stub:
        stub.script("GET /v2/requests/status/", action)
        settings = Settings(home=tmp_path, base_url=stub.url)
        assert check_key(access_for(settings, SANDBOX, LIVE_KEY)) is said
    assert not stub.posts
    assert {r.headers["ocp-apim-subscription-key"] for r in stub.gets} == {LIVE_KEY}


def test_gateway_out_of_reach_says_nothing_of_a_key(tmp_path: Path) -> None:
    with refused_port() as port:
        settings = Settings(home=tmp_path, base_url=f"http://127.0.0.1:{port}")
        assert check_key(access_for(settings, SANDBOX, LIVE_KEY)) is KeyCheck.NO_ANSWER


def test_silent_gateway_says_nothing_of_a_key(tmp_path: Path) -> None:
    with StubGateway() as stub:
        stub.script("GET ", after(threading.Event(), drop()))
        access = access_for(Settings(home=tmp_path, base_url=stub.url), SANDBOX, LIVE_KEY)
        assert check_key(access, timeout=0.2) is KeyCheck.NO_ANSWER


def test_a_key_that_cannot_be_one_is_refused_unseen(tmp_path: Path) -> None:
    with pytest.raises(InvalidKey, match="one word") as caught:
        access_for(Settings(home=tmp_path), SANDBOX, "my secret words")
    assert "secret" not in str(caught.value)


def test_a_key_is_shown_and_kept_nowhere(tmp_path: Path) -> None:
    access = access_for(Settings(home=tmp_path, api_key=LIVE_KEY), SANDBOX)
    ring = KeyRing()
    ring.add(access)
    assert LIVE_KEY not in repr(access)
    assert LIVE_KEY not in repr(ring)
    for leak in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="memory"):
            leak(access)
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or LIVE_KEY.encode() not in file.read_bytes()


def test_a_fingerprint_identifies_a_key_in_one_home_only(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "a", tmp_path / "b"
    assert fingerprint_of(LIVE_KEY, here) == fingerprint_of(LIVE_KEY, here)
    assert fingerprint_of(LIVE_KEY, here) != fingerprint_of("another", here)
    assert fingerprint_of(LIVE_KEY, here) != fingerprint_of(LIVE_KEY, elsewhere)


def test_a_key_is_used_at_its_own_gateway_only() -> None:
    ring = KeyRing()
    ring.add(Access("live", "https://one.example", "key", "f" * 32))
    assert ring.get("f" * 32, "live", "https://one.example")
    assert ring.get("f" * 32, "live", "https://two.example") is None
    assert ring.get("f" * 32, "sandbox", "https://one.example") is None
    assert ring.get("e" * 32, "live", "https://one.example") is None


def test_the_sandbox_is_found_on_any_port() -> None:
    ring = KeyRing()
    ring.add(Access("sandbox", "http://127.0.0.1:8502/sandbox", "sandbox-x", "f" * 32))
    found = ring.get("f" * 32, "sandbox", "http://127.0.0.1:8501/sandbox")
    assert found
    assert found.base_url == "http://127.0.0.1:8502/sandbox"


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: home_secret(tmp_path, "webhook"), range(64)))
    assert len(set(found)) == 1
    assert len(found[0]) == 32
    assert home_secret(tmp_path, "links") != found[0]
    assert {file.name for file in (tmp_path / "secrets").iterdir()} == {"webhook", "links"}


def read_secret(home: str, found: "multiprocessing.Queue[bytes]") -> None:
    found.put(home_secret(Path(home), "webhook"))


def test_two_processes_find_the_same_secret(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[bytes] = context.Queue()
    children = [context.Process(target=read_secret, args=(str(tmp_path), found)) for _ in range(2)]
    for child in children:
        child.start()
    assert found.get(timeout=60) == found.get(timeout=60) == home_secret(tmp_path, "webhook")
    for child in children:
        child.join(60)
    found.close()
    found.join_thread()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_may_read_a_secret(tmp_path: Path) -> None:
    home_secret(tmp_path, "webhook")
    assert stat.S_IMODE((tmp_path / "secrets" / "webhook").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_a_file_system_without_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    assert home_secret(tmp_path, "webhook") == home_secret(tmp_path, "webhook")


def test_a_damaged_secret_is_named_and_not_replaced(tmp_path: Path) -> None:
    home_secret(tmp_path, "webhook")
    (tmp_path / "secrets" / "webhook").write_bytes(b"short")
    with pytest.raises(SettingsError, match="damaged"):
        home_secret(tmp_path, "webhook")
    assert (tmp_path / "secrets" / "webhook").read_bytes() == b"short"


def test_a_home_that_cannot_hold_a_secret_is_named(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match="LYRIA_HOME"):
        home_secret(tmp_path, "webhook")
