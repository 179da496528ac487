"""What can be set about a sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from lyria_core import MODELS
from lyria_sandbox.gateway.timetable import PACES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lyria_core import Model


@dataclass(frozen=True)
class SandboxSettings:
    """Settings of one sandbox.

    Attributes:
        home: Folder of its jobs, wallets and media; made when it is missing.
        models: The models on offer by their ids.
        pace: How long jobs take: ``instant`` (as fast as rendering goes), ``demo`` (a few seconds)
            or ``realistic`` (15 to 120 s).
        renderers: Number of renders at once, each in a process of its own.
        composer: Name of the module that offers ``Order``, ``render`` and ``warm``.
        opening_balance_usd: What a new wallet starts with, in US dollars.
        disabled_models: Ids of models that answer "not found or is disabled".
        allow_loopback_webhooks: Accept webhooks to this machine, over plain http too.
        webhook_timeout_s: Seconds that one delivery may take.
        webhook_pauses_s: Seconds before each further attempt; as many attempts as pauses, plus one.
        allow_loopback_images: Fetch images from this machine too.
        max_image_bytes: Largest image.
        image_timeout_s: Seconds that fetching one image may take.
        ca_bundle: File of certificate authorities to trust at receivers and at hosts of images,
            instead of the usual ones.
        sync_every_s: Longest time between two callbacks of an unfinished job in ``sync`` mode.
        max_body_bytes: Largest request body.
        max_prompt_chars: Longest prompt or negative prompt.
        max_unfinished_per_key: Jobs of one key that may be queued or processing at once.
        max_media_bytes: Bound of all media on disk; beyond it the oldest are deleted.
        max_finished_jobs: Finished jobs that are remembered; beyond it the oldest are forgotten.
        body_timeout_s: Seconds that a client has to send its request body.
        send_timeout_s: Seconds that a client may stop reading an answer before it is cut off.
        render_timeout_s: Seconds after which a render is given up.
    """

    home: Path
    models: Mapping[str, Model] = field(default_factory=lambda: MODELS, repr=False)
    pace: str = "demo"
    renderers: int = 1
    composer: str = "lyria_sandbox.composer"
    opening_balance_usd: Decimal = Decimal("5.00")
    disabled_models: frozenset[str] = frozenset()
    allow_loopback_webhooks: bool = True
    webhook_timeout_s: float = 5.0
    webhook_pauses_s: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0, 120.0)
    allow_loopback_images: bool = False
    max_image_bytes: int = 10 * 1024**2
    image_timeout_s: float = 10.0
    ca_bundle: str | None = None
    sync_every_s: float = 15.0
    max_body_bytes: int = 256 * 1024
    max_prompt_chars: int = 20_000
    max_unfinished_per_key: int = 200
    max_media_bytes: int = 2 * 1024**3
    max_finished_jobs: int = 10_000
    body_timeout_s: float = 15.0
    send_timeout_s: float = 30.0
    render_timeout_s: float = 300.0

    def __post_init__(self) -> None:
        if self.pace not in PACES:
            raise ValueError(f"pace must be one of {', '.join(PACES)}, not {self.pace!r}")
        if self.renderers < 1:
            raise ValueError("renderers must be at least 1")
