"""The check of one image, from its address to what is shown of it."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from lyria_core import Fetched, FetchFailed
from lyria_studio.images.decoding import NotAnImageError, decode_image
from lyria_studio.images.fetching import is_passing, sentence

ImageState = Literal["checking", "good", "bad"]
# Decoding takes memory by the hundred megabytes at worst: one image at a time in this process.
_decoding = threading.Lock()


@dataclass(frozen=True)
class ImageCheck:
    """What is known about an image.

    Attributes:
        url: its address, as it was given; not shown by ``repr``, since it may hold a token.
        state: ``checking``, ``good`` or ``bad``.
        message: what is wrong and what to do, one sentence for a person; empty if nothing is.
        thumbnail: a small JPEG or PNG (160 px, 20 kB at most) of a good image.
        width: of a good image, in pixels.
        height: of a good image, in pixels.
        size_bytes: of the file.
        kind: of a good image: ``PNG``, ``JPEG``, ``WebP`` or ``GIF``.
    """

    url: str = field(repr=False)
    state: ImageState
    message: str = ""
    thumbnail: bytes | None = field(default=None, repr=False)
    width: int | None = None
    height: int | None = None
    size_bytes: int | None = None
    kind: str | None = None

    @property
    def topic(self) -> str:
        """The topic of this image's events; it does not reveal the address."""
        return topic_of(self.url)


def topic_of(url: str) -> str:
    """Return the id under which news of the image at an address are published.

    Args:
        url: the address, as it was given.
    """
    return f"image-{hashlib.sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def examine(url: str, fetch: Callable[[str], Fetched]) -> tuple[ImageCheck, bool]:
    """Fetch an image and check it. Never raises.

    Args:
        url: its address.
        fetch: fetches it; raises `FetchFailed`.

    Returns:
        What was found, and whether that will last: False if the next try may well end otherwise.
    """
    size: int | None = None
    try:
        body = fetch(url).body
        size = len(body)
        with _decoding:
            found = decode_image(body)
    except FetchFailed as error:
        return ImageCheck(url, "bad", sentence(error)), not is_passing(error)
    except NotAnImageError as error:
        return ImageCheck(url, "bad", str(error), size_bytes=size), True
    except Exception:  # noqa: BLE001 - whatever it was, the screen goes on without this image
        problem = "This image could not be checked: try again in a minute."
        return ImageCheck(url, "bad", problem, size_bytes=size), False
    return (
        ImageCheck(
            url,
            "good",
            thumbnail=found.thumbnail,
            width=found.width,
            height=found.height,
            size_bytes=size,
            kind=found.kind,
        ),
        True,
    )
