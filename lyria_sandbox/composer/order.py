"""What is asked of the composer and what it gives back."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Order:
    """One piece of music to make.

    Attributes:
        model: "lyria-2", "lyria-3" or "lyria-3-pro": length and container follow it.
        prompt: What to play.
        negative_prompt: What not to play.
        seed: Equal orders give equal files; another seed gives another piece on the same prompt.
        images: URLs of the images that came with the order; nobody fetches them here.
        image_looks: Brightness, saturation and warmth of each, by `image_moods.measure_image`.
            They set the mood where the prompt names none.
    """

    model: str
    # What people write stays out of logs: it is in no repr.
    prompt: str = field(repr=False)
    negative_prompt: str = field(default="", repr=False)
    seed: int = 0
    images: tuple[str, ...] = field(default=(), repr=False)
    image_looks: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Rendered:
    """A finished file.

    Attributes:
        audio: The file's bytes.
        media_type: "audio/mpeg" or "audio/wav".
        extension: "mpeg" or "wav", as the gateway names its files.
        duration_s: Length of the music in seconds.
        understood: What the composer read in the prompt, and what it did not; JSON-serialisable.
        midi: The notes, as a standard MIDI file.
    """

    audio: bytes = field(repr=False)
    media_type: str
    extension: str
    duration_s: float
    understood: dict[str, Any] = field(repr=False)
    midi: bytes = field(default=b"", repr=False)
