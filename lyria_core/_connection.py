"""A connection that knows its deadline, its allowed addresses, and whether sending has begun.

It is plugged into ``requests``' adapter. What it needs to know about the current request, and what
it tells, goes through ``exchange``, which every thread has its own of.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

Resolve = Callable[[str, int], list[str]]
"""From a host and a port to its IP addresses; raises ``socket.gaierror``."""


class Phase(Enum):
    """How far a request has come."""

    PREPARING = "preparing"  # nothing has been given to the adapter
    HANDED = "handed over"  # given to the adapter: anything may happen
    CONNECTING = "connecting"  # our connection is being made
    SENDING = "sending"  # from the first byte of the request on


class _Exchange(threading.local):
    """What the connection of this thread's current request needs to know, and tells."""

    deadline: float = float("inf")
    read_timeout: float = 60.0
    phase: Phase
    resolve: Resolve
    allowed: Callable[[str], bool]


exchange = _Exchange()


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
        reader = _DeadlineReader(sock, exchange.deadline, exchange.read_timeout)
        self.fp = io.BufferedReader(reader)


class AddressRefusedError(NewConnectionError):
    """The host's name leads to an address that must not be connected to."""


class _Guarded(HTTPConnection):
    """Connects to allowed addresses only, within the deadline, and marks when sending begins."""

    response_class = _Response

    def connect(self) -> None:
        exchange.phase = Phase.CONNECTING
        super().connect()

    def _new_conn(self) -> socket.socket:
        # Resolving, checking and connecting are one step, so that a name cannot resolve to an
        # allowed address for the check and to another one for the connection.
        try:
            addresses = exchange.resolve(self._dns_host, self.port)
        except (socket.gaierror, UnicodeError) as error:
            cause = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, cause) from error
        # A proxy is the person's own choice; behind it, the proxy resolves the name.
        if self.proxy is None and not all(exchange.allowed(address) for address in addresses):
            raise AddressRefusedError(self, "address not allowed")
        connect_timeout = self.timeout or 0.0
        last: OSError | None = None
        for address in addresses:
            left = min(connect_timeout, exchange.deadline - time.monotonic())
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
        exchange.phase = Phase.SENDING
        super().request(*args, **kwargs)


class _GuardedTLS(_Guarded, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTLS


_POOLS = {"http": _Pool, "https": _TLSPool}


class Adapter(HTTPAdapter):
    """``requests``' adapter over guarded connections."""

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
