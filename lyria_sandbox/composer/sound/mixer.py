"""Mixing: every part to its level, place and distance."""

import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.score import Note, Part, Score
from lyria_sandbox.composer.sound.choir import sing
from lyria_sandbox.composer.sound.drum_machines import play_drum_machine
from lyria_sandbox.composer.sound.dynamics import ride
from lyria_sandbox.composer.sound.filters import (
    RunningFilter,
    blocks,
    filter_in_place,
    highpass,
    lowpass,
)
from lyria_sandbox.composer.sound.kit import Kit
from lyria_sandbox.composer.sound.reverb import Room
from lyria_sandbox.composer.sound.sampler import LONGEST_S, articulation, play_note
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, amplitude, middle, scale
from lyria_sandbox.composer.sound.synths import SYNTHS, SynthRack
from lyria_sandbox.composer.tables.patches import SELF_SUFFICIENT, SINGING

_LEVEL_DB: Mapping[str, float] = {
    "drums": -17.0,
    "percussion": -25.0,
    "timpani": -23.0,
    "bass": -18.5,
    "comp": -22.5,
    "double": -24.5,
    "effects": -31.0,
    "pad": -26.5,
    "pad2": -26.5,
    "arp": -26.0,
    "lead": -19.5,
    "counter": -24.5,
    "harmony": -25.5,
    "voice": -19.0,
}
"""RMS of each role where it plays, in dBFS before mastering."""

_LEFT_HAND_DB = -2.5
_SUB_DB = -3.0
_SUB_BASSES = frozenset({"sub", "808"})
_CLUB_TONES = frozenset({"electronic", "urban"})
"""A sub bass has all its power in one octave: outside of club music it stands back."""


_SEND: Mapping[str, float] = {
    "drums": 0.10,
    "percussion": 0.25,
    "timpani": 0.40,
    "bass": 0.02,
    "comp": 0.20,
    "double": 0.20,
    "effects": 0.30,
    "pad": 0.40,
    "pad2": 0.45,
    "arp": 0.32,
    "lead": 0.32,
    "counter": 0.36,
    "harmony": 0.38,
    "voice": 0.36,
}
_PAN: Mapping[str, float] = {
    "comp": -0.18,
    "arp": 0.28,
    "lead": 0.06,
    "counter": -0.30,
    "harmony": -0.24,
    "percussion": 0.22,
}
_DOUBLED_PAN: Mapping[str, float] = {**_PAN, "comp": -0.75, "double": 0.75}
"""Two takes of a guitar stand on two sides."""

_GROUP_OF: Mapping[str, str] = {
    **dict.fromkeys(("pad", "pad2", "arp", "lead", "counter", "harmony", "voice"), "high"),
    **dict.fromkeys(("comp", "double"), "middle"),
}
_GROUPS = (("high", 155.0), ("middle", 110.0), ("rest", 0.0))
"""Who is mixed first, and from where the lows of all so far are then cleared, in Hz."""

_DUCKED = frozenset({"bass", "pad", "pad2", "comp", "double", "arp"})
_FRAMES_FOR_TWO = 125 * SAMPLE_RATE
"""Longer pieces are played a role at a time: a second stem would take too much memory."""

_STRETCH = 1 << 15
_VELOCITY_STEP = 14
_LENGTH_STEP_S = 0.05
_NOTE_CACHE_BYTES = 12 << 20
_HATS = frozenset({42, 44, 46})
_OPEN_HAT = 46
_FRAME = SAMPLE_RATE // 20
_ECHOING = frozenset({"lead", "arp", "voice", "counter", "harmony"})


