"""One order of music, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lyria_core._catalogue import MODELS, Model
from lyria_core._errors import InvalidRequest

# JSON numbers keep integers exactly up to here (RFC 8259, section 6); the reference has no limit.
_LARGEST_SEED = 2**53 - 1


@dataclass(frozen=True, init=False)
class MusicRequest:
    """What goes over the wire for one paid job. Building one costs and sends nothing.

    Attributes:
        model: Id of a model of the catalogue.
        prompt: What to make; not shown by ``repr``.
        images: Addresses (http or https) of images, for the models that take them.
        negative_prompt: What to leave out, for the models that take it; blank means none.
        seed: Integer for a reproducible result, for the models that take it.

    Raises:
        InvalidRequest: On construction, if the gateway would not take it. Not charged.
    """

    model: str
    prompt: str = field(repr=False)
    images: tuple[str, ...] = field(default=(), repr=False)
    negative_prompt: str | None = field(default=None, repr=False)
    seed: int | None = None

    def __init__(
        self,
        model: str,
        prompt: str,
        images: Sequence[str] = (),
        negative_prompt: str | None = None,
        seed: int | None = None,
    ) -> None:
        if isinstance(images, str):
            raise InvalidRequest(
                "Images must be a list of addresses, not one text; nothing was sent."
            )
        set_field = object.__setattr__  # the dataclass is frozen for everybody else
        set_field(self, "model", model)
        set_field(self, "prompt", prompt)
        set_field(self, "images", tuple(images))
        blank = isinstance(negative_prompt, str) and not negative_prompt.strip()
        set_field(self, "negative_prompt", None if blank else negative_prompt)
        set_field(self, "seed", seed)
        self.validate()

    def validate(self) -> None:
        """Check against what the gateway's reference allows.

        Raises:
            InvalidRequest: With the first thing that is wrong. Not charged, nothing was sent.
        """
        model = MODELS.get(self.model) if isinstance(self.model, str) else None
        if model is None:
            known = ", ".join(MODELS)
            raise InvalidRequest(
                "There is no such model, so nothing was sent.",
                advice=f"Choose one of: {known}.",
            )
        _check_text(self.prompt, "prompt")
        if not self.prompt.strip():
            raise InvalidRequest(
                "The prompt is empty, so nothing was sent.",
                advice="Describe the music you would like to hear.",
            )
        self._check_images(model)
        if self.negative_prompt is not None:
            if not model.supports_negative_prompt:
                raise _unsupported(model, "a negative prompt")
            _check_text(self.negative_prompt, "negative prompt")
        self._check_seed(model)

    def payload(self) -> dict[str, Any]:
        """Return the JSON body of the submit request; optional fields only where they are set."""
        body: dict[str, Any] = {"prompt": self.prompt}
        if self.images:
            body["images"] = list(self.images)
        if self.negative_prompt is not None:
            body["negative_prompt"] = self.negative_prompt
        if self.seed is not None:
            body["seed"] = self.seed
        return body

    def _check_images(self, model: Model) -> None:
        if not self.images:
            return
        if not model.supports_images:
            raise _unsupported(model, "images")
        if len(self.images) > model.max_images:
            raise InvalidRequest(
                f"{model.name} takes at most {model.max_images} images and there are "
                f"{len(self.images)}, so nothing was sent.",
                advice="Remove some images.",
            )
        for number, image in enumerate(self.images, start=1):
            if not _is_web_address(image):
                raise InvalidRequest(
                    f"Image {number} is not a web address, so nothing was sent.",
                    advice="Give each image as an address that begins with https:// or http://.",
                )

    def _check_seed(self, model: Model) -> None:
        if self.seed is None:
            return
        if not model.supports_seed:
            raise _unsupported(model, "a seed")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise InvalidRequest(
                "The seed is not a whole number, so nothing was sent.",
                advice="Give a whole number such as 42, or leave the seed empty.",
            )
        if abs(self.seed) > _LARGEST_SEED:
            raise InvalidRequest(
                "The seed is too large, so nothing was sent.",
                advice=f"Give a whole number up to {_LARGEST_SEED}.",
            )


def _unsupported(model: Model, what: str) -> InvalidRequest:
    return InvalidRequest(
        f"{model.name} does not take {what}, so nothing was sent.",
        advice=f"Leave out {what}, or choose a model that takes it.",
    )


def _check_text(value: object, what: str) -> None:
    if not isinstance(value, str):
        raise InvalidRequest(f"The {what} is not a text, so nothing was sent.")
    if not _is_encodable(value):
        raise InvalidRequest(
            f"The {what} contains characters that cannot be sent, so nothing was sent.",
            advice="Remove broken characters (halves of an emoji, for example).",
        )


def _is_encodable(text: str) -> bool:
    # Apart, because an exception raised while a UnicodeEncodeError is handled would carry the
    # text along as its context.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_web_address(value: object) -> bool:
    if not isinstance(value, str) or any(c.isspace() or ord(c) < 0x20 for c in value):
        return False
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for a port that is no number
        value.encode()
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
