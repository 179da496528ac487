"""One HTTP exchange, and what became of it: the only module that touches the network.

It carries requests by ``requests``' adapter and without its ``Session``: a session follows
redirects (and forwards a custom key header to another host), reads ``.netrc`` and keeps cookies.
What the adapter leaves open is closed here: whether a byte of the request left, one deadline over
everything however slowly a server drips, and which addresses may be connected to.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

Resolve = Callable[[str, int], list[str]]
"""From a host and a port to its IP addresses; raises ``socket.gaierror``."""

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

    def __init__(self, response: requests.Response) -> None:
        self._response = response
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
            except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError):
                chunk = None
            if chunk is None:
                raise BodyCut(trouble)
            if not chunk:
                return
            yield chunk

    def close(self) -> None:
        """Drop the connection, unless the body was read to its end and it went back already."""
        self._response.close()


class _Phase(Enum):
    PREPARING = "preparing"  # nothing has been given to the adapter
    HANDED = "handed over"  # given to the adapter: anything may happen
    CONNECTING = "connecting"  # our connection is being made
    SENDING = "sending"  # from the first byte of the request on


class _Exchange(threading.local):
    """What the connection of this thread's current request needs to know, and tells."""

    deadline: float = float("inf")
    read_timeout: float = 60.0
    phase: _Phase
    resolve: Resolve
    allowed: Callable[[str], bool]


_exchange = _Exchange()


class _DeadlineReader(io.RawIOBase):
    """The receiving side of a socket; each read gets only what is left of the deadline.

    A socket's own timeout starts anew with every byte.
    """

    def __init__(self, sock: socket.socket, deadline: float, read_timeout: float) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = deadline
        self._read_timeout = read_timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline passed")
        self._sock.settimeout(min(left, self._read_timeout))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        reader = _DeadlineReader(sock, _exchange.deadline, _exchange.read_timeout)
        self.fp = io.BufferedReader(reader)


class _AddressRefusedError(NewConnectionError):
    pass


class _Guarded(HTTPConnection):
    """Connects to allowed addresses only, within the deadline, and marks when sending begins."""

    response_class = _Response

    def connect(self) -> None:
        _exchange.phase = _Phase.CONNECTING
        super().connect()

    def _new_conn(self) -> socket.socket:
        # Resolving, checking and connecting are one step, so that a name cannot resolve to an
        # allowed address for the check and to another one for the connection.
        try:
            addresses = _exchange.resolve(self._dns_host, self.port)
        except (socket.gaierror, UnicodeError) as error:
            cause = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, cause) from error
        # A proxy is the person's own choice; behind it, the proxy resolves the name.
        if self.proxy is None and not all(_exchange.allowed(address) for address in addresses):
            raise _AddressRefusedError(self, "address not allowed")
        connect_timeout = self.timeout or 0.0
        last: OSError | None = None
        for address in addresses:
            left = min(connect_timeout, _exchange.deadline - time.monotonic())
            if left <= 0:
                last = TimeoutError("deadline passed")
                break
            try:
                sock = socket.create_connection((address, self.port), left)
            except OSError as error:
                last = error
                continue
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            return sock
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, "connect timed out") from last
        raise NewConnectionError(self, f"no connection: {last}") from last

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()
        _exchange.phase = _Phase.SENDING
        super().request(*args, **kwargs)


class _GuardedTLS(_Guarded, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTLS


_POOLS = {"http": _Pool, "https": _TLSPool}


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def resolve_by_system(host: str, port: int) -> list[str]:
    """Return the addresses that this machine's resolver gives, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


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
        self._kept = _Adapter(pool_connections=2, pool_maxsize=pool)

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
        adapter = _Adapter(pool_connections=1, pool_maxsize=1) if fresh else self._kept
        try:
            opened = self._open(adapter, method, url, headers, body, timeout, fresh=fresh)
            return opened if isinstance(opened, Failure) else _read(opened, limit)
        finally:
            if fresh:
                adapter.close()

    def open(self, url: str, headers: Mapping[str, str], *, timeout: float) -> Opened | Failure:
        """Send one GET on a connection of its own and return when the headers are there."""
        adapter = _Adapter(pool_connections=1, pool_maxsize=1)
        return self._open(adapter, "GET", url, headers, None, timeout, fresh=True)

    def _open(
        self,
        adapter: _Adapter,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: float,
        *,
        fresh: bool,
    ) -> Opened | Failure:
        extra = {"Connection": "close"} if fresh else {}
        _exchange.deadline = time.monotonic() + timeout
        _exchange.read_timeout = self._read_timeout
        _exchange.phase = _Phase.PREPARING
        _exchange.resolve = self._resolve
        _exchange.allowed = self._allowed
        try:
            request = requests.Request(method, url, headers={**headers, **extra}, data=body)
            prepared = request.prepare()
            _exchange.phase = _Phase.HANDED
            response = adapter.send(
                prepared,
                stream=True,
                timeout=(min(self._connect_timeout, timeout), min(self._read_timeout, timeout)),
                verify=self._verify,
                proxies=self._proxies,
            )
        except (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
            return _failure(error, _exchange.phase)
        return Opened(response)


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
    return Answer(opened.status, opened.headers, bytes(body[:limit]), complete)


def _failure(error: BaseException, phase: _Phase) -> Failure:
    """Name what went wrong, by the exceptions inside the exception."""
    inner = list(_inside(error))
    trouble = next(
        (trouble for kind, trouble in _TROUBLES if any(isinstance(e, kind) for e in inner)),
        Trouble.DROPPED,
    )
    # One exception class covers "refused" and "dropped after sending": only the phase tells.
    return Failure(sent=phase in (_Phase.HANDED, _Phase.SENDING), trouble=trouble)


# The first that matches names the trouble: the narrower before the wider.
_TROUBLES: tuple[tuple[type[BaseException], Trouble], ...] = (
    (_AddressRefusedError, Trouble.ADDRESS),
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
