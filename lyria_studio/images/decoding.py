"""From the bytes of an image to its size and a small copy that holds nothing but what is seen.

The bytes come from anywhere. What they would take to decode is known from their header and refused
there if it is too much; only the decoders of the four kinds that we name are ever used.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import (
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from lyria_core import Charge, LyriaError
from lyria_studio.images.kinds import kind_of

THUMBNAIL_SIDE_PX = 160
THUMBNAIL_MAX_BYTES = 20_000
# Peak of memory when such an image is decoded by Pillow 13: 40 to 250 MB. WebP's decoder holds
# the image four times over, and 38 bytes are enough for a large one.
MOST_PIXELS = {"PNG": 40_000_000, "JPEG": 40_000_000, "GIF": 40_000_000, "WebP": 16_000_000}
# A progressive JPEG is decoded once for every scan, and an empty scan takes 80 bytes: 10 MB of them
# would keep a processor busy for an hour. Encoders write about ten.
MOST_SCANS = 64

_OPENERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "PNG": PngImagePlugin.PngImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
}
# Exif 2.32, table 6: how the stored image has to be turned to stand upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset({5, 6, 7, 8})
_HALF_WAY_PX = 4 * THUMBNAIL_SIDE_PX
_BEHIND = (128, 128, 128)  # grey, on which neither black nor white drawings vanish


class NotAnImageError(LyriaError):
    """The bytes are no image that can be used; the message is one sentence for a person."""

    default_charge = Charge.NO
    default_advice = ""


@dataclass(frozen=True)
class DecodedImage:
    """An image that could be read.

    Attributes:
        kind: ``PNG``, ``JPEG``, ``WebP`` or ``GIF``.
        width: in pixels, standing upright.
        height: in pixels, standing upright.
        thumbnail: a PNG (if something shows through) or JPEG of its first frame, at most 160 px
            on its longer side and 20 kB, without the original's metadata.
    """

    kind: str
    width: int
    height: int
    thumbnail: bytes = field(repr=False)


def decode_image(data: bytes) -> DecodedImage:
    """Decode an image and make it small.

    Args:
        data: the whole file.

    Raises:
        NotAnImageError: it is another kind of file, damaged, or too large to be decoded.
    """
    kind = kind_of(data)
    if kind is None or kind not in _OPENERS:
        raise NotAnImageError(_other_kind(kind, data))
    _check_header(kind, data)
    try:
        with _OPENERS[kind](io.BytesIO(data)) as image:
            _check_pixels(kind, image.width, image.height)
            return _decoded(kind, image)
    except NotAnImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        problem = _too_many_pixels(kind)
    except Exception:  # noqa: BLE001 - decoders raise whatever they like at broken bytes
        problem = "This image is damaged or incomplete: save it anew and upload it again."
    raise NotAnImageError(problem)


def _decoded(kind: str, image: ImageFile.ImageFile) -> DecodedImage:
    width, height = image.size
    # A JPEG can be decoded at an eighth of its size, for an eighth of the work.
    image.draft("RGB", (2 * THUMBNAIL_SIDE_PX, 2 * THUMBNAIL_SIDE_PX))
    image.load()
    orientation = _orientation(image)
    small = _small(image)
    if orientation in _UPRIGHT:
        small = small.transpose(_UPRIGHT[orientation])
    if orientation in _SIDEWAYS:
        width, height = height, width
    return DecodedImage(kind, width, height, _encoded(small))


def _small(image: Image.Image) -> Image.Image:
    """Return it in RGB, or RGBA if something shows through, as large as a thumbnail."""
    scale = min(1.0, THUMBNAIL_SIDE_PX / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    # The first step takes single pixels: everything else would copy all of them once more.
    image.thumbnail((_HALF_WAY_PX, _HALF_WAY_PX), Image.Resampling.NEAREST)
    if image.mode.startswith("I"):  # 16 bits a grey value; converting alone would clip them
        image = image.point(lambda value: value / 257 + 0.0).convert("L")
        image.info.pop("transparency", None)  # it names one of the 65,536 values
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small = image.resize(size, Image.Resampling.LANCZOS)
    small.info.clear()  # comments, profiles and the like would be written along
    return small


def _orientation(image: ImageFile.ImageFile) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - a broken EXIF block does not spoil the image
        return 1


def _encoded(small: Image.Image) -> bytes:
    if small.mode == "RGBA":
        see_through = _saved(small, "PNG", optimize=True)
        if len(see_through) <= THUMBNAIL_MAX_BYTES:
            return see_through
        ground = Image.new("RGB", small.size, _BEHIND)
        ground.paste(small, mask=small.getchannel("A"))
        small = ground
    smallest = b""
    for quality in (85, 65, 40, 20):
        smallest = _saved(small, "JPEG", quality=quality, optimize=True)
        if len(smallest) <= THUMBNAIL_MAX_BYTES:
            break
    return smallest


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _check_header(kind: str, data: bytes) -> None:
    """Refuse what would take too much before a decoder is even opened."""
    if kind == "WebP" and (size := _webp_size(data)) is not None:
        _check_pixels(kind, *size)
    # Inside the compressed data of a JPEG, FF is never followed by DA.
    if kind == "JPEG" and data.count(b"\xff\xda") > MOST_SCANS:
        raise NotAnImageError(
            "This JPEG is built in an unusual way that takes too long to read: save it anew."
        )


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Read the size of the canvas (RFC 9649, sections 2.5 to 2.7)."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = (int.from_bytes(body[i : i + 2], "little") & 0x3FFF for i in (6, 8))
        return width, height
    return None


def _check_pixels(kind: str, width: int, height: int) -> None:
    if width * height > MOST_PIXELS[kind]:
        raise NotAnImageError(_too_many_pixels(kind))


def _too_many_pixels(kind: str) -> str:
    millions = MOST_PIXELS[kind] // 1_000_000
    return (
        f"This image has more than {millions} million pixels: make it smaller and upload it again."
    )


def _other_kind(kind: str | None, data: bytes) -> str:
    if not data:
        return "There is nothing at this address: the file is empty."
    if kind == "HTML":
        return (
            "This is the address of a web page: open the image by itself and copy its own address."
        )
    what = "This is not an image" if kind is None else f"This is a file of the kind {kind}"
    return f"{what}: use a PNG, JPEG, WebP or GIF instead."
