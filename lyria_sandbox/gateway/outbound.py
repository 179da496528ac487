"""Calls to other hosts: to the very address that was checked."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lyria_sandbox.gateway.addresses import Receiver, Rules


@asynccontextmanager
async def connected(
    receiver: Receiver, rules: Rules
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Look a host up, check where its name leads, and hold a connection to it.

    Raises:
        NotAllowedError: One of the host's addresses is refused.
        OSError: No connection.
        UnicodeError: The host's name is none.
    """
    address = await _resolve(receiver, rules)
    reader, writer = await asyncio.open_connection(
        address,
        receiver.port,
        ssl=await asyncio.to_thread(ssl.create_default_context) if receiver.tls else None,
        server_hostname=receiver.host if receiver.tls else None,
    )
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _resolve(receiver: Receiver, rules: Rules) -> str:
    """Look the receiver up and return an allowed address; one refused address refuses it."""
    found = await asyncio.get_running_loop().getaddrinfo(
        receiver.host, receiver.port, type=socket.SOCK_STREAM
    )
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        rules.check_address(ipaddress.ip_address(address.partition("%")[0]), receiver)
    return addresses[0]
