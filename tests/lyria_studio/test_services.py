from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.applications import Starlette
from support.library_rows import in_state, job, takes
from support.sandboxes import serve_sandbox
from support.serve import serve
from support.stub_gateway import StubGateway
from support.worker_rig import HeardEvents, Jobs

from lyria_core import Job
from lyria_studio.model.listening_test import ListeningKind, ListeningTest, Reveal
from lyria_studio.model.states import State, StateGroup
from lyria_studio.money import Budget
from lyria_studio.services import Services, get_services, reset_services
from lyria_studio.settings import Settings
from lyria_studio.web import routes

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in ("PIXAZO_API_KEY", "LYRIA_BASE_URL", "LYRIA_PUBLIC_URL", "LYRIA_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LYRIA_HOME", str(tmp_path / "home"))
    yield monkeypatch
    reset_services()


def open_services(home: Path, **settings: Any) -> Services:
    return Services(replace(Settings(home=home), **settings), HeardEvents())


def until(services: Services, condition: Callable[[], bool]) -> None:
    assert isinstance(services.events, HeardEvents)
    services.events.until(condition)


def test_from_the_order_to_the_sound_in_the_browser(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path / "sandbox") as sandbox:
        services = open_services(tmp_path / "home")
        services.start(sandbox.url)
        access = services.access()
        (one,) = services.library.jobs.order(
            takes(gateway=access.gateway, base_url=access.base_url, fingerprint=access.fingerprint)
        )
        services.worker.wake()
        until(services, lambda: not services.library.tracks.generation(one.id).active)
        done = services.library.tracks.generation(one.id)
        assert done.state is State.READY
        (track,) = done.tracks
        with serve(Starlette(routes=routes(lambda: services))) as url:
            answer = requests.get(url + services.sign(track.id), timeout=20)
        assert answer.content == track.path.read_bytes()
        assert services.file_name(done, track) == track.file_name
        assert "sandbox" in track.file_name
        services.stop()


def test_without_a_key_the_sandbox_is_used(tmp_path: Path) -> None:
    services = open_services(tmp_path)
    services.start("http://127.0.0.1:9123/sandbox/")
    access = services.access()
    assert (access.gateway, access.key) == ("sandbox", "sandbox-demo")
    assert access.base_url == "http://127.0.0.1:9123/sandbox"
    services.stop()


@pytest.mark.parametrize(
    ("key", "typed", "gateway", "base_url"),
    [
        (None, None, "sandbox", "http://127.0.0.1:8501/sandbox"),
        (None, "sandbox-mine", "live", "http://127.0.0.1:7/x"),
        ("live-key", None, "live", "http://127.0.0.1:7/x"),
        ("live-key", "sandbox-mine", "live", "http://127.0.0.1:7/x"),
        ("sandbox-set", "  ", "live", "http://127.0.0.1:7/x"),
    ],
)
def test_lyria_base_url_names_the_gateway(
    tmp_path: Path, key: str | None, typed: str | None, gateway: str, base_url: str
) -> None:
    services = open_services(tmp_path, api_key=key, base_url="http://127.0.0.1:7/x")
    services.start("http://127.0.0.1:8501/sandbox")
    access = services.access(typed)
    assert (access.gateway, access.base_url) == (gateway, base_url)
    services.stop()


def test_a_typed_key_brings_its_generations_back_to_work(tmp_path: Path) -> None:
    with StubGateway() as stub:
        Jobs(stub, polls=1)
        services = open_services(tmp_path, base_url=stub.url)
        access = services.access("typed-by-a-visitor")
        services.library.jobs.order(takes(base_url=stub.url, fingerprint=access.fingerprint))
        services.stop()

        services = open_services(tmp_path, base_url=stub.url)
        services.start()
        (one,) = services.library.tracks.latest()
        until(services, lambda: services.library.tracks.generation(one.id).waiting_for_key)
        services.access("somebody-else")
        assert services.library.tracks.generation(one.id).waiting_for_key
        services.access("typed-by-a-visitor")
        until(services, lambda: services.library.tracks.generation(one.id).state is State.READY)
        services.stop()
    keys = {r.headers.get("ocp-apim-subscription-key") for r in stub.received}
    assert keys == {"typed-by-a-visitor", None}
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"typed-by-a-visitor" not in file.read_bytes()


