"""One HTTP exchange, and what became of it: the only module that touches the network.

It carries requests by ``requests``' adapter and without its ``Session``: a session follows
redirects (and forwards a custom key header to another host), reads ``.netrc`` and keeps cookies.
What the adapter leaves open is closed here: whether a byte of the request left, one deadline over
everything however slowly a server drips, and which addresses may be connected to.
"""

from __future__ import annotations

import http.client
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from lyria_core._connection import Adapter, AddressRefusedError, Phase, Resolve, exchange

_CHUNK = 64 * 1024


class Trouble(Enum):
    """What kept an answer from arriving."""

    NAME = "name"  # the host's name was not found
    REFUSED = "refused"  # nothing listens, or no route
    CONNECT_TIMEOUT = "connect timeout"
    PROXY = "proxy"
    TLS = "tls"  # the certificate is not trusted, or no TLS at all
    ADDRESS = "address"  # the host resolves to an address that is not allowed
    TIMEOUT = "timeout"
    DROPPED = "dropped"
    GARBAGE = "garbage"  # not HTTP


@dataclass(frozen=True)
class Failure:
    """No status line arrived.

    Attributes:
        sent: Whether the other side may have got the request. ``False`` only on positive evidence
            that the connection was still being made.
        trouble: Why.
    """

    sent: bool
    trouble: Trouble


@dataclass(frozen=True)
class Answer:
    """A status line arrived, and at least a part of the rest.

    Attributes:
        status: HTTP status.
        headers: Headers, case-insensitive.
        body: What arrived of the body.
        complete: Whether that is all of it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool


class BodyCut(Exception):  # noqa: N818 - not an error of ours but an event on the wire
    """The body ended before its end."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class Opened:
    """An answer whose body is still on the wire. Close it."""

    def __init__(self, response: requests.Response, adapter: Adapter | None) -> None:
        self._response = response
        self._adapter = adapter
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers

    def chunks(self) -> Iterator[bytes]:
        """Yield the body as it arrives, undecoded.

        Raises:
            BodyCut: If it ends early, stalls, or the deadline passes.
        """
        raw = self._response.raw
        while True:
            trouble = Trouble.DROPPED
            try:
                # read1 hands out what has arrived; read would lose it when the next part fails.
                chunk = raw.read1(_CHUNK, decode_content=False)
            except (urllib3.exceptions.ReadTimeoutError, TimeoutError):
                trouble, chunk = Trouble.TIMEOUT, None
            except Exception:  # noqa: BLE001 - whatever it is, the body has not ended well
                chunk = None
            if chunk is None:
                raise BodyCut(trouble)
            if not chunk:
                return
            yield chunk

    def close(self) -> None:
        """Drop the connection, unless the body was read to its end and it went back already."""
        self._response.close()
        if self._adapter is not None:
            self._adapter.close()


