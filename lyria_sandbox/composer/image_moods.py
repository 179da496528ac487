"""The mood of an image: from its brightness, its saturation and the warmth of its colours."""

import io
from typing import TypeAlias

import numpy as np
from PIL import Image

from lyria_sandbox.composer.tables.moods import MOODS, Mood

Look: TypeAlias = tuple[float, float, float]
"""Brightness and saturation from 0 to 1, and warmth from -1 (blue) to 1 (red)."""

_SIDE = 64
_MOST_PIXELS = 50_000_000
_DARK, _BRIGHT = 0.35, 0.6
_PALE, _VIVID = 0.18, 0.5
_WARM = 0.12


def measure_image(data: bytes) -> Look:
    """Return the brightness, saturation and warmth of an image.

    Args:
        data: The bytes of a file in a format that Pillow reads.

    Raises:
        ValueError: The bytes are no image, or an image too large to be decoded.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ValueError("The image has too many pixels.")
            image.draft("RGB", (_SIDE, _SIDE))
            small = image.convert("RGB").resize((_SIDE, _SIDE))
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("This is not an image that can be read.") from error
    pixels = np.asarray(small, dtype=np.float64).reshape(-1, 3) / 255
    highest, lowest = pixels.max(axis=1), pixels.min(axis=1)
    # Luma of BT.709: how bright a colour looks.
    brightness = float((pixels @ np.array([0.2126, 0.7152, 0.0722])).mean())
    saturation = float(((highest - lowest) / np.maximum(highest, 1e-6)).mean())
    warmth = float((pixels[:, 0] - pixels[:, 2]).mean())
    return round(brightness, 3), round(saturation, 3), round(warmth, 3)


def moods_of(looks: tuple[Look, ...]) -> tuple[Mood, ...]:
    """Choose the moods of one or more images, by their mean."""
    if not looks:
        return ()
    brightness, saturation, warmth = (float(x) for x in np.mean(np.array(looks), axis=0))
    names: list[str] = []
    if brightness < _DARK:
        names.append("sad" if saturation < _PALE or warmth < 0 else "dark")
    elif brightness > _BRIGHT and warmth > -_WARM:
        names.append("happy")
    elif warmth < -_WARM:
        names.append("dreamy")
    if saturation > _VIVID:
        names.append("energetic")
    elif saturation < _PALE:
        names.append("calm")
    return tuple(mood for mood in MOODS if mood.name in names)