def test_typed_key_is_forgotten_with_its_session(tmp_path: Path) -> None:
    services = open_services(tmp_path, api_key="from-the-settings")
    before = len(services.keyring)
    ends = [services.use_key("typed-by-a-visitor") for _ in range(2)]
    lasting = services.use_key("from-the-settings")
    assert len(services.keyring) == before + 2
    ends[0]()
    assert len(services.keyring) == before + 2, "another session uses it"
    ends[1]()
    lasting()
    access = services.access()
    assert services.keyring.get(access.fingerprint, access.gateway, access.base_url) == access
    assert len(services.keyring) == before + 1
    services.stop()


def test_typed_key_is_kept_until_its_unfinished_generations_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lyria_studio.services.FORGET_S", 0.05)
    with StubGateway() as stub:
        Jobs(stub, polls=3)
        services = open_services(tmp_path, base_url=stub.url)
        services.start()
        end = services.use_key("typed-by-a-visitor")
        access = services.access("typed-by-a-visitor")
        services.library.jobs.order(takes(base_url=stub.url, fingerprint=access.fingerprint))
        end()
        (one,) = services.library.tracks.latest()
        until(services, lambda: services.library.tracks.generation(one.id).state is State.READY)
        place = access.fingerprint, access.gateway, access.base_url
        until(services, lambda: services.keyring.get(*place) is None)
        services.stop()


def test_the_sandbox_may_be_on_another_port_after_a_restart(tmp_path: Path) -> None:
    with StubGateway() as stub:
        Jobs(stub, polls=1)
        services = open_services(tmp_path)
        fingerprint = services.access().fingerprint
        order = {
            "base_url": "http://127.0.0.1:1/sandbox",
            "fingerprint": fingerprint,
            "gateway": "sandbox",
        }
        queued = in_state(services.library, State.QUEUED, **order)
        made = in_state(services.library, State.QUEUED, **order)
        services.library.jobs.observed(
            made.id, _completed(made.request_id or "", order["base_url"])
        )
        services.start(stub.url)
        until(
            services, lambda: not services.library.tracks.page(state=StateGroup.IN_PROGRESS).total
        )
        for one in (queued, made):
            assert services.library.tracks.generation(one.id).state is State.READY
        services.stop()


def _completed(request_id: str, base_url: str) -> Job:
    urls = [f"{base_url}/media/v1/{request_id}/output.mpeg"]
    return job(request_id, "COMPLETED", output={"media_url": urls, "media_type": "audio/mpeg"})


def test_play_money_has_no_budget_and_real_money_the_stricter_one(tmp_path: Path) -> None:
    services = open_services(
        tmp_path, daily_budget_usd=Decimal(5), total_budget_usd=Decimal(10), api_key="live-key"
    )
    services.library.ledger.set_preferences(
        daily_budget_usd=Decimal(2), total_budget_usd=Decimal(20)
    )
    assert services.budget(services.access("sandbox-x")) is None
    assert services.budget(services.access()) == Budget(
        daily=Decimal(2),
        total=Decimal(10),
        daily_ceiling=Decimal(5),
        total_ceiling=Decimal(10),
    )
    services.stop()


def test_a_public_address_chosen_on_the_screen_wins(tmp_path: Path) -> None:
    services = open_services(tmp_path)
    one = in_state(services.library, State.INTENDED)
    assert services.webhook_for(one) is None
    services.library.ledger.set_preferences(public_url="https://me.example")
    hook = services.webhook_for(one)
    assert hook is not None
    assert hook.url.startswith(f"https://me.example/webhook/{one.id}/")
    services.stop()


@pytest.mark.parametrize(
    ("sandbox_url", "called"),
    [
        ("http://127.0.0.1:8501/sandbox", "http://127.0.0.1:8501"),
        ("http://[::1]:8501/sandbox", "http://[::1]:8501"),
        ("http://192.168.1.2:8501/sandbox", None),
    ],
)
def test_our_own_sandbox_calls_back_on_this_machine_only(
    tmp_path: Path, sandbox_url: str, called: str | None
) -> None:
    services = open_services(tmp_path, public_url="https://me.example")
    one = in_state(services.library, State.READY, gateway="sandbox")
    assert services.webhook_for(one) is None
    services.start(sandbox_url)
    hook = services.webhook_for(one)
    assert (hook is None) == (called is None)
    assert hook is None or hook.url.startswith(f"{called}/webhook/{one.id}/")
    services.stop()


