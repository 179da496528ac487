"""A composer in the smallest form that the sandbox's gateway can render with.

It imports nothing heavy, so that tests of the gateway start renderers in a blink. The first word of
a prompt can make it misbehave: ``die`` (ends its process), ``raise``, ``long`` (20 MB of audio) and
``wait PATH`` (renders once the file exists).
"""

from __future__ import annotations

import io
import os
import sys
import threading
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MIDI = b"MThd and no notes"
rehearsed = 0


@dataclass(frozen=True)
class Order:
    """What the gateway orders."""

    model: str
    prompt: str
    negative_prompt: str = ""
    seed: int = 0
    images: tuple[str, ...] = ()
    image_looks: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Rendered:
    """What the gateway gets."""

    audio: bytes
    media_type: str
    extension: str
    duration_s: float
    understood: dict[str, Any]
    midi: bytes = MIDI


def warm() -> None:
    """Load nothing."""


def rehearse() -> Iterator[str]:
    """Count the rehearsals."""
    for number in range(1, 3):
        global rehearsed
        rehearsed = number
        yield "a tune"


def render(order: Order) -> Rendered:
    """Return a second of a WAV whose samples spell the seed."""
    word, _, rest = order.prompt.partition(" ")
    if word == "die":
        os._exit(7)
    if word == "raise":
        raise ValueError(order.prompt)
    if word == "wait":
        path = Path(rest)
        while not path.exists():
            threading.Event().wait(0.01)
    print("what a library prints must not reach the gateway")  # noqa: T201
    samples = order.seed.to_bytes(8, "little") * (2_500_000 if word == "long" else 12_000)
    file = io.BytesIO()
    with wave.open(file, "wb") as track:
        track.setnchannels(2)
        track.setsampwidth(2)
        track.setframerate(48_000)
        track.writeframes(samples)
    understood = {
        "prompt": order.prompt,
        "negative_prompt": order.negative_prompt,
        "seed": order.seed,
        "images": list(order.images),
        "image_looks": list(order.image_looks),
        "pid": os.getpid(),
        "rehearsed": rehearsed,
        "threads": os.environ.get("OMP_NUM_THREADS"),
        "host": hasattr(sys.modules.get("__mp_main__", sys.modules["__main__"]), "HOSTED"),
    }
    return Rendered(file.getvalue(), "audio/wav", "wav", 0.5, understood)
