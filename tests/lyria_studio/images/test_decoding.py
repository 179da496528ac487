"""Bytes from anywhere: an image with a small copy, or one sentence; nothing else ever comes out."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin
from support.image_files import encoded, image_file, noise, png_with_size

from lyria_studio.images.decoding import (
    MOST_PIXELS,
    MOST_SCANS,
    THUMBNAIL_MAX_BYTES,
    THUMBNAIL_SIDE_PX,
    DecodedImage,
    NotAnImageError,
    decode_image,
)
from lyria_studio.images.kinds import kind_of

pytestmark = pytest.mark.slow

KINDS = ["PNG", "JPEG", "WebP", "GIF"]
Pixels = npt.NDArray[np.uint8]
SECRET = b"taken at home by me"


def opened(decoded: DecodedImage) -> Image.Image:
    image = Image.open(io.BytesIO(decoded.thumbnail))
    image.load()
    return image


def palette_image(size: tuple[int, int], number: int) -> Image.Image:
    image = Image.new("P", size, number)
    image.putpalette([value for grey in range(256) for value in (grey, grey, grey)])
    return image


def refused(data: bytes) -> str:
    with pytest.raises(NotAnImageError) as caught:
        decode_image(data)
    message = str(caught.value)
    assert message.endswith(".")
    assert caught.value.__context__ is None
    return message


# What can be read -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (3, 5000), (5000, 3), (320, 200), (1000, 1500)])
def test_the_four_kinds(kind: str, size: tuple[int, int]) -> None:
    found = decode_image(image_file(kind, size, "#336699"))
    assert (found.kind, found.width, found.height) == (kind, *size)
    small = opened(found)
    assert small.format == "JPEG"
    assert max(small.size) == min(THUMBNAIL_SIDE_PX, max(size))
    centre = np.asarray(small.convert("RGB"))[small.height // 2, small.width // 2]
    assert np.abs(centre.astype(int) - (0x33, 0x66, 0x99)).max() < 12


@pytest.mark.parametrize(
    ("kind", "image"),
    [
        ("PNG", Image.new("1", (900, 700), 1)),
        ("PNG", Image.new("L", (900, 700), 255)),
        ("PNG", Image.fromarray(np.full((700, 900), 65535, np.uint16))),
        ("PNG", palette_image((900, 700), 255)),
        ("JPEG", Image.new("L", (900, 700), 255)),
        ("JPEG", Image.new("CMYK", (900, 700), (0, 0, 0, 0))),
    ],
    ids=["1 bit", "grey", "16 bits", "palette", "grey JPEG", "CMYK"],
)
def test_white_stays_white_in_every_mode(kind: str, image: Image.Image) -> None:
    small = opened(decode_image(encoded(image, kind)))
    assert small.size == (160, 124)
    assert np.asarray(small.convert("L")).min() > 250


def test_sixteen_bits_are_not_clipped() -> None:
    half = Image.fromarray(np.full((100, 100), 0x8000, np.uint16))
    for data in (encoded(half), encoded(half, transparency=60_000)):
        small = opened(decode_image(data))
        assert np.asarray(small.convert("L")).mean() == pytest.approx(128, abs=2)


@pytest.mark.parametrize(
    "data",
    [
        encoded(Image.new("RGBA", (400, 300), (10, 20, 30, 0))),
        encoded(Image.new("LA", (400, 300), (10, 0))),
        encoded(Image.new("RGB", (400, 300), (1, 2, 3)), transparency=(1, 2, 3)),
        encoded(palette_image((400, 300), 5), transparency=5),
        encoded(palette_image((400, 300), 5), "GIF", transparency=5),
        encoded(Image.new("RGBA", (400, 300), (10, 20, 30, 0)), "WebP", lossless=True),
    ],
    ids=["RGBA", "LA", "RGB key", "palette", "GIF", "WebP"],
)
def test_what_shows_through_still_does(data: bytes) -> None:
    small = opened(decode_image(data))
    assert (small.format, small.mode) == ("PNG", "RGBA")
    assert small.getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("bands", [3, 4])
def test_the_worst_thumbnail_is_small(bands: int) -> None:
    found = decode_image(encoded(noise(160, 160, bands)))
    assert len(found.thumbnail) <= THUMBNAIL_MAX_BYTES
    assert opened(found).format == "JPEG"


@pytest.mark.parametrize("kind", ["PNG", "WebP", "GIF"])
def test_the_first_frame_of_an_animation(kind: str) -> None:
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue", "lime")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    assert Image.open(io.BytesIO(data)).n_frames == 3  # type: ignore[attr-defined]
    red, green, blue = np.asarray(opened(decode_image(data)).convert("RGB")).mean(axis=(0, 1))
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(kind: str, orientation: int) -> None:
    # Stored so that, once turned, the upper left corner is red and the upper right one blue.
    upright = np.zeros((64, 96, 3), np.uint8)
    upright[:32, :48], upright[:32, 48:] = (255, 0, 0), (0, 0, 255)
    turns: dict[int, Callable[[Pixels], Pixels]] = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
        8: lambda a: np.rot90(a, -1),
    }
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    data = encoded(
        Image.fromarray(np.ascontiguousarray(turns[orientation](upright))), kind, exif=exif
    )
    found = decode_image(data)
    assert (found.width, found.height) == (96, 64)
    small = np.asarray(opened(found).convert("RGB")).astype(int)
    assert small.shape == (64, 96, 3)
    assert small[12, 20, 0] > 200 > 60 > small[12, 20, 2]
    assert small[12, 76, 2] > 200 > 60 > small[12, 76, 0]
    assert small[50].max() < 60


def test_the_thumbnail_holds_only_what_is_seen() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    exif[ExifTags.Base.Orientation] = 6
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    plain, clear = Image.new("RGB", (300, 200), "navy"), Image.new("RGBA", (300, 200))
    given = [
        encoded(plain, "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET, xmp=SECRET),
        encoded(plain, "PNG", exif=exif, pnginfo=info, icc_profile=SECRET, dpi=(72, 72)),
        encoded(clear, "PNG", exif=exif, pnginfo=info, icc_profile=SECRET),
        encoded(clear, "WebP", exif=exif, icc_profile=SECRET, xmp=SECRET),
        encoded(plain, "GIF", comment=SECRET),
    ]
    for data in given:
        found = decode_image(data)
        assert SECRET not in found.thumbnail
        small = opened(found)
        assert not small.getexif()
        assert set(small.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF:UserWarning")
def test_a_broken_exif_block_does_not_spoil_the_image() -> None:
    data = encoded(Image.new("RGB", (64, 48)), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert (decode_image(data).width, decode_image(data).height) == (64, 48)


# What cannot ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><svg></svg></html>", "web page"),
        (b"\n\n <HTML>", "web page"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "web page"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- drawn --><svg onload="x()"/>', "SVG"),
        (b"\0\0\0\x20ftypavif" + bytes(100), "AVIF"),
        (b"\0\0\0\x20ftypheic" + bytes(100), "HEIC"),
        (b"\0\0\0\x20ftypisom" + bytes(100), "not an image"),
        (b"II*\0" + bytes(100), "TIFF"),
        (b"BM" + bytes(100), "BMP"),
        (b"%PDF-1.7", "PDF"),
        (b"RIFF\0\0\0\0WAVEfmt ", "not an image"),
        (b'{"error": "expired"}', "not an image"),
        (b"plain words", "not an image"),
        (bytes(100_000), "not an image"),
        (random.Random(3).randbytes(50_000), "not an image"),
        (b"\xff", "not an image"),
    ],
)
def test_other_files(data: bytes, says: str) -> None:
    assert says in refused(data)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
def test_cut_short(kind: str, share: float) -> None:
    data = encoded(noise(200, 150), kind)
    assert "damaged" in refused(data[: int(len(data) * share)])


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_beginning(kind: str) -> None:
    data = image_file(kind)
    for length in (8, 12, 16, 24, 30):
        assert refused(data[:length])


@pytest.mark.parametrize(
    "data",
    [
        png_with_size(8000, 5001),
        png_with_size(2**31 - 1, 2**31 - 1),
        b"GIF89a" + b"\xff" * 4 + bytes(3) + b",\0\0\0\0\xff\xff\xff\xff\0" + bytes(50),
        b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff\xff\xff" * 2 + bytes(20),
        b"RIFF\x1e\0\0\0WEBPVP8L\x0a\0\0\0\x2f\xff\xff\xff\x0f" + bytes(20),
        b"RIFF\x1e\0\0\0WEBPVP8 \x0a\0\0\0" + bytes(3) + b"\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(9),
    ],
    ids=["PNG", "huge PNG", "GIF", "WebP", "lossless WebP", "lossy WebP"],
)
def test_bombs_are_not_decoded(data: bytes) -> None:
    assert "million pixels" in refused(data)


def test_a_tiny_file_of_a_large_image() -> None:
    # 38 bytes that would take a quarter of a gigabyte and more.
    side = 4001
    data = encoded(Image.new("RGB", (side, side)), "WebP", lossless=True, quality=0, method=0)
    assert side**2 > MOST_PIXELS["WebP"]
    assert len(data) < 100
    assert "16 million pixels" in refused(data)


def test_a_large_jpeg_is_refused_by_its_header() -> None:
    data = bytearray(image_file("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xdc\xff\xdc"
    assert "40 million pixels" in refused(bytes(data))


def test_a_jpeg_of_endless_scans() -> None:
    data = encoded(Image.new("L", (640, 640), 128), "JPEG", progressive=True)
    assert decode_image(data).width == 640
    again = data[data.rindex(b"\xff\xc4") : -2]
    assert "takes too long" in refused(data[:-2] + again * MOST_SCANS + b"\xff\xd9")


def test_a_profile_that_unpacks_to_much_more() -> None:
    data = encoded(Image.new("RGB", (64, 64)), icc_profile=bytes(30_000_000))
    assert len(data) < 100_000
    assert "damaged" in refused(data)


FILES = [encoded(noise(24, 16, 4), "PNG"), encoded(noise(24, 16), "JPEG", progressive=True)]
FILES += [encoded(noise(24, 16, 4), "WebP"), encoded(noise(24, 16), "GIF")]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=8),
    st.integers(0, 2000),
)
def test_damage_ends_in_an_image_or_a_sentence(
    data: bytes, changes: list[tuple[int, int]], length: int
) -> None:
    damaged = bytearray(data)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        found = decode_image(bytes(damaged[: max(length, 1)]))
    except NotAnImageError as error:
        assert str(error).endswith(".")
    else:
        assert len(found.thumbnail) <= THUMBNAIL_MAX_BYTES
        assert max(opened(found).size) <= THUMBNAIL_SIDE_PX


@given(st.binary(max_size=200))
def test_any_bytes_are_of_some_kind_or_none(data: bytes) -> None:
    kind = kind_of(data)
    assert kind is None or kind.isascii()
    if kind not in KINDS:
        assert refused(data)
