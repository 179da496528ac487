"""Blind copies of tracks: what a listener may fetch, so that only the sound tells them apart.

All copies of a listening test begin in step, are equally long and equally loud, and are files of
exactly the same size without a tag. MP3 of constant bit rate at 48 kHz has these properties for
nothing: every frame has the same number of bytes, the encoder's delay is the same for all (1105
samples with libmp3lame), and decodeAudioData takes it in Chromium, Firefox and Safari. The header
frame that says who encoded it how is left out.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from lyria_core import Charge, LyriaError
from lyria_studio.audio.bit_rates import lower_limits, reduce_to
from lyria_studio.audio.blind_files import BlindCopies, BlindCopy, save_blind_copies
from lyria_studio.audio.decode import UnreadableAudioError, decoding, whole
from lyria_studio.audio.measure import Measured, measure
from lyria_studio.audio.segments import segment_class

__all__ = [
    "BIT_RATE",
    "MEDIA_TYPE",
    "BlindError",
    "BlindSource",
    "Interrupted",
    "make_blind_copies",
]

MEDIA_TYPE = "audio/mpeg"
BIT_RATE = 112_000
"""Bits a second: two sides of 25 s start within 15 s at 200 kbit/s, as `remuxed` sends them."""

RATE_HZ = 48_000
CHANNELS = 2
SHORTEST_S = 3.0
FADE_IN_MS = 10
FADE_OUT_MS = 30
TRUE_PEAK_DBTP = -1.0
SILENCE = 10 ** (-60 / 20)
"""The level below which a moment is silent, of full scale."""
MOST_SILENCE = 0.5
"""A side with more silence than this says nothing about its prompt."""
CLOSE_LU = 0.04
"""How far from the target a copy may be: two of them then differ by less than 0.1 LU."""

# Measured on music at 112 kbit/s: libmp3lame turns it down by 0.38 to 0.44 dB, and lets the true
# peak rise by at most 0.3 dB. A copy for which this does not hold is encoded again.
_ENCODER_LOSS_DB = 0.42
_PEAK_RISE_DB = 0.4
_ROUNDS = 5
# No header frame, no ID3: neither says anything of use, and both could differ.
_PLAIN = ["-map_metadata", "-1", "-write_xing", "0", "-id3v2_version", "0", "-write_id3v1", "0"]


class BlindError(LyriaError):
    """The copies cannot be made; the message tells the test's owner what to do."""

    default_charge = Charge.NO
    default_advice = ""


class Interrupted(Exception):  # noqa: N818 - nothing is wrong
    """The process is stopping, so the copies are not finished."""


@dataclass(frozen=True, slots=True)
class BlindSource:
    """A track that takes part.

    Attributes:
        name: what its copy is found by, e.g. "A1".
        title: what to call it to the owner where something is wrong with it, e.g. "take 1 of A".
        path: the track.
        offset_s: the place in it that is in step with the others, in seconds: the copy begins
            there. Negative: it begins that much later than the others.
        model: which model made it: takes of one model are cut to the lowest bit rate among them.
    """

    name: str
    title: str
    path: Path
    offset_s: float = 0.0
    model: str = ""


def make_blind_copies(
    sources: Sequence[BlindSource],
    folder: Path,
    *,
    excerpt: tuple[float, float | None] = (0.0, None),
    interrupted: Callable[[], bool] = lambda: False,
) -> BlindCopies:
    """Make the blind copies of some tracks in a new folder; it appears complete or not at all.

    The common length is that of the shortest from its offset on. The common loudness is the
    highest that all of them reach with a true peak of at most -1 dBTP; it is measured on the
    files as they are delivered, and those that miss it are encoded anew.

    Args:
        sources: at least two, with distinct names.
        folder: must not exist yet.
        excerpt: where the part that is heard begins, in seconds from the common start, and how
            long it is at most; None: to the end.
        interrupted: asked between the steps; once it says so, the making ends.

    Raises:
        BlindError: a track cannot be decoded, is too short or silent, or the disk does not take
            the copies.
        Interrupted: as asked.
    """
    workshop = folder.with_name(f".making-{secrets.token_hex(8)}")
    try:
        workshop.mkdir(parents=True)
        copies = _Maker(sources, workshop, excerpt, interrupted).make()
        save_blind_copies(copies, workshop)
        workshop.rename(folder)
    except OSError as error:
        raise BlindError(
            f"The copies for listening could not be written ({error.strerror}); "
            "make room on the disk and try again."
        ) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return copies


