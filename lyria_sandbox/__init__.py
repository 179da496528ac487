"""Local stand-in for the gateway: the same HTTP API over a composer of its own.

Mount ``Sandbox(SandboxSettings(home=...)).app`` anywhere in an ASGI application, or run it alone
with ``python -m lyria_sandbox``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lyria_sandbox.gateway.cards import CARDS, Card
    from lyria_sandbox.gateway.sandbox import Sandbox
    from lyria_sandbox.gateway.sandbox_settings import SandboxSettings

__all__ = ["CARDS", "Card", "Sandbox", "SandboxSettings"]

_HOMES = {
    "CARDS": "lyria_sandbox.gateway.cards",
    "Card": "lyria_sandbox.gateway.cards",
    "Sandbox": "lyria_sandbox.gateway.sandbox",
    "SandboxSettings": "lyria_sandbox.gateway.sandbox_settings",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used.

    Renderer processes import this package for its composer only and need no HTTP server.
    """
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
