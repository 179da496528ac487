"""Sends callbacks: at the end of a job, or at every step of it."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Final

from lyria_sandbox.gateway.receivers import ReceiverRefusedError, Receivers
from lyria_sandbox.gateway.replies import callback_body
from lyria_sandbox.gateway.store import Store

if TYPE_CHECKING:
    from lyria_sandbox.gateway.job import Job
    from lyria_sandbox.gateway.sandbox_settings import SandboxSettings
    from lyria_sandbox.gateway.store import StoreThread

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 8
"""Deliveries at once, so that slow receivers tie up few sockets."""

_DELIVERY_FAILURES: Final = (
    ReceiverRefusedError,
    OSError,
    TimeoutError,
    ValueError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
)


class Webhooks:
    """Delivers callbacks and gives up after a bound."""

    def __init__(self, settings: SandboxSettings, store: StoreThread) -> None:
        self.receivers = Receivers(settings.allow_loopback_webhooks, settings.ca_bundle)
        self._settings = settings
        self._store = store
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def step(self, job: Job) -> None:
        """Send a callback for an unfinished job, once: others follow."""
        await self._deliver(job)

    async def finish(self, job: Job) -> None:
        """Send the last callback, with growing pauses until it is accepted, or give up."""
        for pause_s in (*self._settings.webhook_pauses_s, None):
            if await self._deliver(job):
                break
            if pause_s is None:
                _log.warning("gave up the callback of %s", job.request_id)
                break
            await asyncio.sleep(pause_s)
        await self._store(Store.called, job.request_id)

    async def _deliver(self, job: Job) -> bool:
        if job.webhook is None:
            return True
        body = json.dumps(callback_body(job)).encode()
        taken = False
        for _ in range(2 if "webhook-twice" in job.marks else 1):
            try:
                async with self._slots, asyncio.timeout(self._settings.webhook_timeout_s):
                    taken = 200 <= await self.receivers.post(job.webhook.url, body) < 300
            except _DELIVERY_FAILURES:
                taken = False
        return taken
