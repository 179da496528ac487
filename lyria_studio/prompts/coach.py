"""The coach: reads what was written and says, in a line each, what would make it better."""

from __future__ import annotations

from collections.abc import Sequence

from lyria_core import MODELS
from lyria_studio.prompts.advice import Advice, Change, Fields


def advise(prompt: str, negative_prompt: str, images: Sequence[str], model_id: str) -> list[Advice]:
    """Say what is refused, doubtful or missing, the gravest first. Never raises on any text.

    Args:
        prompt: What the music should be.
        negative_prompt: What to leave out.
        images: Addresses of images.
        model_id: A key of `lyria_core.MODELS`.

    Raises:
        KeyError: There is no such model.
    """
    model = MODELS[model_id]
    fields = Fields(prompt, negative_prompt, tuple(images), model_id)
    found: list[Advice] = []
    if not fields.prompt.strip():
        found.append(Advice("empty", "refused", "The prompt is empty: describe the music."))
    if fields.images and not model.supports_images:
        found.append(
            Advice(
                "images",
                "refused",
                f"{model.name} takes no images.",
                remedy="Remove the images",
                change=Change(images=()),
            )
        )
    return found
