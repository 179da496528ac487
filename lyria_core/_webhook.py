"""The address that the gateway calls when a job changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lyria_core._addresses import is_loopback_host
from lyria_core._errors import InvalidRequest

_MODES = ("terminal", "sync")


@dataclass(frozen=True)
class Webhook:
    """Where the gateway posts callbacks of a job.

    A callback arrives at least once and in any order: treat it as a hint and ask for the status.

    Attributes:
        url: An https address; not shown by ``repr``, for it may carry a secret. Plain http is for
            loopback only, and only a gateway on loopback is sent it.
        mode: ``terminal`` calls once at the end, ``sync`` also while the job is made.

    Raises:
        InvalidRequest: On construction, if the gateway would not take it. Not charged.
    """

    url: str = field(repr=False)
    mode: str = "terminal"

    def __post_init__(self) -> None:
        if self.mode not in _MODES:
            raise InvalidRequest(
                "The webhook mode is unknown, so nothing was sent.",
                advice=f"Choose one of: {', '.join(_MODES)}.",
            )
        if not _is_callable_address(self.url):
            raise InvalidRequest(
                "The webhook address is not an https address, so nothing was sent.",
                advice="Give an address that begins with https:// and can be reached from outside.",
            )

    @property
    def is_local(self) -> bool:
        """Whether only a gateway on this machine can reach it."""
        return urlsplit(self.url).scheme == "http"

    def headers(self) -> dict[str, str]:
        """Return the headers that enable it on a submit request."""
        return {"X-Webhook-URL": self.url, "X-Webhook-Mode": self.mode}


def _is_callable_address(url: object) -> bool:
    # Anything but visible ASCII could break out of the header that carries it.
    if not isinstance(url, str) or not all("!" <= c <= "~" for c in url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return False
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback_host(parts.hostname))
