"""Sounds whose every sample is known, and a page of their own on which they are played in step."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from support.serve import serve

from lyria_studio.host import ASSETS

RATE_HZ = 48_000
Samples = NDArray[np.float64]

_HERE = Path(__file__).parent
_SIDE_STEPS = 8_000  # eight sides of a thousand positions each, in the left channel
_BLOCK = 1_000


def coded(side: int, seconds: float) -> Samples:
    """A sound that says in each sample which side it is and where: left the side and the position
    within a thousand samples, right which thousand it is. Shape (frames, 2)."""
    at = np.arange(round(seconds * RATE_HZ))
    left = (side * _BLOCK + at % _BLOCK + 0.5) / _SIDE_STEPS
    right = (at // _BLOCK + 0.5) / _BLOCK
    return np.stack([left, right], axis=1)


def decoded(sound: Samples) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Read side and position from what was played of coded sounds."""
    left = np.floor(sound[:, 0] * _SIDE_STEPS).astype(np.int64)
    thousand = np.floor(sound[:, 1] * _BLOCK).astype(np.int64)
    return left // _BLOCK, thousand * _BLOCK + left % _BLOCK


def music(seed: int, seconds: float, channels: int = 2, level: float = 0.5) -> Samples:
    """Plucked chords over soft noise, different for each seed. Shape (frames, channels)."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    sound = np.zeros((len(time), channels))
    for tone in 55 * 2 ** (rng.choice(48, 7, replace=False) / 12):
        pluck = np.exp(-3 * ((time * rng.choice([1, 1.5, 2]) + rng.uniform()) % 1))
        wave = np.sin(2 * np.pi * tone * time + rng.uniform(0, 6)) * pluck
        sound += wave[:, None] * rng.uniform(0.4, 1, channels)
    sound += 0.1 * rng.standard_normal(sound.shape)
    scaled: Samples = level * sound / np.abs(sound).max()
    return scaled


def wav(sound: Samples, rate_hz: int = RATE_HZ) -> bytes:
    """As a file of floats, which no step between here and the ear rounds."""
    return encoded(sound, rate_hz, "WAV", "FLOAT")


def encoded(sound: Samples, rate_hz: int, kind: str, subtype: str | None = None) -> bytes:
    """As a file of a kind that soundfile knows."""
    file = io.BytesIO()
    soundfile.write(file, sound.astype(np.float32), rate_hz, format=kind, subtype=subtype)
    return file.getvalue()


@contextmanager
def serving(sounds: Mapping[str, bytes]) -> Iterator[str]:
    """Serve sounds by name, the engine and an empty page that can drive it."""

    async def sound(request: Request) -> Response:
        content = sounds.get(request.path_params["name"])
        return Response(status_code=404) if content is None else Response(content)

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(
            "<!doctype html><html lang=en><title>In step</title><link rel=icon href='data:,'>"
            "<script type=module>window.harness = await import('/harness.js')</script></html>"
        )

    def script(name: str) -> Any:
        async def answer(request: Request) -> Response:
            return Response((_HERE / name).read_text("utf-8"), media_type="text/javascript")

        return answer

    routes = [
        Route("/", page),
        Route("/harness.js", script("instep_harness.js")),
        Route("/recorder.js", script("instep_recorder.js")),
        Route("/sounds/{name}", sound),
        Mount("/assets", StaticFiles(directory=ASSETS)),
    ]
    with serve(Starlette(routes=routes)) as url:
        yield url


def open_page(page: Page, url: str) -> None:
    """Open the empty page and wait for the engine."""
    page.goto(url)
    page.wait_for_function("() => window.harness")


def rendered(page: Page, **order: Any) -> tuple[Samples, dict[str, Any]]:
    """What the engine plays, computed exactly. Shape (frames, 2), and what the engine says."""
    return _unpacked(page.evaluate("order => harness.render(order)", order))


def recorded(page: Page, act: str, **order: Any) -> tuple[Samples, dict[str, Any]]:
    """What the engine plays in a live context while a function of (player, context) is run."""
    return _unpacked(page.evaluate(f"order => harness.record(order, {act})", order))


def _unpacked(result: dict[str, Any]) -> tuple[Samples, dict[str, Any]]:
    channels = [
        np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float64)
        for text in result.pop("channels")
    ]
    return np.stack(channels, axis=1), result
