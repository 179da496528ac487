"""Fetches an image like any public client, and explains a failure in a sentence."""

from typing import Any

from lyria_core import Fetched, FetchFailed, FetchReason, fetch_public
from lyria_studio.images.addresses import CREDENTIALS, NOT_AN_ADDRESS, NOT_HTTPS

MAX_BYTES = 10 * 1024 * 1024
TIMEOUT_S = 10.0
MOST_REDIRECTS = 3
_ACCEPT = "image/png, image/jpeg, image/webp, image/gif, image/*;q=0.5"
# It names the program and not the user; many hosts refuse programs without a name.
_USER_AGENT = "Mozilla/5.0 (compatible; image-check)"

_SENTENCES = {
    FetchReason.NOT_AN_ADDRESS: NOT_AN_ADDRESS,
    FetchReason.NOT_HTTPS: NOT_HTTPS,
    FetchReason.CREDENTIALS: CREDENTIALS,
    FetchReason.PRIVATE: (
        "This address is of a private network that the gateway cannot reach: "
        "upload the image where everybody can open it."
    ),
    FetchReason.NAME: (
        "The host of this image was not found: check the spelling and the network connection."
    ),
    FetchReason.UNREACHABLE: "The host of this image does not answer: try again in a minute.",
    FetchReason.TLS: (
        "The host of this image has no certificate that can be trusted: use another host."
    ),
    FetchReason.TIMEOUT: (
        f"The image did not arrive within {TIMEOUT_S:.0f} seconds: "
        "try again in a minute or use another host."
    ),
    FetchReason.LOST: "The host of this image broke off: try again in a minute.",
    FetchReason.REDIRECTS: (
        f"This address leads on more than {MOST_REDIRECTS} times: "
        "give the address where the image is in the end."
    ),
    FetchReason.TOO_LARGE: (
        f"This file is larger than {MAX_BYTES // 1024 // 1024} MB: make it smaller."
    ),
}
_LED_ON = {
    FetchReason.NOT_AN_ADDRESS: "This address redirects to something that isn't a web address",
    FetchReason.NOT_HTTPS: "This address redirects to one without https",
    FetchReason.CREDENTIALS: "This address redirects to one with a password in it",
    FetchReason.PRIVATE: "This address redirects to a private network",
}
_PASSING = frozenset(
    {FetchReason.NAME, FetchReason.UNREACHABLE, FetchReason.TIMEOUT, FetchReason.LOST}
)


def fetch_image(url: str, **options: Any) -> Fetched:
    """Fetch what may be an image.

    Args:
        url: where it is.
        **options: replace those given to `lyria_core.fetch_public`.

    Raises:
        FetchFailed: it was not fetched.
    """
    usual: dict[str, Any] = {
        "max_bytes": MAX_BYTES,
        "timeout": TIMEOUT_S,
        "max_redirects": MOST_REDIRECTS,
        "accept": _ACCEPT,
        "user_agent": _USER_AGENT,
    }
    return fetch_public(url, **(usual | options))


def sentence(error: FetchFailed) -> str:
    """Say why an image could not be fetched, and what to do about it."""
    status = error.http_status or 0
    if error.redirects and error.reason in _LED_ON:
        return f"{_LED_ON[error.reason]}: give the public address of the image itself."
    if error.reason is not FetchReason.STATUS:
        return _SENTENCES[error.reason]
    if status in (404, 410):
        return f"There is no image at this address (HTTP {status}): check its spelling."
    if status in (401, 402, 403, 407, 451):
        return (
            f"The host does not show this image to everybody (HTTP {status}): "
            "share it publicly or use another host."
        )
    if is_passing(error):
        return f"The host of this image is in trouble (HTTP {status}): try again in a minute."
    return f"The host did not send an image (HTTP {status}): check the address in a browser."


def is_passing(error: FetchFailed) -> bool:
    """Return whether another try may succeed."""
    status = error.http_status or 0
    if error.reason is FetchReason.STATUS:
        return status in (408, 425, 429) or status >= 500
    return error.reason in _PASSING