class _Maker:
    """The steps of the making, for one set of sources."""

    def __init__(
        self,
        sources: Sequence[BlindSource],
        workshop: Path,
        excerpt: tuple[float, float | None],
        interrupted: Callable[[], bool],
    ) -> None:
        self._sources = sources
        self._workshop = workshop
        self._interrupted = interrupted
        # A side that begins later than the others has nothing before: all begin where it does.
        base = min(0.0, *(source.offset_s for source in sources))
        self._limits = lower_limits(
            {source.name: (source.model, source.path) for source in sources if source.model}
        )
        start, self._longest_s = excerpt
        self._starts = {source.name: source.offset_s - base + start for source in sources}

    def make(self) -> BlindCopies:
        frames = self._common_frames()
        natural = {source.name: self._measure_cut(source, frames) for source in self._sources}
        target = min(reach(one) for one in natural.values()) - _PEAK_RISE_DB
        gains = {name: target - _loudness(one) + _ENCODER_LOSS_DB for name, one in natural.items()}
        files: dict[str, Path] = {}
        measured: dict[str, Measured] = {}
        waiting = set(gains)
        for _ in range(_ROUNDS):
            for source in self._sources:
                if source.name in waiting:
                    name = source.name
                    files[name] = self._encode(source, frames, gains[name], files.get(name))
                    measured[name] = measure(files[name])
            target = min(target, *(reach(one) for one in measured.values()))
            errors = {name: target - _loudness(one) for name, one in measured.items()}
            waiting = {name for name, error in errors.items() if abs(error) > CLOSE_LU}
            if not waiting:
                break
            for name in waiting:
                gains[name] += errors[name]
        else:
            raise BlindError("These tracks cannot be made equally loud; choose other ones.")
        sizes = {path.stat().st_size for path in self._workshop.iterdir()}
        if len(sizes) != 1:
            raise BlindError("The copies for listening came out unequal in size; try again.")
        return BlindCopies(
            duration_s=frames / RATE_HZ,
            size_bytes=sizes.pop(),
            loudness_lufs=round(target, 2),
            copies={
                name: BlindCopy(files[name].name, _loudness(one), _peak(one), one.peaks)
                for name, one in measured.items()
            },
        )

    def _step(self) -> None:
        if self._interrupted():
            raise Interrupted

    def _common_frames(self) -> int:
        shortest = min(_length_s(one) - self._starts[one.name] for one in self._sources)
        if shortest < SHORTEST_S:
            raise BlindError(
                f"The tracks have less than {SHORTEST_S:.0f} s in common; "
                "choose longer ones or smaller offsets."
            )
        longest = shortest if self._longest_s is None else self._longest_s
        return int(min(shortest, longest) * RATE_HZ)

    def _cut(self, source: BlindSource, frames: int) -> NDArray[np.float32]:
        self._step()
        samples = _decode(source)
        if source.name in self._limits:
            samples = reduce_to(samples, RATE_HZ, self._limits[source.name])
        start = round(self._starts[source.name] * RATE_HZ)
        cut = np.zeros((frames, CHANNELS), dtype=np.float32)
        part = samples[start : start + frames]
        cut[: len(part)] = part  # rounding and resampling may leave it a sample short
        return cut

    def _measure_cut(self, source: BlindSource, frames: int) -> Measured:
        path = self._workshop / "cut.wav"
        samples = self._cut(source, frames)
        if _silent_share(samples) > MOST_SILENCE:
            raise BlindError(
                f"The part of {source.title} that would be heard is silent for most of the time; "
                "choose another part or another track."
            )
        soundfile.write(path, samples, RATE_HZ, format="WAV", subtype="FLOAT")
        del samples
        try:
            found = measure(path)
        except UnreadableAudioError:
            raise _unreadable(source) from None
        path.unlink()
        if found.loudness_lufs is None or found.true_peak_dbtp is None:
            raise BlindError(
                f"The part of {source.title} that would be heard is silent or too quiet to be "
                "matched; choose another track."
            )
        return found

    def _encode(
        self, source: BlindSource, frames: int, gain_db: float, replaced: Path | None = None
    ) -> Path:
        samples = self._cut(source, frames) * np.float32(32_767 * 10 ** (gain_db / 20))
        rng = np.random.default_rng()
        # Triangular dither, so that rounding to 16 bits leaves no distortion of quiet passages.
        samples += rng.random(samples.shape, np.float32) - rng.random(samples.shape, np.float32)
        whole = np.rint(np.clip(samples, -32_767, 32_767)).astype("<i2")
        segment = segment_class()(
            whole.tobytes(), frame_rate=RATE_HZ, sample_width=2, channels=CHANNELS
        )
        del samples, whole
        self._step()
        path = self._workshop / f"{secrets.token_hex(16)}.mp3"
        from pydub.exceptions import CouldntEncodeError  # not at the top: see segment_class

        faded = segment.fade_in(FADE_IN_MS).fade_out(FADE_OUT_MS)
        rate = f"{BIT_RATE // 1000}k"
        try:
            faded.export(path, format="mp3", bitrate=rate, parameters=_PLAIN).close()
        except CouldntEncodeError:
            raise BlindError(
                f"{source.title.capitalize()} could not be encoded; try again."
            ) from None
        if replaced is not None:
            replaced.unlink()
        return path


