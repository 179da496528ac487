"""The instrument kit: recorded notes, decoded and tuned when they are first needed."""

import io
import json
import threading
import zipfile
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import IO, Any

import numpy as np
import soundfile
import soxr

from lyria_sandbox.composer.sound.cache import SoundCache
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

_DECODED_BYTES = 16 << 20
_TUNED_BYTES = 24 << 20
_DECODED_MORE = 1 << 15
_LONGEST_NOTE_S = 16.0
_MADE_S = (0.6, 1.2, 2.0, 3.0, 4.5, 6.5, 9.0, 12.0, _LONGEST_NOTE_S)
"""Lengths in which recordings are tuned: most notes are short, and short ones are made fast."""

_FADE = 64


@dataclass(frozen=True)
class Zone:
    """One recording and the keys it serves.

    Attributes:
        number: Identity within the kit.
        keys: Lowest and highest MIDI key.
        velocities: Lowest and highest velocity.
        sample: Name of the recording.
        root: MIDI key it was recorded at.
        tune_cents: Correction of its pitch.
        key_scale_cents: Cents a key: 100, or less for drums.
        rate_hz: Its sample rate.
        loop: First and last frame of its loop, or None.
        attenuation_db: Attenuation.
        pan: -1 left to 1 right.
        envelope: Attack, hold, decay in seconds, fall of the decay in dB, release in seconds.
        cutoff_hz: Low-pass of the loudest notes, or None.
    """

    number: int
    keys: tuple[int, int]
    velocities: tuple[int, int]
    sample: str
    root: int
    tune_cents: float
    key_scale_cents: float
    rate_hz: float
    loop: tuple[int, int] | None
    attenuation_db: float
    pan: float
    envelope: tuple[float, float, float, float, float]
    cutoff_hz: float | None


class Kit:
    """A kit of sampled instruments in a zip archive with a manifest."""

    def __init__(self, archive: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(archive)
        self._lock = threading.Lock()
        self._decoded = SoundCache(_DECODED_BYTES)
        self._asked: dict[str, int] = {}
        self._tuned = SoundCache(_TUNED_BYTES)

    @cached_property
    def instruments(self) -> dict[str, tuple[Zone, ...]]:
        """The zones of every instrument by its patch."""
        manifest = json.loads(self._archive.read("manifest.json"))
        number = 0
        instruments: dict[str, tuple[Zone, ...]] = {}
        for name, entry in manifest["inst"].items():
            zones = []
            for raw in entry["zones"]:
                zones.append(_zone(number, raw))
                number += 1
            instruments[name] = tuple(zones)
        return instruments

    def zones(self, patch: str, key: int, velocity: int) -> list[Zone]:
        """List the recordings that sound for a key and velocity.

        Args:
            patch: name of the instrument.
            key: MIDI number of the note.
            velocity: 0 to 127.
        """
        return [
            zone
            for zone in self.instruments[patch]
            if zone.keys[0] <= key <= zone.keys[1]
            and zone.velocities[0] <= velocity <= zone.velocities[1]
        ]

    def tuned(self, zone: Zone, key: int, seconds: float) -> Samples:
        """Return a recording at the pitch of a key and at `SAMPLE_RATE`.

        Args:
            zone: The recording.
            key: MIDI key.
            seconds: Wanted length; a recording without a loop may be shorter.
        """
        seconds = min(seconds, _LONGEST_NOTE_S)
        # The length decides which version is used, and not what happens to be cached: a longer one
        # ends otherwise, and equal orders must give equal files.
        made_s = next(length for length in _MADE_S if seconds <= length)
        made = self._tuned.get((zone.number, key, made_s))
        if made is None:
            made = self._tune(zone, key, made_s)
            self._tuned.put((zone.number, key, made_s), made)
        return made

    def _tune(self, zone: Zone, key: int, seconds: float) -> Samples:
        cents = (key - zone.root) * zone.key_scale_cents + zone.tune_cents
        ratio = 2 ** (cents / 1200) * zone.rate_hz / SAMPLE_RATE
        wanted = int(seconds * SAMPLE_RATE * ratio) + 8
        source = self._decode(zone.sample, wanted)
        if zone.loop is not None and zone.loop[1] < wanted:
            start, end = zone.loop
            turns = (wanted - end) // (end - start) + 1
            source = np.concatenate([source[:end], np.tile(source[start:end], turns)])
        source = source[:wanted]
        tuned: Samples = soxr.resample(source, SAMPLE_RATE * ratio, SAMPLE_RATE, quality="LQ")
        tuned = np.ascontiguousarray(tuned, dtype=np.float32)
        fade = min(_FADE, len(tuned))
        tuned[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        return tuned

    def _decode(self, name: str, frames: int) -> Samples:
        """Return at least the first frames of a recording, or all of a shorter one."""
        with self._lock:
            cached, asked = self._decoded.get(name), self._asked.get(name, 0)
            if cached is not None and (len(cached) >= frames or len(cached) < asked):
                return cached
            # More than asked for: the next note of this recording is often longer.
            asked = self._asked[name] = max(frames + _DECODED_MORE, 2 * asked)
            with soundfile.SoundFile(io.BytesIO(self._archive.read(name))) as file:
                sound: Samples = file.read(asked, dtype="float32")
            self._decoded.put(name, sound)
            return sound


def _zone(number: int, raw: dict[str, Any]) -> Zone:
    looped = bool(raw["loop"]) and raw["le"] > raw["ls"] + 8
    return Zone(
        number=number,
        keys=(raw["k"][0], raw["k"][1]),
        velocities=(raw["v"][0], raw["v"][1]),
        sample=raw["s"],
        root=raw["root"],
        tune_cents=raw["tune"],
        key_scale_cents=raw["scale"],
        rate_hz=raw["sr"],
        loop=(raw["ls"], raw["le"]) if looped else None,
        attenuation_db=raw["att"],
        pan=raw["pan"],
        envelope=tuple(raw["env"]),
        cutoff_hz=raw["fc"] or None,
    )


_kit: Kit | None = None
_kit_lock = threading.Lock()


def load_kit() -> Kit:
    """Return the kit of this process, opened when it is first asked for."""
    global _kit  # one kit a process: its caches are what makes it fast
    with _kit_lock:
        if _kit is None:
            _kit = Kit(files("lyria_sandbox").joinpath("kit/kit.zip").open("rb"))
        return _kit
