"""Run the sandbox alone: ``python -m lyria_sandbox --port 8600 --home DIR --pace instant``.

With ``LYRIA_HOME`` set, its folder is in there, and ``models.toml`` in there adds models.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import uvicorn

from lyria_core import CatalogueError, read_models, use_models
from lyria_sandbox import Sandbox, SandboxSettings
from lyria_sandbox.gateway.timetable import PACES

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the sandbox at the root path until interrupted, and print its URL."""
    studio_home = os.environ.get("LYRIA_HOME", "").strip()
    home = Path(studio_home).expanduser() if studio_home else None
    parser = _parser(home)
    options = parser.parse_args(arguments)
    try:
        use_models(read_models(str(home / "models.toml") if home else None))
    except CatalogueError as error:
        parser.exit(2, f"The sandbox cannot start: {error}\n")
    settings = SandboxSettings(
        home=options.home,
        pace=options.pace,
        renderers=options.renderers,
        composer=options.composer,
    )
    listener = socket.create_server((options.host, options.port))
    # asyncio sets this only on sockets that name their protocol; without it a client that keeps its
    # connection waits 40 ms for every answer. Accepted sockets inherit it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    host, port = listener.getsockname()[:2]
    sys.stdout.write(f"Lyria sandbox at http://{host}:{port} (docs at http://{host}:{port}/docs)\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        Sandbox(settings).app, log_level="warning", ws="none", timeout_graceful_shutdown=3
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _parser(home: Path | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lyria_sandbox",
        description="A local stand-in for the gateway: same API, free, with a composer of its own.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8600, help="port; 0 takes a free one (8600)")
    parser.add_argument(
        "--home",
        type=Path,
        # Not the folder of the sandbox inside the studio: two of them would run the same jobs.
        default=home / "lyria-sandbox"
        if home
        else Path(platformdirs.user_data_dir("lyria-sandbox", appauthor=False)),
        help="folder of jobs, wallets and media (%(default)s)",
    )
    parser.add_argument(
        "--pace",
        choices=list(PACES),
        default=os.environ.get("LYRIA_SANDBOX_PACE", "demo"),
        help="how long jobs take (%(default)s)",
    )
    parser.add_argument("--renderers", type=int, default=1, help="renders at once (%(default)s)")
    parser.add_argument(
        "--composer",
        default="lyria_sandbox.composer",
        help="module that offers Order, render and warm (%(default)s)",
    )
    return parser


if __name__ == "__main__":
    main()