@pytest.mark.parametrize("public_url", [None, "https://me.example"])
@pytest.mark.parametrize("typed", [None, "sandbox-mine", "a-live-key"])
@pytest.mark.parametrize("settings_key", [None, "sandbox-x", "another-live-key"])
@pytest.mark.parametrize("base_url", ["https://other.example", "http://127.0.0.1:1", None])
def test_another_gateway_never_gets_an_address_on_this_machine(
    tmp_path: Path,
    base_url: str | None,
    settings_key: str | None,
    typed: str | None,
    public_url: str | None,
) -> None:
    services = open_services(
        tmp_path, base_url=base_url, api_key=settings_key, public_url=public_url
    )
    services.start("http://127.0.0.1:8501/sandbox")
    access = services.access(typed)
    one = in_state(
        services.library,
        State.READY,
        gateway=access.gateway,
        base_url=access.base_url,
        fingerprint=access.fingerprint,
    )
    hook = services.webhook_for(one)
    if access.base_url == services.sandbox_url:
        assert hook is not None
        assert hook.is_local
    elif public_url is None:
        assert hook is None
    else:
        assert hook is not None
        assert hook.url.startswith(f"{public_url}/webhook/{one.id}/")
    if base_url is not None and (settings_key or typed):
        assert access.base_url == base_url
    services.stop()


def test_links_outlive_a_restart(tmp_path: Path) -> None:
    services = open_services(tmp_path)
    token = services.signer.callback_token("g")
    services.stop()
    services = open_services(tmp_path)
    assert services.signer.callback_matches("g", token)
    services.stop()


def test_a_process_has_one_of_it(environment: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def secrets() -> dict[str, str]:
        asked.append(1)
        return {"LYRIA_SANDBOX_PACE": "instant"}

    first = get_services(secrets)
    assert get_services(secrets) is first
    assert get_services() is first
    assert first.settings.pace == "instant"
    assert asked == [1]
    assert not first.worker.running


def test_where_the_environment_names_the_gateway_it_starts_by_itself(
    environment: pytest.MonkeyPatch,
) -> None:
    with StubGateway() as stub:
        environment.setenv("LYRIA_BASE_URL", stub.url)
        environment.setenv("PIXAZO_API_KEY", "a-key")
        services = get_services()
        assert services.worker.running
        assert services.access().base_url == stub.url
        reset_services()
        assert not services.worker.running
        assert get_services() is not services


def test_the_link_to_a_listening_test_is_under_the_public_address(tmp_path: Path) -> None:
    services = open_services(tmp_path, public_url="https://set.example/app")
    test = listening_test()
    path = f"/listen/{services.signer.listen_token(test.id, test.nonce)}"
    assert services.listen_url(test, "http://127.0.0.1:8501") == "https://set.example/app" + path
    services.library.ledger.set_preferences(public_url="https://chosen.example/")
    assert services.listen_url(test) == "https://chosen.example" + path
    services.stop()


def test_without_a_public_address_it_is_under_the_one_that_the_owner_sees(tmp_path: Path) -> None:
    services = open_services(tmp_path)
    test = listening_test()
    path = f"/listen/{services.signer.listen_token(test.id, test.nonce)}"
    assert services.listen_url(test, "http://127.0.0.1:8501/") == "http://127.0.0.1:8501" + path
    assert services.listen_url(test) == path
    services.stop()


def listening_test() -> ListeningTest:
    return ListeningTest(
        id="test-1",
        comparison_id="comparison-1",
        kind=ListeningKind.PREFERENCE,
        host_name="Ada",
        question="Which one?",
        letters=("A", "B"),
        trials_per_listener=4,
        planned_votes=20,
        reveal=Reveal.AFTER_VOTE,
        ends_at=None,
        nonce="n" * 20,
        created_at=datetime.now(UTC),
        closed_at=None,
        prepared=None,
        problem=None,
    )