def mix(plan: Plan, score: Score, kit: Kit) -> Samples:
    """Play the score.

    Args:
        plan: of the piece.
        score: its notes.
        kit: the recordings of the instruments.

    Returns:
        Stereo sound of the plan's length, before mastering.
    """
    frames = round(plan.duration_s * SAMPLE_RATE)
    dry = np.zeros((frames, 2), np.float32)
    room = Room(frames, 60 / plan.tempo_bpm)
    duck = _ducking(plan, score, frames) if plan.genre.ducking else None
    roles = dict.fromkeys(part.role for part in score.parts)
    pans = _DOUBLED_PAN if "double" in roles else _PAN
    workers = min(2, _cores(), len(roles)) if frames <= _FRAMES_FOR_TWO else 1
    # The same for all groups: a stem of three minutes takes 69 MB.
    buffers = [np.zeros((frames, 2), np.float32) for _ in range(workers)]
    for group, lows_from_hz in _GROUPS:
        here = [role for role in roles if _GROUP_OF.get(role, "rest") == group]
        for role, stem, gain in _stems(here, plan, score, kit, buffers):
            _add(
                stem, dry, room, role, gain, pans.get(role, 0.0), duck if role in _DUCKED else None
            )
        if lows_from_hz:
            filter_in_place(dry, highpass(lows_from_hz))
    room.add_to(dry, plan.reverb_s, 0.9)
    ride(dry, plan)
    return dry


def _stems(
    roles: list[str], plan: Plan, score: Score, kit: Kit, buffers: list[Samples]
) -> Iterator[tuple[str, Samples, float]]:
    """Play roles, as many at a time as there are buffers, and yield them in their order."""
    rack = SynthRack(60 / plan.tempo_bpm)

    def play(role: str, stem: Samples) -> float:
        stem[:] = 0
        parts = [part for part in score.parts if part.role == role]
        for part in parts:
            _play_part(part, score, kit, rack, stem)
        patches = {part.patch for part in parts}
        _shape(stem, role, patches)
        return _gain(stem, _level_db(role, plan, patches))

    if len(buffers) == 1:
        for role in roles:
            yield role, buffers[0], play(role, buffers[0])
        return
    with ThreadPoolExecutor(len(buffers)) as pool:
        waiting = deque(roles)
        playing: deque[tuple[str, Samples, Future[float]]] = deque()
        while waiting or playing:
            while waiting and buffers:
                stem, role = buffers.pop(), waiting.popleft()
                playing.append((role, stem, pool.submit(play, role, stem)))
            role, stem, gain = playing.popleft()
            yield role, stem, gain.result()
            buffers.append(stem)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _add(
    stem: Samples,
    dry: Samples,
    room: Room,
    role: str,
    gain: float,
    pan: float,
    duck: Samples | None,
) -> None:
    """Add a stem to the mix and to the room, in stretches that stay in the processor's cache."""
    left, right = (np.float32(gain * np.sqrt(1 + side * pan)) for side in (-1, 1))
    for start in range(0, len(stem), _STRETCH):
        part = stem[start : start + _STRETCH]
        if not part.any():
            continue
        scale(part, left, right)
        if duck is not None:
            scale(part, duck[start : start + _STRETCH])
        dry[start : start + _STRETCH] += part
        room.send(part, start, _SEND[role], echoes=role in _ECHOING)


def _level_db(role: str, plan: Plan, patches: set[str]) -> float:
    level = _LEVEL_DB[role] + plan.levels.get(role, 0.0)
    if role == "drums":
        level += plan.genre.drums_db
    if role == "bass" and patches <= SELF_SUFFICIENT:
        # The left hand of a piano is not a bass guitar.
        level += _LEFT_HAND_DB
    if role == "bass" and patches <= _SUB_BASSES and plan.genre.tone not in _CLUB_TONES:
        level += _SUB_DB
    return level


def _play_part(part: Part, score: Score, kit: Kit, rack: SynthRack, stem: Samples) -> None:
    """Add the notes of a part to its stem."""
    frames = len(stem)
    starts = [score.tempo_map.seconds(note.beat) for note in part.notes]
    hats = sorted(
        start for start, note in zip(starts, part.notes, strict=True) if note.pitch in _HATS
    )
    early_s = articulation(part.patch).early_s
    cache: dict[tuple[int, int, float], Samples] = {}
    cached_bytes = 0
    for start, note in zip(starts, part.notes, strict=True):
        at = max(0, int((start + note.nudge_s - early_s) * SAMPLE_RATE))
        if at >= frames - 64:
            continue
        seconds = score.tempo_map.seconds(note.beat + note.beats) - start
        key = _sound_key(part, note, seconds)
        sound = cache.get(key)
        if sound is None:
            sound = _sound(part, key, kit, rack)
            if cached_bytes + sound.nbytes <= _NOTE_CACHE_BYTES:
                cache[key] = sound
                cached_bytes += sound.nbytes
        if part.role == "drums" and note.pitch == _OPEN_HAT:
            sound = _choked(sound, start, hats)
        sound = sound[: frames - at]
        stem[at : at + len(sound)] += sound * np.float32((note.velocity / 127) ** 1.7)


