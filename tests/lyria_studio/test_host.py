"""How the app gets hold of the server that runs it."""

import socket
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from lyria_studio.host import Host


def _server(**options: Any) -> uvicorn.Server:
    config = uvicorn.Config(Starlette(), **options)
    config.load()
    return uvicorn.Server(config)


def _bound(host: str, family: int = socket.AF_INET) -> socket.socket:
    # As `streamlit run` binds: with protocol 0, on which asyncio leaves TCP_NODELAY off.
    sock = socket.socket(family)
    sock.bind((host, 0))
    sock.listen()
    return sock


@pytest.mark.parametrize(
    ("address", "family", "named"),
    [
        ("127.0.0.1", socket.AF_INET, "127.0.0.1"),
        ("0.0.0.0", socket.AF_INET, "127.0.0.1"),  # noqa: S104
        ("::1", socket.AF_INET6, "[::1]"),
        ("::", socket.AF_INET6, "127.0.0.1"),
    ],
)
def test_own_address_is_the_port_that_was_chosen_at_start(
    address: str, family: int, named: str
) -> None:
    host = Host(dict)
    with _bound(address, family) as sock:
        host.bound(_server(port=1), [sock])
        assert host.own_url == f"http://{named}:{sock.getsockname()[1]}"


def test_accepted_connections_send_without_delay() -> None:
    with _bound("127.0.0.1") as sock:
        Host(dict).bound(_server(), [sock])
        with socket.create_connection(sock.getsockname()):
            accepted, _ = sock.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_server_that_binds_later_is_found_by_its_configuration() -> None:
    host = Host(dict)
    host.bound(_server(host="127.0.0.1", port=4321), [])
    assert host.own_url == "http://127.0.0.1:4321"
