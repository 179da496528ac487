"""Checks of what a client is given, before anything is sent."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from lyria_core._addresses import is_loopback_host
from lyria_core._errors import AuthenticationError, InvalidRequest
from lyria_core._ids import checked_request_id


def checked_key(api_key: str) -> str:
    """Return the key without the blanks that copying leaves around it.

    Raises:
        AuthenticationError: If it cannot stand in a header. HTTP libraries would print it in their
            own error for that. Nothing was sent.
    """
    key = api_key.strip() if isinstance(api_key, str) else ""
    if not key:
        raise AuthenticationError(
            "There is no API key, so nothing was sent.", advice="Give the API key."
        )
    if not _is_visible_ascii(key):
        raise AuthenticationError(
            "The API key contains characters that a key cannot have, so nothing was sent.",
            advice="Copy the API key again, without spaces or line breaks.",
        )
    return key


def checked_base_url(base_url: str) -> str:
    """Return the gateway's address without a slash at its end.

    Raises:
        InvalidRequest: If a key may not be sent there: no https (http only on loopback), or more
            than a host and a path. Nothing was sent.
    """
    parts = _split(base_url)
    if parts is None or not _may_get_a_key(parts):
        raise InvalidRequest(
            "The gateway's address is not one that a key may be sent to, so nothing was sent.",
            advice="Give an address that begins with https:// (http:// only on this machine).",
        )
    return base_url.rstrip("/")


def checked_proxy(proxy: str) -> str:
    """Return the proxy's address.

    Raises:
        InvalidRequest: If it is no http or https address. Nothing was sent.
    """
    parts = _split(proxy)
    if parts is None or parts.scheme not in ("http", "https"):
        raise InvalidRequest(
            "The proxy's address is not a web address, so nothing was sent.",
            advice="Give an address such as http://proxy.example:3128.",
        )
    return proxy


def checked_id(request_id: str) -> str:
    """Return a request id that can stand in a URL.

    Raises:
        InvalidRequest: If it cannot. Nothing was sent.
    """
    checked = checked_request_id(request_id)
    if checked is None:
        raise InvalidRequest(
            "This can be no request id of the gateway, so nothing was sent.",
            advice="Copy the request id again.",
        )
    return checked


def _may_get_a_key(parts: SplitResult) -> bool:
    if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and is_loopback_host(parts.hostname or "")
    )


def _split(url: object) -> SplitResult | None:
    """Split an address of visible ASCII that has a host, else return ``None``."""
    if not isinstance(url, str) or not _is_visible_ascii(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    return parts if parts.hostname else None


def _is_visible_ascii(text: str) -> bool:
    return all("!" <= c <= "~" for c in text)
