"""Reading a request: the reference's table of parameters, strictly."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from lyria_sandbox.gateway.replies import invalid

if TYPE_CHECKING:
    from lyria_core import Model

# The OpenAPI document quotes both expressions, so they spell out what engines disagree about (\s).
VISIBLE: Final = (
    r"[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]"
)
"""What a prompt must contain at least once: a sign that is neither a space nor a control."""

WEB_URL: Final = r"^https?://[^\u0000-\u0020\u007f/?#@\[\]]+([/?#][^\u0000-\u0020\u007f]*)?$"
"""What an image URL looks like."""

LONGEST_URL: Final = 2048

SMALLEST_SEED: Final = -(2**63)
LARGEST_SEED: Final = 2**63 - 1

_WEB_URL = re.compile(WEB_URL)
_VISIBLE = re.compile(VISIBLE)


def parse_json(body: bytes, content_type: str) -> Any:
    """Parse the body of a submit.

    Raises:
        RefusalError: 400, the content type is not JSON or the body is not what it says.
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise invalid("Content-Type must be application/json")
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid("The body is not valid JSON") from None


def read_request(value: Any, model: Model, max_chars: int) -> dict[str, Any]:
    """Return the fields of a request that this model takes.

    Fields that the reference does not list for the model are left out, as gateways do.

    Args:
        value: The parsed body.
        model: The model.
        max_chars: Longest prompt or negative prompt.

    Raises:
        RefusalError: 400, with the first fault found.
    """
    if not isinstance(value, dict):
        raise invalid("The body must be a JSON object")
    prompt = _text(value.get("prompt"), "prompt", max_chars)
    if not _VISIBLE.search(prompt):
        raise invalid("prompt is required and must not be empty")
    request: dict[str, Any] = {"prompt": prompt}
    if model.supports_images and "images" in value:
        request["images"] = _images(value["images"], model.max_images)
    if model.supports_negative_prompt and "negative_prompt" in value:
        request["negative_prompt"] = _text(value["negative_prompt"], "negative_prompt", max_chars)
    if model.supports_seed and "seed" in value:
        request["seed"] = _integer(value["seed"], "seed")
    return request


def _text(value: Any, name: str, max_chars: int) -> str:
    if value is None and name == "prompt":
        raise invalid("prompt is required and must not be empty")
    if not isinstance(value, str):
        raise invalid(f"{name} must be a string")
    if len(value) > max_chars:
        raise invalid(f"{name} must not be longer than {max_chars} characters")
    if not _is_unicode(value):
        raise invalid(f"{name} is not valid Unicode")
    return value


def _images(value: Any, most: int) -> list[str]:
    if not isinstance(value, list):
        raise invalid("images must be an array of URL strings")
    if len(value) > most:
        raise invalid(f"images must not have more than {most} entries")
    for image in value:
        if (
            not isinstance(image, str)
            or len(image) > LONGEST_URL
            or not _WEB_URL.fullmatch(image)
            or not _is_unicode(image)
        ):
            raise invalid("images must be an array of http or https URL strings")
    return value


def _is_unicode(text: str) -> bool:
    """Tell a text from one with half a surrogate pair, which JSON can spell and UTF-8 cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _integer(value: Any, name: str) -> int:
    # JSON has one kind of number: 42.0 is an integer, true is none.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(f"{name} must be an integer")
    if not SMALLEST_SEED <= value <= LARGEST_SEED:
        raise invalid(f"{name} must fit in 64 bits")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(name)
