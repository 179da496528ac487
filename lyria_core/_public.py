"""Fetches a file from the open internet for a person who gave only its address.

The address may point at anything, so only hosts with public addresses are connected to, at every
step of a redirect, and they learn nothing but which file is asked for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests

from lyria_core._addresses import is_public
from lyria_core._connection import Resolve, resolve_by_system
from lyria_core._errors import FetchFailed, FetchReason
from lyria_core._wire import BodyCut, Failure, Opened, Trouble, Wire, unpacked

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LENGTH = re.compile(r"\d{1,15}")

_REASONS = {
    Trouble.NAME: FetchReason.NAME,
    Trouble.REFUSED: FetchReason.UNREACHABLE,
    Trouble.CONNECT_TIMEOUT: FetchReason.TIMEOUT,
    Trouble.TIMEOUT: FetchReason.TIMEOUT,
    Trouble.TLS: FetchReason.TLS,
    Trouble.ADDRESS: FetchReason.PRIVATE,
    Trouble.GARBAGE: FetchReason.LOST,
    Trouble.DROPPED: FetchReason.LOST,
}
_SENTENCES = {
    FetchReason.NOT_AN_ADDRESS: "its address is not a web address",
    FetchReason.NOT_HTTPS: "its address is not an https address",
    FetchReason.CREDENTIALS: "its address holds a user name or password",
    FetchReason.PRIVATE: "its host is not on the open internet",
    FetchReason.NAME: "its host's name was not found",
    FetchReason.UNREACHABLE: "its host does not accept connections",
    FetchReason.TLS: "no trusted encrypted connection to its host could be made",
    FetchReason.TIMEOUT: "its host did not send it in time",
    FetchReason.LOST: "its host did not send it whole",
    FetchReason.REDIRECTS: "its host redirects without end",
    FetchReason.STATUS: "its host does not hand it out",
    FetchReason.TOO_LARGE: "it is larger than allowed",
}


@dataclass(frozen=True)
class Fetched:
    """A file as it arrived.

    Attributes:
        body: Its bytes, all of them.
        content_type: What its host says they are, which need not be true; may be empty.
        redirects: How many redirects led to it.
    """

    body: bytes = field(repr=False)
    content_type: str
    redirects: int


def fetch_public(
    url: str,
    *,
    max_bytes: int,
    timeout: float,
    max_redirects: int = 3,
    allow_http: bool = False,
    accept: str = "*/*",
    user_agent: str = "lyria-core",
    allowed: Callable[[str], bool] = is_public,
    resolve: Resolve = resolve_by_system,
    ca_bundle: str | None = None,
) -> Fetched:
    """Return a file that is open to everybody, fetched from a public host in one try.

    The request carries no key, cookie, referrer or password. The address that a name leads to is
    checked where the connection is made, so a name cannot lead elsewhere after the check.

    Args:
        url: Where it is; a fragment is not sent.
        max_bytes: Largest file to accept, unpacked.
        timeout: Seconds for everything together. Only the name lookup cannot be cut short; when it
            takes longer than this, nothing is sent any more.
        max_redirects: How many redirects to follow.
        allow_http: Whether plain http is accepted beside https.
        accept: Value of the Accept header.
        user_agent: Value of the User-Agent header.
        allowed: Tells for an IP address whether it may be connected to.
        resolve: From host and port to IP addresses.
        ca_bundle: File of certificate authorities to trust instead of the usual ones.

    Raises:
        FetchFailed: If it was not fetched; ``reason`` tells why. The message does not show the
            address.
    """
    wire = Wire(
        allowed=allowed,
        resolve=resolve,
        ca_bundle=ca_bundle,
        proxy=None,
        connect_timeout=timeout / 2,
        read_timeout=timeout,
    )
    schemes = ("https", "http") if allow_http else ("https",)
    headers = {"User-Agent": user_agent, "Accept": accept, "Accept-Encoding": "identity"}
    deadline = time.monotonic() + timeout
    outcome: Fetched | FetchFailed = _failed(FetchReason.REDIRECTS, redirects=max_redirects)
    try:
        for redirects in range(max_redirects + 1):
            reason = _refusal(url, schemes)
            step = (
                _step(wire, url, headers, deadline, max_bytes, redirects)
                if reason is None
                else _failed(reason, redirects=redirects)
            )
            if not isinstance(step, str):
                outcome = step
                break
            url = step
    finally:
        wire.close()
    # Raised out here, it carries no exception of the network, and so no address, along.
    if isinstance(outcome, FetchFailed):
        raise outcome
    return outcome


def _step(
    wire: Wire,
    url: str,
    headers: dict[str, str],
    deadline: float,
    max_bytes: int,
    redirects: int,
) -> Fetched | FetchFailed | str:
    """Return the file at one address, or the address it redirects to."""
    left = deadline - time.monotonic()
    if left <= 0:
        return _failed(FetchReason.TIMEOUT, redirects=redirects)
    opened = wire.open(url, headers, timeout=left)
    if isinstance(opened, Failure):
        return _failed(_REASONS.get(opened.trouble, FetchReason.LOST), redirects=redirects)
    try:
        location = opened.headers.get("Location")
        if opened.status in _REDIRECTS and location:
            return _joined(url, location)
        if opened.status != 200:
            return _failed(FetchReason.STATUS, opened.status, redirects)
        body = _body(opened, max_bytes)
        if isinstance(body, FetchReason):
            return _failed(body, opened.status, redirects)
        return Fetched(body, opened.headers.get("Content-Type", ""), redirects)
    finally:
        opened.close()


def _refusal(url: str, schemes: Collection[str]) -> FetchReason | None:
    """Return why an address must not be asked, before anything is sent to it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # raises for a port that is no number
        requests.Request("GET", url).prepare()
    except (ValueError, requests.RequestException):  # encoding errors are ValueErrors
        host = None
    if not host:
        return FetchReason.NOT_AN_ADDRESS
    if parts.scheme not in schemes:
        return FetchReason.NOT_HTTPS
    if parts.username is not None or parts.password is not None:
        return FetchReason.CREDENTIALS
    return None


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""  # refused by the check of the next step


def _body(opened: Opened, max_bytes: int) -> bytes | FetchReason:
    length = opened.headers.get("Content-Length", "").strip()
    if _LENGTH.fullmatch(length) and int(length) > max_bytes:
        return FetchReason.TOO_LARGE
    body = bytearray()
    try:
        for chunk in opened.chunks():
            body += chunk
            if len(body) > max_bytes:
                return FetchReason.TOO_LARGE
    except BodyCut as cut:
        return _REASONS.get(cut.trouble, FetchReason.LOST)
    if opened.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "deflate"):
        plain = unpacked(bytes(body), max_bytes + 1)
        return FetchReason.TOO_LARGE if len(plain) > max_bytes else plain
    return bytes(body)


def _failed(reason: FetchReason, http_status: int | None = None, redirects: int = 0) -> FetchFailed:
    return FetchFailed(
        f"The file could not be fetched: {_SENTENCES[reason]}.",
        http_status=http_status,
        reason=reason,
        redirects=redirects,
    )
