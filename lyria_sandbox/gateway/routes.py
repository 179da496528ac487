"""The endpoints of the reference: generate and status."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from lyria_sandbox.gateway import cards, replies
from lyria_sandbox.gateway.accounts import Account, account
from lyria_sandbox.gateway.catalogue import price_cents
from lyria_sandbox.gateway.clock import now_ms
from lyria_sandbox.gateway.connection import CutResponse, DroppedResponse, LateResponse
from lyria_sandbox.gateway.deviations import POLL_CARDS, deviating
from lyria_sandbox.gateway.ids import new_request_id
from lyria_sandbox.gateway.intake import read_body
from lyria_sandbox.gateway.job import Job, Status, Webhook
from lyria_sandbox.gateway.receivers import ReceiverRefusedError
from lyria_sandbox.gateway.store import BalanceTooLowError, QueueFullError, Store
from lyria_sandbox.gateway.validation import parse_json, read_request

if TYPE_CHECKING:
    from collections import Counter

    from lyria_core import Model
    from lyria_sandbox.gateway.runner import Runner
    from lyria_sandbox.gateway.sandbox_settings import SandboxSettings
    from lyria_sandbox.gateway.store import StoreThread
    from lyria_sandbox.gateway.webhooks import Webhooks

_LATEST_S = 60.0
_MARK_RETRY_S = 2
_QUEUE_RETRY_S = 5


class GatewayRoutes:
    """Generate and status.

    Args:
        settings: The sandbox's settings.
        store: Jobs and wallets.
        runner: What runs the jobs.
        webhooks: What knows the rules for receivers.
        polls: Number of polls of each job so far, for the test cards.
    """

    def __init__(
        self,
        settings: SandboxSettings,
        store: StoreThread,
        runner: Runner,
        webhooks: Webhooks,
        polls: Counter[str],
    ) -> None:
        self._settings = settings
        self._store = store
        self._runner = runner
        self._webhooks = webhooks
        self._polls = polls
        self._opening_cents = int(settings.opening_balance_usd * 100)

    @property
    def routes(self) -> list[Route]:
        """The routes of the reference."""
        return [
            *(
                Route(model.path, partial(self.generate, model=model), methods=["POST"])
                for model in self._settings.models.values()
            ),
            Route("/{api}/v1/{model}/generate", self.unknown_model, methods=["POST"]),
            Route("/v2/requests/status/{request_id}", self.status, methods=["GET"]),
        ]

    async def generate(self, request: Request, *, model: Model) -> Response:
        """Accept a job: validate, charge, queue."""
        holder = account(request, self._opening_cents)
        settings = self._settings
        if model.id in settings.disabled_models:
            raise replies.model_not_found(model.id)
        body = await read_body(request, settings.max_body_bytes, settings.body_timeout_s)
        value = parse_json(body, request.headers.get("content-type", ""))
        fields = read_request(value, model, settings.max_prompt_chars)
        if fields.get("seed") is None and (seed := _default_seed(request)) is not None:
            fields["seed"] = seed
        webhook = self._webhook(request)
        fields["prompt"], marks = cards.take_marks(fields["prompt"])
        if refusal := _refused_by(marks):
            return refusal
        now = now_ms()
        job = Job(
            request_id=new_request_id(model.id, now, long="long-id" in marks),
            owner=holder.owner,
            model=model.id,
            status=Status.QUEUED,
            root_url=replies.root_url(request),
            price_cents=price_cents(model),
            created_ms=now,
            updated_ms=now,
            request=fields,
            marks=marks,
            webhook=webhook,
        )
        await self._take(job, holder, model)
        self._runner.launch(job)
        return _acceptance(job)

    async def unknown_model(self, request: Request) -> Response:
        """Refuse a model that is not offered, by the name that was asked for."""
        account(request, self._opening_cents)
        api, model = request.path_params["api"], request.path_params["model"]
        raise replies.model_not_found(model if api in self._settings.models else api)

    async def status(self, request: Request) -> Response:
        """Return the status of a job to the key that ordered it."""
        holder = account(request, self._opening_cents)
        request_id = request.path_params["request_id"]
        job = await self._store(Store.get, request_id)
        if job is None or job.owner != holder.owner:
            raise replies.unknown_request(request_id)
        body = replies.status_body(job, replies.root_url(request))
        if job.marks.keys() & POLL_CARDS:
            # Only polls that give an address count towards its expiry.
            if body["output"] or "expiring-media" not in job.marks:
                self._polls[request_id] += 1
            body = deviating(body, job, self._polls[request_id])
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    def _webhook(self, request: Request) -> Webhook | None:
        url = request.headers.get("x-webhook-url")
        mode = request.headers.get("x-webhook-mode", "terminal").strip().lower()
        if mode not in ("terminal", "sync"):
            raise replies.invalid("X-Webhook-Mode must be terminal or sync")
        if url is None:
            return None
        try:
            self._webhooks.receivers.check_url(url)
        except ReceiverRefusedError as reason:
            raise replies.invalid(str(reason)) from None
        return Webhook(url, mode)

    async def _take(self, job: Job, holder: Account, model: Model) -> None:
        try:
            await self._store(
                Store.take, job, holder.opening_cents, self._settings.max_unfinished_per_key
            )
        except BalanceTooLowError:
            raise replies.no_balance(model) from None
        except QueueFullError:
            raise replies.limited(_QUEUE_RETRY_S) from None


def _default_seed(request: Request) -> int | None:
    """Return the seed for a request without one; the reference knows no such header."""
    text = request.headers.get("x-sandbox-seed")
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII):
        raise replies.invalid("X-Sandbox-Seed must be a whole number of at most 10 digits")
    return int(text)


def _refused_by(marks: dict[str, float]) -> Response | None:
    """Return the answer of the marks that refuse a job."""
    if "429" in marks:
        raise replies.limited(_MARK_RETRY_S)
    if "500" in marks:
        raise replies.internal_error()
    if "502" in marks:
        return HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", 502)
    return None


def _acceptance(job: Job) -> Response:
    """Return the 202, or the answer that the job's marks put in its place."""
    body = replies.accepted_body(job)
    if "500-taken" in job.marks:
        raise replies.internal_error()
    if "drop" in job.marks:
        return DroppedResponse()
    if "cut" in job.marks:
        whole = json.dumps(body).encode()
        return CutResponse(whole, keep=whole.index(b'"status"'))
    if "late" in job.marks:
        return LateResponse(body, 202, after_s=min(job.marks["late"], _LATEST_S))
    return JSONResponse(body, 202)
