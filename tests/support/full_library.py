"""A library with a generation in every state, made before the app starts.

Ready tracks have a real file. What fails does so at the sandbox, by the marks of its table, once
the app's worker has begun: the words on the cards are the ones that a person would read.
"""

from __future__ import annotations

import hashlib
import io
import os
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from support.app_process import ROOT, RunningApp, free_port, running_app
from support.library_rows import Clock, in_state, takes

from lyria_core import MODELS
from lyria_studio.audio.peaks import PeakCollector
from lyria_studio.keys import access_for
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation, NewTrack
from lyria_studio.model.states import State
from lyria_studio.settings import Settings

SECONDS = 30
RATE_HZ = 8_000

READY = "Warm lo-fi hip hop, 80 BPM, D minor, Rhodes and jazz guitar"
STUCK = "Smoky late-night jazz trio, 110 BPM, double bass and piano"
FAILED = "Marching band in the rain, 112 BPM"
UNKNOWN = "Solo cello suite, slow and grave"
REFUSED = "Epic trailer with choir, 90 BPM"
UNDELIVERED = "Bossa nova at dusk, nylon guitar, 126 BPM"
ERROR = "Disco strings and handclaps, 118 BPM"
WAITING = "Piano ballad, 70 BPM, in F major"

LONG = ("A very long story of a song. " * 800)[:20_000]
ODD_PROMPTS = {
    "right to left": "موسيقى عربية هادئة مع العود والناي، ٩٠ نبضة في الدقيقة",
    "hebrew": "מוזיקת קליימזר עליזה עם קלרינט ואקורדיון",
    "chinese": "温暖的低保真嘻哈，每分钟八十拍，电钢琴与爵士吉他，适合深夜学习时聆听",
    "japanese": "静かなピアノと尺八、七十拍、雨の夜のような雰囲気で",
    "emoji": "🎷🌧️ Rainy sax 👩‍🎤🏳️‍🌈 with 🥁 brushes 🇧🇷",
    "html": "<b>Bold</b> <img src=x onerror=alert(1)> & &amp; <script>alert(2)</script> polka",
    "markdown": "# Loud **rock** _fast_ `code` [link](https://example.com) $5 $6 :red[x]",
    "one word": "Superkalifragilistikexpialigetisch" * 6,
    "long": LONG,
}


@contextmanager
def running_full_app(home: Path) -> Iterator[RunningApp]:
    """Start the app with a populated library, and with images that need no internet."""
    port = free_port()
    populate(home, f"http://127.0.0.1:{port}")
    env = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    with running_app(home, env, port, "tests/support/pictured_app.py") as app:
        yield app


def populate(home: Path, app_url: str) -> None:
    """Fill the library of an app that will be started at this address.

    Args:
        home: the library's folder.
        app_url: where the app will answer; its sandbox is mounted there.
    """
    sandbox = f"{app_url}/sandbox"
    mine = access_for(Settings(home=home), sandbox)
    order: dict[str, Any] = {
        "gateway": "sandbox",
        "base_url": sandbox,
        "fingerprint": mine.fingerprint,
    }
    clock = Clock(datetime.now(UTC) - timedelta(days=3))
    with Library(home, clock=clock) as library:
        for number, prompt in enumerate(ODD_PROMPTS.values()):
            model = list(MODELS)[number % len(MODELS)]
            _ready(library, prompt=prompt, model=model, **order)
            clock.forward(minutes=7)
        clock.now = datetime.now(UTC) - timedelta(days=1)
        in_state(
            library, State.QUEUED, prompt=WAITING, gateway="live", base_url="https://pixazo.example"
        )
        clock.forward(minutes=2)
        in_state(library, State.CANCELLED, prompt="Cancelled waltz, 100 BPM", **order)
        _lost(library, **order)
        clock.now = datetime.now(UTC) - timedelta(minutes=9)
        for prompt in (f"{ERROR} [[error]]", f"{FAILED} [[fail]]", f"{UNKNOWN} [[500]]"):
            library.jobs.order(takes(prompt=prompt, **order))
            clock.forward(minutes=1)
        _refused(library, **order)
        for take in ("first", "second", "third"):
            _ready(library, prompt=f"{READY}, {take} idea", **order)
            clock.forward(minutes=1)
        library.jobs.order(takes(prompt=f"{STUCK} [[stuck]]", **order))


def _ready(library: Library, **order: Any) -> Generation:
    generation = in_state(library, State.DOWNLOADING, **order)
    path = library.home / "tracks" / generation.id / "output.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(_tune())
    library.jobs.track_stored(generation.id, _measured(path))
    return library.tracks.generation(generation.id)


def _lost(library: Library, **order: Any) -> None:
    one = in_state(library, State.DOWNLOADING, prompt=UNDELIVERED, **order)
    library.jobs.download_failed(one.id, error="The host of the track answered 404 for a day.")


def _refused(library: Library, **order: Any) -> None:
    (one,) = library.jobs.order(takes(prompt=REFUSED, **order))
    assert library.jobs.claim_for_submit(one.id)
    library.jobs.refused(
        one.id,
        error="The balance at the gateway is too low for this job, so nothing was charged.",
        advice="Add money to the account there and order again.",
        http_status=402,
    )


def _sound() -> npt.NDArray[np.float64]:
    """Notes that fade, in a piece that swells: its waveform has a shape to look at."""
    time = np.arange(SECONDS * RATE_HZ) / RATE_HZ
    steps = np.array([0, 3, 7, 10, 12, 10, 7, 3])[(time * 2).astype(int) % 8]
    phase = 2 * np.pi * np.cumsum(220 * 2 ** (steps / 12)) / RATE_HZ
    swell: npt.NDArray[np.float64] = np.sin(np.pi * time / SECONDS) * np.exp(-3 * (time * 2 % 1))
    return 0.6 * swell * np.sin(phase)


@cache
def _tune() -> bytes:
    """The sound as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as track:
        track.setnchannels(1)
        track.setsampwidth(2)
        track.setframerate(RATE_HZ)
        track.writeframes((_sound() * 32_767).astype("<i2").tobytes())
    return file.getvalue()


@cache
def _peaks() -> bytes:
    collector = PeakCollector(SECONDS * RATE_HZ)
    collector.add(_sound().astype(np.float32))
    return collector.result()


def _measured(path: Path) -> NewTrack:
    return NewTrack(
        path=path,
        file_name=path.name,
        media_type="audio/wav",
        size_bytes=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        duration_s=SECONDS,
        sample_rate_hz=RATE_HZ,
        channels=1,
        peaks=_peaks(),
        loudness_lufs=-14.2,
        true_peak_dbtp=-1.1,
    )
