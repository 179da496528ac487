"""The processes that render: replaced when they break, gone when their host is."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from lyria_sandbox import Sandbox, SandboxSettings
from lyria_sandbox.gateway.renderers import RenderError, Renderers, Rendering

pytestmark = pytest.mark.slow

T = TypeVar("T")

linux = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes of others")


def order(prompt: str = "a tune", seed: int = 1) -> dict[str, Any]:
    return {
        "model": "lyria-3",
        "prompt": prompt,
        "negative_prompt": "",
        "seed": seed,
        "images": [],
    }


def with_renderers(
    work: Callable[[Renderers], Awaitable[T]], count: int = 1, timeout_s: float = 60
) -> T:
    async def run() -> T:
        renderers = Renderers(count, "support.tiny_composer", timeout_s)
        renderers.start()
        try:
            return await work(renderers)
        finally:
            await renderers.stop()

    return asyncio.run(run())


async def render(renderers: Renderers, **fields: Any) -> Rendering:
    async with renderers.seat() as seat:
        return await seat.render(order(**fields))


def wait_for_end(pid: int) -> None:
    """Wait until a process that is not our child has ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    with os.fdopen(watched) as process:
        assert select.select([process], [], [], 20)[0], f"process {pid} is still there"


def test_an_idle_renderer_rehearses() -> None:
    async def after_a_while(renderers: Renderers) -> Rendering:
        await render(renderers)
        await asyncio.sleep(1.6)
        return await render(renderers)

    assert with_renderers(after_a_while).understood["rehearsed"] > 0


def test_renders_in_a_lean_process() -> None:
    rendering = with_renderers(render)

    assert rendering.audio[:4] == b"RIFF"
    assert rendering.media_type == "audio/wav"
    assert rendering.duration_s == 0.5
    assert rendering.understood["pid"] != os.getpid()
    assert rendering.understood["threads"] == "1"


def test_the_same_order_gives_the_same_bytes() -> None:
    async def thrice(renderers: Renderers) -> list[bytes]:
        return [(await render(renderers, seed=seed)).audio for seed in (5, 5, 6)]

    one, again, other = with_renderers(thrice)
    assert one == again != other


def test_as_many_at_once_as_there_are_renderers(tmp_path: Path) -> None:
    async def work(renderers: Renderers) -> set[int]:
        blocked = asyncio.create_task(render(renderers, prompt=f"wait {tmp_path / 'go'}"))
        free = await render(renderers)
        (tmp_path / "go").touch()
        return {free.understood["pid"], (await blocked).understood["pid"]}

    assert len(with_renderers(work, count=2)) == 2


def test_a_killed_renderer_is_replaced_and_the_order_rendered_again(tmp_path: Path) -> None:
    async def work(renderers: Renderers) -> tuple[int, Rendering]:
        pid = (await render(renderers)).understood["pid"]
        pending = asyncio.create_task(render(renderers, prompt=f"wait {tmp_path / 'go'}"))
        await asyncio.sleep(0)
        os.kill(pid, signal.SIGKILL)
        (tmp_path / "go").touch()
        return pid, await pending

    pid, rendering = with_renderers(work)
    assert rendering.understood["prompt"] == f"wait {tmp_path / 'go'}"
    assert rendering.understood["pid"] != pid


def test_an_order_that_kills_every_renderer_is_given_up() -> None:
    async def work(renderers: Renderers) -> Rendering:
        with pytest.raises(RenderError, match="every time"):
            await render(renderers, prompt="die now")
        return await render(renderers)

    assert with_renderers(work).audio


def test_a_failure_names_the_place_and_quotes_nothing() -> None:
    async def work(renderers: Renderers) -> list[int]:
        first = await render(renderers)
        with pytest.raises(RenderError) as caught:
            await render(renderers, prompt="raise the secret plan")
        assert str(caught.value).startswith("ValueError at tiny_composer.py:")
        assert "secret" not in str(caught.value)
        return [first.understood["pid"], (await render(renderers)).understood["pid"]]

    first, second = with_renderers(work)
    assert first == second


def test_a_render_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    async def work(renderers: Renderers) -> Rendering:
        with pytest.raises(RenderError, match="longer than"):
            await render(renderers, prompt=f"wait {tmp_path / 'never'}")
        return await render(renderers)

    assert with_renderers(work, timeout_s=1.5).audio


def test_a_composer_that_cannot_be_loaded_fails_the_order() -> None:
    async def work() -> None:
        renderers = Renderers(1, "support.no_such_composer", 60)
        renderers.start()
        try:
            with pytest.raises(RenderError):
                await render(renderers)
        finally:
            await renderers.stop()

    asyncio.run(work())


@linux
def test_stop_kills_a_render_and_leaves_no_process(tmp_path: Path) -> None:
    pids = []

    async def work(renderers: Renderers) -> None:
        pids.append((await render(renderers)).understood["pid"])
        pending = asyncio.create_task(render(renderers, prompt=f"wait {tmp_path / 'never'}"))
        await asyncio.sleep(0)
        pending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pending

    with_renderers(work)
    wait_for_end(pids[0])


def test_ctrl_c_is_left_to_the_host() -> None:
    async def work(renderers: Renderers) -> list[int]:
        first = (await render(renderers)).understood["pid"]
        os.kill(first, signal.SIGINT)
        return [first, (await render(renderers)).understood["pid"]]

    first, second = with_renderers(work)
    assert first == second


_HOST = """
import asyncio, sys
sys.path[:0] = {path!r}
from lyria_sandbox import Sandbox, SandboxSettings
from lyria_sandbox.gateway.renderers import Renderers

async def main():
    renderers = Renderers(1, "support.tiny_composer", 60)
    order = dict(model="lyria-3", prompt="a", negative_prompt="", seed=1, images=[])
    async with renderers.seat() as seat:
        rendering = await seat.render(order)
        print(rendering.understood["pid"], rendering.understood["host"], flush=True)
        await seat.render(order | dict(prompt="wait /nonexistent/never"))

if __name__ == "__main__":
    asyncio.run(main())
HOSTED = True
"""


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_renderers_die_with_a_host_that_is_killed(tmp_path: Path, number: signal.Signals) -> None:
    script = tmp_path / "host.py"
    script.write_text(_HOST.format(path=sys.path))
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        pid, hosted = host.stdout.readline().split()
        host.send_signal(number)
        host.wait(20)

        wait_for_end(int(pid))
        assert hosted == "False"  # the host's main module was not imported again


def test_a_sample_belongs_to_no_job_and_costs_nothing(tmp_path: Path) -> None:
    async def run() -> tuple[bytes, bytes]:
        settings = SandboxSettings(home=tmp_path, composer="support.tiny_composer")
        sandbox = Sandbox(settings)
        await sandbox.start()
        try:
            return await sandbox.sample("a tune", seed=1), await sandbox.sample("a tune", seed=2)
        finally:
            await sandbox.stop()

    one, other = asyncio.run(run())
    assert one[:4] == b"RIFF"
    assert one != other
    assert not list((tmp_path / "media").iterdir())
