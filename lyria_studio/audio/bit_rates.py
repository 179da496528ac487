"""Brings takes of one model to one bit rate, so that no take wins by its encoding.

Judged by codec and bit rate, never by the spectrum: dark music has little treble at any rate.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from lyria_studio.audio.segments import segment_class

__all__ = ["bit_rate", "lower_limits", "reduce_to"]

_LOSSY = frozenset({"MPEG_LAYER_III", "MPEG_LAYER_II", "VORBIS", "OPUS"})
_KBITS = (64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
CLOSE = 1.15
"""Rates within 15% are alike: tags and images in the file count as bits, too."""


def bit_rate(path: Path) -> int | None:
    """Return the bits a second of a lossy file; None for a lossless or unreadable one."""
    try:
        found = soundfile.info(path)
    except (soundfile.LibsndfileError, OSError):
        return None
    if found.subtype not in _LOSSY or not found.duration:
        return None
    return int(path.stat().st_size * 8 / found.duration)


def lower_limits(paths: Mapping[str, tuple[str, Path]]) -> dict[str, int]:
    """Return the bit rate to which each file has to be cut; files that stay are left out.

    Args:
        paths: a name to the model that made the file, and the file.

    Returns:
        Name to bits a second: the lowest rate among the files of its model.
    """
    rates = {name: bit_rate(path) for name, (_, path) in paths.items()}
    found = {}
    for name, (model, _) in paths.items():
        of_model = [
            rate for one, rate in rates.items() if rate is not None and paths[one][0] == model
        ]
        own = rates[name]
        if of_model and (own is None or own > min(of_model) * CLOSE):
            found[name] = min(of_model)
    return found


def reduce_to(samples: NDArray[np.float32], rate_hz: int, bits: int) -> NDArray[np.float32]:
    """Encode samples as MP3 of about this bit rate and decode them again.

    Args:
        samples: shape (frames, channels).
        rate_hz: their sampling rate.
        bits: bits a second; the nearest usual rate that is not higher is used.
    """
    kbits = max((one for one in _KBITS if one * 1000 <= bits * 1.05), default=_KBITS[0])
    loud = np.rint(np.clip(samples, -1, 1) * 32_767).astype("<i2")
    segment = segment_class()(
        loud.tobytes(), frame_rate=rate_hz, sample_width=2, channels=samples.shape[1]
    )
    encoded = io.BytesIO()
    segment.export(encoded, format="mp3", bitrate=f"{kbits}k")
    encoded.seek(0)
    # The header of the file tells the decoder what the encoder put before and behind.
    found, _ = soundfile.read(encoded, dtype="float32", always_2d=True)
    reduced: NDArray[np.float32] = found[: len(samples)]
    return reduced