def reach(measured: Measured) -> float:
    """Return the loudness in LUFS that a sound has when its true peak is at -1 dBTP."""
    return _loudness(measured) + TRUE_PEAK_DBTP - _peak(measured)


def _silent_share(samples: NDArray[np.float32]) -> float:
    """Return the share of windows of 0.1 s in which nothing can be heard."""
    size = RATE_HZ // 10
    windows = samples[: len(samples) // size * size].reshape(-1, size * CHANNELS)
    level = np.sqrt((windows.astype(np.float64) ** 2).mean(axis=1))
    return float((level < SILENCE).mean())


def _loudness(measured: Measured) -> float:
    if measured.loudness_lufs is None:
        raise BlindError("A copy for listening came out silent; choose other tracks.")
    return measured.loudness_lufs


def _peak(measured: Measured) -> float:
    return TRUE_PEAK_DBTP if measured.true_peak_dbtp is None else measured.true_peak_dbtp


def _length_s(source: BlindSource) -> float:
    """Return the decoded length: the frame count in an MP3's header is an estimate."""
    try:
        with decoding(source.path) as sound:
            return sum(map(len, sound.blocks())) / sound.rate_hz
    except (UnreadableAudioError, OSError):
        raise _unreadable(source) from None


def _decode(source: BlindSource) -> NDArray[np.float32]:
    """Return the whole track as float32, shape (frames, 2), at 48 kHz."""
    try:
        samples, rate = whole(source.path)
    except (UnreadableAudioError, OSError):
        raise _unreadable(source) from None
    if samples.shape[1] != CHANNELS:
        samples = np.repeat(samples.mean(axis=1, keepdims=True), CHANNELS, axis=1)
    if rate != RATE_HZ:
        samples = soxr.resample(samples, rate, RATE_HZ)
    found: NDArray[np.float32] = samples.astype(np.float32, copy=False)
    return found


def _unreadable(source: BlindSource) -> BlindError:
    return BlindError(f"The file of {source.title} cannot be read; choose another track.")