def _sound_key(part: Part, note: Note, seconds: float) -> tuple[int, int, float]:
    if part.patch.startswith(("kit", "@")):
        seconds = 0.5
    steps = max(1, round(min(seconds, LONGEST_S) / _LENGTH_STEP_S))
    return note.pitch, note.velocity // _VELOCITY_STEP, round(steps * _LENGTH_STEP_S, 2)


def _sound(part: Part, key: tuple[int, int, float], kit: Kit, rack: SynthRack) -> Samples:
    pitch, level, seconds = key
    velocity = min(127, level * _VELOCITY_STEP + _VELOCITY_STEP // 2)
    patch = part.patch
    if patch.startswith("@"):
        return play_drum_machine(patch, pitch)
    if patch.startswith(SINGING):
        return sing(patch.removeprefix(SINGING), pitch, seconds)
    if patch in SYNTHS:
        return rack.play(patch, pitch, velocity, seconds)
    melodic = part.role in ("lead", "voice", "counter", "harmony")
    return play_note(kit, patch, pitch, velocity, seconds, vibrato=melodic)


def _choked(sound: Samples, start: float, hats: list[float]) -> Samples:
    """Close an open hi-hat at the next stroke."""
    following = next((hat for hat in hats if hat > start + 0.02), None)
    if following is None or (following - start) * SAMPLE_RATE >= len(sound):
        return sound
    short = sound[: int((following - start) * SAMPLE_RATE)].copy()
    fade = min(480, len(short))
    short[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    return short


def _shape(stem: Samples, role: str, patches: set[str]) -> None:
    """Amplify guitars and put the bass in the middle."""
    if patches & {"overdrive", "dist"} and patches <= {"overdrive", "dist"}:
        drive = 5.0 if "dist" in patches else 1.6
        # Without a copy of the stem, which would be the peak of the memory.
        peak = max(float(stem.max()), -float(stem.min()), 1e-6)
        np.multiply(stem, np.float32(drive / peak), out=stem)
        np.tanh(stem, out=stem)
        filter_in_place(stem, lowpass(3600 if role == "lead" else 4600))
    if role == "bass":
        running = RunningFilter(lowpass(5000), channels=1)
        for block in blocks(stem):
            block[:] = running(middle(block)[:, None])


def _gain(stem: Samples, level_db: float) -> float:
    """Return what brings a stem to its level where it plays; 0 for silence."""
    usable = len(stem) // _FRAME * _FRAME
    frames = stem[:usable].reshape(-1, 2 * _FRAME)
    rms = np.sqrt(np.einsum("ij,ij->i", frames, frames) / (2 * _FRAME))
    if not len(rms) or rms.max() <= 0:
        return 0.0
    playing = rms[rms > rms.max() * 0.03]
    level = float(np.sqrt((playing.astype(np.float64) ** 2).mean()))
    return amplitude(level_db) / level


def _ducking(plan: Plan, score: Score, frames: int) -> Samples:
    """Make the gain by which every kick pushes the rest down."""
    duck = np.ones(frames, np.float32)
    dip = 1 - 0.65 * np.exp(-np.arange(int(0.35 * SAMPLE_RATE)) / SAMPLE_RATE / 0.1)
    for note in score.role("drums"):
        if note.pitch == 36:
            at = int(score.tempo_map.seconds(note.beat) * SAMPLE_RATE)
            part = duck[at : at + len(dip)]
            np.minimum(part, dip[: len(part)], out=part)
    return duck
