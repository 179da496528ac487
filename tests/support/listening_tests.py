"""Listening tests whose tracks really sound, and the services that a link to them needs."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import soundfile
from support.comparison_rows import new_comparison, new_test, variants
from support.library_rows import in_state, measured_track

from lyria_studio.library import Library
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.generation import Generation
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.model.states import State
from lyria_studio.services import Services

RATE_HZ = 44_100
SECONDS = 6.0
PROMPTS = {
    "A": "Warm secret lo-fi with Rhodes, 80 BPM",
    "B": "Warm secret lo-fi with harpsichord, 80 BPM",
    "C": "Warm secret lo-fi with accordion, 80 BPM",
}


@cache
def tune(letter: str, take: int = 1, seconds: float = SECONDS) -> bytes:
    """A short tune as WAV: another one, and of another loudness, for every letter and take."""
    time = np.arange(int(RATE_HZ * seconds)) / RATE_HZ
    rng = np.random.default_rng([ord(letter), take])
    steps = rng.integers(0, 12, size=int(seconds * 4) + 1)[(time * 4).astype(int)]
    notes = np.sin(2 * np.pi * np.cumsum(220 * 2 ** (steps / 12)) / RATE_HZ)
    fading = np.exp(-4 * (time * 4 % 1))
    level = 0.25 + 0.1 * ((ord(letter) + take) % 5)
    buffer = io.BytesIO()
    soundfile.write(buffer, level * notes * fading, RATE_HZ, format="WAV")
    return buffer.getvalue()


def take(
    library: Library, letter: str, number: int = 1, seconds: float = SECONDS, **order: Any
) -> Generation:
    """A generation whose track can be heard."""
    given = {"prompt": PROMPTS[letter]} | order
    one = in_state(library, State.DOWNLOADING, **given)
    path = library.home / "tracks" / one.id / "output.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(tune(letter, number, seconds))
    name = f"secret-name-of-{letter}{number}.wav"
    track = replace(measured_track(path), file_name=name, media_type="audio/wav")
    library.jobs.track_stored(one.id, track)
    return library.tracks.generation(one.id)


def sounding_comparison(
    library: Library, letters: str = "AB", takes: int = 1, seconds: float = SECONDS, **order: Any
) -> Comparison:
    """A comparison of which every take can be heard."""
    asked = tuple(variants(one, prompt=PROMPTS[one])[0] for one in letters)
    saved = library.listening.save_comparison(new_comparison(letters, takes, variants=asked))
    filling = {
        (slot.letter, slot.take): take(library, slot.letter, slot.take, seconds, **order).id
        for slot in saved.slots
    }
    return library.listening.fill_slots(saved.id, filling)


def opened(
    services: Services, letters: str = "AB", takes: int = 1, seconds: float = SECONDS, **test: Any
) -> ListeningTest:
    """A listening test that was opened and whose blind copies are there."""
    comparison = sounding_comparison(services.library, letters, takes, seconds)
    found = services.library.listening.open_test(new_test(comparison, **test))
    prepared(services, found.id)
    return services.library.listening.test(found.id)


def prepared(services: Services, test_id: str) -> None:
    """Make the blind copies and wait for them."""
    services.prepare_test(test_id)
    services.preparations.wait(timeout=60)
