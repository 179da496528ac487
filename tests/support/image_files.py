"""Small image files, made on the spot."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

PILLOW_NAMES = {"PNG": "PNG", "JPEG": "JPEG", "WebP": "WEBP", "GIF": "GIF"}


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return the file of an image."""
    file = io.BytesIO()
    image.save(file, PILLOW_NAMES[kind], **options)
    return file.getvalue()


def noise(width: int, height: int, bands: int = 3, seed: int = 1) -> Image.Image:
    """Return the image that compresses worst."""
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (height, width, bands), dtype=np.uint8))


def image_file(
    kind: str = "PNG", size: tuple[int, int] = (320, 200), colour: str = "teal"
) -> bytes:
    """Return the file of an image of one colour."""
    return encoded(Image.new("RGB", size, colour), kind)


def png_with_size(width: int, height: int) -> bytes:
    """Return a PNG that promises a size and has hardly any data: a decompression bomb."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    packed = zlib.compress(bytes(100_000))
    chunks = [(b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