class Wire:
    """Sends requests to one kind of host. Safe to use from many threads.

    Args:
        allowed: Tells for an IP address whether it may be connected to.
        resolve: From host and port to IP addresses.
        ca_bundle: A file of certificate authorities to trust instead of the usual ones.
        proxy: Address of an HTTP proxy for https requests, or ``None``.
        connect_timeout: Seconds for a connection to stand.
        read_timeout: Longest silence in seconds.
        pool: How many idle connections to keep.
    """

    def __init__(
        self,
        *,
        allowed: Callable[[str], bool],
        resolve: Resolve,
        ca_bundle: str | None,
        proxy: str | None,
        connect_timeout: float,
        read_timeout: float,
        pool: int = 1,
    ) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._verify: bool | str = ca_bundle or True
        self._proxies = {"https": proxy} if proxy else {}
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._kept = Adapter(pool_connections=2, pool_maxsize=pool)

    def close(self) -> None:
        """Close the idle connections."""
        self._kept.close()

    def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        timeout: float,
        limit: int,
        fresh: bool = False,
    ) -> Answer | Failure:
        """Send one request, once, and read its answer.

        Args:
            method: HTTP method.
            url: Checked address.
            headers: Request headers.
            body: Request body.
            timeout: Seconds for everything together, from the name lookup to the last byte.
            limit: Bytes of the answer's body to read at most.
            fresh: Whether to use a connection of its own: an idle one may be dead already, which
                shows only after sending.
        """
        opened = self._open(method, url, headers, body, timeout, fresh=fresh)
        return opened if isinstance(opened, Failure) else _read(opened, limit)

    def open(self, url: str, headers: Mapping[str, str], *, timeout: float) -> Opened | Failure:
        """Send one GET on a connection of its own and return when the headers are there.

        Args:
            url: Checked address.
            headers: Request headers.
            timeout: Seconds for everything together, the body included.
        """
        if not self._proxy_may_reach(url):
            return Failure(sent=False, trouble=Trouble.ADDRESS)
        return self._open("GET", url, headers, None, timeout, fresh=True)

    def _proxy_may_reach(self, url: str) -> bool:
        """Refuse what is known to be a forbidden address; a proxy would connect to it for us.

        A name that only the proxy can resolve is left to it.
        """
        parts = urlsplit(url)
        if parts.scheme not in self._proxies:
            return True  # no proxy: the connection itself is guarded
        try:
            addresses = self._resolve(parts.hostname or "", parts.port or 443)
        except (OSError, UnicodeError):
            return True
        return all(self._allowed(address) for address in addresses)

    def _open(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: float,
        *,
        fresh: bool,
    ) -> Opened | Failure:
        own = Adapter(pool_connections=1, pool_maxsize=1) if fresh else None
        extra = {"Connection": "close"} if fresh else {}
        exchange.deadline = time.monotonic() + timeout
        exchange.read_timeout = self._read_timeout
        exchange.phase = Phase.PREPARING
        exchange.resolve = self._resolve
        exchange.allowed = self._allowed
        try:
            request = requests.Request(method, url, headers={**headers, **extra}, data=body)
            prepared = request.prepare()
            if "/%2E" in url:
                prepared.url = url  # written out, an escaped dot would climb out of the path
            exchange.phase = Phase.HANDED
            response = (own or self._kept).send(
                prepared,
                stream=True,
                timeout=(min(self._connect_timeout, timeout), min(self._read_timeout, timeout)),
                verify=self._verify,
                proxies=self._proxies,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the request may have left
            if own is not None:
                own.close()
            return _failure(error, exchange.phase)
        return Opened(response, own)


def _read(opened: Opened, limit: int) -> Answer:
    body = bytearray()
    complete = True
    try:
        for chunk in opened.chunks():
            body += chunk
            if len(body) > limit:
                complete = False
                break
    except BodyCut:
        complete = False
    finally:
        opened.close()
    if opened.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "deflate"):
        return Answer(opened.status, opened.headers, unpacked(bytes(body), limit), complete)
    return Answer(opened.status, opened.headers, bytes(body[:limit]), complete)


def unpacked(body: bytes, limit: int) -> bytes:
    """Decode a body that was packed although we did not ask for it; as far as it goes.

    Args:
        body: The packed bytes (gzip or zlib).
        limit: Bytes to return at most.
    """
    decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        return decoder.decompress(body, limit)
    except zlib.error:
        return body[:limit]


def _failure(error: BaseException, phase: Phase) -> Failure:
    """Name what went wrong, by the exceptions inside the exception."""
    inner = list(_inside(error))
    trouble = next(
        (trouble for kind, trouble in _TROUBLES if any(isinstance(e, kind) for e in inner)),
        Trouble.DROPPED,
    )
    # One exception class covers "refused" and "dropped after sending": only the phase tells.
    return Failure(sent=phase in (Phase.HANDED, Phase.SENDING), trouble=trouble)


# The first that matches names the trouble: the narrower before the wider.
_TROUBLES: tuple[tuple[type[BaseException], Trouble], ...] = (
    (AddressRefusedError, Trouble.ADDRESS),
    (ProxyError, Trouble.PROXY),
    (requests.exceptions.InvalidProxyURL, Trouble.PROXY),
    (NameResolutionError, Trouble.NAME),
    (NewConnectionError, Trouble.REFUSED),
    (ConnectTimeoutError, Trouble.CONNECT_TIMEOUT),
    (SSLError, Trouble.TLS),
    (ssl.SSLError, Trouble.TLS),
    (urllib3.exceptions.ReadTimeoutError, Trouble.TIMEOUT),
    (TimeoutError, Trouble.TIMEOUT),
    (http.client.RemoteDisconnected, Trouble.DROPPED),
    (ConnectionError, Trouble.DROPPED),
    (http.client.HTTPException, Trouble.GARBAGE),
)


def _inside(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those it carries as arguments, reasons or causes, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [arg for arg in current.args if isinstance(arg, BaseException)]
        for name in ("reason", "original_error"):
            inner = getattr(current, name, None)
            waiting.append(inner if isinstance(inner, BaseException) else None)
        waiting.append(current.__cause__)
