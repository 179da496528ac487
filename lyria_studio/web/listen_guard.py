"""Checks of requests to a listening test: cookies, origins, bodies and addresses."""

from __future__ import annotations

import ipaddress
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from lyria_core import Charge, LyriaError
from lyria_studio.hosts import is_loopback_address, named_hosts, names_host_of
from lyria_studio.links import Signer

__all__ = [
    "MOST_BYTES",
    "BadRequest",
    "address_hash",
    "listener_id",
    "new_listener_id",
    "read_fields",
    "remember",
]

MOST_BYTES = 16 * 1024
COOKIE = "listener"
_COOKIE_S = 180 * 86_400
_LONGEST_ID = 64


class BadRequest(LyriaError):  # noqa: N818 - what the status is called
    """A request that no page of ours sends.

    Attributes:
        status: of the answer.
    """

    default_charge = Charge.NO
    default_advice = "Reload the page."

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def new_listener_id() -> str:
    """Return a new random id that cannot be guessed."""
    return secrets.token_urlsafe(24)


def listener_id(request: Request) -> str | None:
    """Return what the listener's cookie for this test holds; None without one."""
    found = request.cookies.get(COOKIE)
    return found if found and len(found) <= _LONGEST_ID and found.isascii() else None


def remember(response: Response, request: Request, listener: str, public_url: str | None) -> None:
    """Let the browser remember who the listener is, for the pages of this test alone.

    Args:
        response: gets the cookie.
        request: what it answers.
        listener: id of the listener.
        public_url: of the app; decides whether the cookie is for https only.
    """
    token = request.path_params["token"]
    by_public = public_url is not None and names_host_of(request.headers, public_url)
    prefix = urlsplit(public_url).path.rstrip("/") if by_public and public_url else ""
    response.set_cookie(
        COOKIE,
        listener,
        max_age=_COOKIE_S,
        path=f"{prefix}/listen/{token}",
        secure=_came_by_https(request, public_url),
        httponly=True,
        samesite="lax",
    )


async def read_fields(request: Request, public_url: str | None) -> dict[str, Any]:
    """Read the JSON object that a page of ours posts.

    Raises:
        BadRequest: it comes from another site, is too long or is no JSON object.
    """
    if not _same_origin(request, public_url):
        raise BadRequest(403, "This was sent by another site, so it does not count.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise BadRequest(415, "This has to be sent as JSON.")
    try:
        fields = json.loads(await _body(request))
    except (ValueError, RecursionError, ClientDisconnect):
        raise BadRequest(400, "This is not JSON.") from None
    if not isinstance(fields, dict):
        raise BadRequest(400, "This is not a JSON object.")
    return fields


def address_hash(request: Request, signer: Signer, test_id: str) -> str:
    """Return a one-way hash of a listener's network address, different in each test.

    Args:
        request: of the listener.
        signer: holds the secret of this installation.
        test_id: hashes of two tests cannot be compared.
    """
    return signer.opaque("address", test_id, _address(request))


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    body = bytearray()
    if not declared.isdecimal() or int(declared[:20]) <= MOST_BYTES:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                break
        else:
            return bytes(body)
    raise BadRequest(413, "This is too long.")


def _same_origin(request: Request, public_url: str | None) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:  # set by the browser; no page can forge it
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", ""))
    named = named_hosts(request.headers)
    if public_url is not None:
        named.append(urlsplit(public_url).netloc)
    return bool(origin.netloc) and origin.netloc.lower() in (host.lower() for host in named)


def _came_by_https(request: Request, public_url: str | None) -> bool:
    if public_url is not None and names_host_of(request.headers, public_url):
        return True  # a public address is always https
    forwarded = request.headers.get("x-forwarded-proto", "")
    return request.url.scheme == "https" or forwarded.split(",")[0].strip() == "https"


def _address(request: Request) -> str:
    peer = request.client.host if request.client else ""
    # The last entry was written by the proxy that stands before this app; what stands left of it
    # may be anything that a visitor has made up.
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return network_of(forwarded if forwarded and is_loopback_address(peer) else peer)


def network_of(address: str) -> str:
    """Return what one household has of an address: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)
