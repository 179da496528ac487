"""Notes from the kit's recordings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.signal import lfilter

from lyria_sandbox.composer.sound.kit import Kit, Zone
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, amplitude
from lyria_sandbox.composer.tables.patches import PATCH_ALIASES

LONGEST_S = 15.0
_DRUM_LONGEST_S = 2.5
_SHORTEST = 32
_SOFT_STROKE_S = 0.004

VIBRATO_CENTS = {
    "violin": 14.0,
    "cello": 12.0,
    "flute": 10.0,
    "oboe": 9.0,
    "tsax": 10.0,
    "asax": 10.0,
    "trumpet": 7.0,
    "oohs": 14.0,
    "solovox": 14.0,
    "harmonica": 10.0,
    "clarinet": 5.0,
    "trombone": 6.0,
}
_VIBRATO_HZ, _VIBRATO_DELAY_S, _VIBRATO_ONSET_S = 5.3, 0.22, 0.35


@dataclass(frozen=True)
class Articulation:
    """How a player begins and ends a note.

    Attributes:
        attack_s: Attack in place of the recording's own, or None.
        longest_s: Longest note, or None.
        early_s: How much before the beat the player starts, so that the note speaks on it.
    """

    attack_s: float | None = None
    longest_s: float | None = None
    early_s: float = 0.0


ARTICULATIONS: Mapping[str, Articulation] = {
    "spicc": Articulation(attack_s=0.012, longest_s=0.16),
    "strings": Articulation(attack_s=0.07, early_s=0.03),
    "slowstr": Articulation(attack_s=0.3, early_s=0.08),
    "trem": Articulation(attack_s=0.15, early_s=0.04),
    "choir": Articulation(attack_s=0.12, early_s=0.05),
    "space": Articulation(attack_s=0.3, early_s=0.05),
    "halo": Articulation(attack_s=0.15, early_s=0.03),
    "oohs": Articulation(early_s=0.02),
    "warmpad": Articulation(attack_s=0.4, early_s=0.06),
}
"""Patches that need help to speak in time."""

_PLAIN = Articulation()


def articulation(patch: str) -> Articulation:
    """Return how a patch is played."""
    return ARTICULATIONS.get(patch, _PLAIN)


def play_note(
    kit: Kit, patch: str, key: int, velocity: int, seconds: float, *, vibrato: bool = False
) -> Samples:
    """Play a note.

    Args:
        kit: The kit.
        patch: An instrument of the kit.
        key: MIDI key.
        velocity: 1 to 127; it changes the colour, while the level is left to the mixer.
        seconds: How long the key is held.
        vibrato: Whether a melodic player may colour long notes.

    Returns:
        Stereo sound, `(frames, 2)`; empty where the instrument has no such key.
    """
    speaking = articulation(patch)
    seconds = min(seconds, speaking.longest_s or LONGEST_S)
    patch = PATCH_ALIASES.get(patch, patch)
    zones = kit.zones(patch, key, velocity)
    if speaking.attack_s is not None:
        zones = [with_attack(zone, speaking.attack_s) for zone in zones]
    drum = patch.startswith("kit")
    parts = [
        (zone, _play_zone(kit, patch, zone, key, velocity, seconds, drum=drum, vibrato=vibrato))
        for zone in zones
    ]
    length = max((len(part) for _, part in parts), default=0)
    out = np.zeros((length, 2), np.float32)
    for zone, part in parts:
        angle = (zone.pan + 1) * np.pi / 4
        out[: len(part), 0] += part * np.float32(1.2 * np.cos(angle))
        out[: len(part), 1] += part * np.float32(1.2 * np.sin(angle))
    return out


def with_attack(zone: Zone, attack_s: float) -> Zone:
    """Return a zone whose notes begin faster or slower."""
    return replace(zone, envelope=(attack_s, *zone.envelope[1:]))


def _play_zone(
    kit: Kit,
    patch: str,
    zone: Zone,
    key: int,
    velocity: int,
    seconds: float,
    *,
    drum: bool,
    vibrato: bool,
) -> Samples:
    release = min(zone.envelope[4], 1.2)
    ringing = min(seconds, LONGEST_S) + min(release * 0.7, 0.9) + 0.02
    wanted = _DRUM_LONGEST_S if drum else ringing
    tuned = kit.tuned(zone, key, wanted)
    frames = min(len(tuned), int(wanted * SAMPLE_RATE))
    if frames < _SHORTEST:
        return np.zeros(0, np.float32)
    sound = tuned[:frames]
    cents = VIBRATO_CENTS.get(patch, 0.0) if vibrato and seconds > 0.3 else 0.0
    sound = _with_vibrato(tuned, frames, cents) if cents else sound.copy()
    if drum:
        softened = zone.envelope[0] + _SOFT_STROKE_S * (1 - velocity / 127)
        zone = with_attack(zone, softened)
    sound *= _envelope(zone, frames, seconds, release, drum)
    sound *= np.float32(amplitude(-zone.attenuation_db))
    # A drum has one recording: a soft stroke is darker and speaks later.
    touch = 0.2 + 0.8 * velocity / 127 if drum else 0.5 + 1.1 * (velocity / 127) ** 1.4
    cutoff = (zone.cutoff_hz or 19_000) * touch
    if cutoff < 12_000:
        sound = _one_pole(sound, cutoff)
    return sound


def _with_vibrato(tuned: Samples, frames: int, cents: float) -> Samples:
    """Read a note with a pitch that swings after a short delay."""
    time = np.arange(frames, dtype=np.float64) / SAMPLE_RATE
    depth = cents * np.clip((time - _VIBRATO_DELAY_S) / _VIBRATO_ONSET_S, 0, 1)
    speed = 2 ** (depth * np.sin(2 * np.pi * _VIBRATO_HZ * time) / 1200)
    position = np.minimum(np.cumsum(speed) - speed[0], len(tuned) - 1)
    read: Samples = np.interp(position, np.arange(len(tuned)), tuned).astype(np.float32)
    return read


def _envelope(zone: Zone, frames: int, seconds: float, release: float, drum: bool) -> Samples:
    attack, hold, decay, fall_db, _ = zone.envelope
    envelope = np.ones(frames, np.float32)
    ramp = min(frames, max(96, int(attack * SAMPLE_RATE)))
    envelope[:ramp] = np.linspace(0, 1, ramp, dtype=np.float32)
    start = int((attack + hold) * SAMPLE_RATE)
    if fall_db > 0 and start < frames:
        time = np.arange(frames - start, dtype=np.float32) / SAMPLE_RATE
        fall = np.exp(-time * np.float32(11.5 / max(decay, 0.05)))
        envelope[start:] *= np.maximum(fall, np.float32(amplitude(-fall_db)))
    if drum:
        tail = min(frames, 800)
    else:
        tail = min(frames, 64)
        end = int(seconds * SAMPLE_RATE)
        if end < frames:
            time = np.arange(frames - end, dtype=np.float32) / SAMPLE_RATE
            envelope[end:] *= np.exp(-time * np.float32(11.5 / max(release, 0.06)))
    envelope[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)
    return envelope


@lru_cache(maxsize=256)
def _pole(cutoff_hz: int) -> float:
    return float(np.exp(-2 * np.pi * cutoff_hz / SAMPLE_RATE))


def _one_pole(sound: Samples, cutoff_hz: float) -> Samples:
    """Darken a note gently, as soft strokes are."""
    pole = np.float32(_pole(round(cutoff_hz)))
    numerator = np.array([1 - pole], np.float32)
    darkened: Samples = lfilter(numerator, np.array([1, -pole], np.float32), sound)
    return darkened
