"""A gateway with wallets and a ledger of its own, on a real socket."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from decimal import Decimal

from support.stub_gateway import Action, Exchange, StubGateway, accepted, job, media, reply
from support.worker_rig import sound

_MODELS = {"lyria-3": "0.04", "lyria-3-pro": "0.08", "lyria-2": "0.06"}


@dataclass(frozen=True)
class Charged:
    """One line of the ledger."""

    request_id: str
    key: str
    usd: Decimal


class PayingGateway:
    """Charges each job when it takes it, as a customer would want to check.

    Attributes:
        prices: US dollars for one job, by model id; may be changed at any time.
        wallets: US dollars left, by key; a key without a wallet is refused.
        ledger: what was charged.
        refusal: what an order is answered for which the wallet holds too little; None: as the
            reference says.
        polls: at which look a job is completed; may be changed at any time.
        callbacks: how many jobs asked to be called back; none ever is.
    """

    def __init__(self, stub: StubGateway, polls: int = 2) -> None:
        self.stub = stub
        self.prices = {model: Decimal(usd) for model, usd in _MODELS.items()}
        self.wallets: dict[str, Decimal] = {}
        self.ledger: list[Charged] = []
        self.refusal: Action | None = None
        self.callbacks: list[str] = []
        self.polls = polls
        self._seen: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self._guard = threading.Lock()
        stub.script("POST ", self._submit)
        stub.script("GET /v2/requests/status/", self._status)
        stub.script("GET /media/", media(sound()))

    @property
    def charged(self) -> Decimal:
        """Everything that was charged, in US dollars."""
        return sum((one.usd for one in self.ledger), Decimal(0))

    def _submit(self, exchange: Exchange) -> None:
        headers, model = exchange.request.headers, exchange.request.path.split("/")[1]
        key = headers.get("ocp-apim-subscription-key", "")
        with self._guard:
            answer = self._taken(key, model, headers.get("x-webhook-url"))
        answer(exchange)

    def _taken(self, key: str, model: str, callback: str | None) -> Action:
        price = self.prices[model]
        if key not in self.wallets:
            return reply(401, {"statusCode": 401, "message": "Access denied"})
        if self.wallets[key] < price:
            if self.refusal is not None:
                return self.refusal
            words = f"Your wallet does not have enough balance. Required: ${price}"
            return reply(402, {"error": "Insufficient Balance", "message": words})
        request_id = f"{model}_{next(self._numbers):08d}"
        self.wallets[key] -= price
        self.ledger.append(Charged(request_id, key, price))
        if callback:
            self.callbacks.append(callback)
        return accepted(request_id)

    def _status(self, exchange: Exchange) -> None:
        request_id = exchange.request.path.rpartition("/")[2]
        key = exchange.request.headers.get("ocp-apim-subscription-key", "")
        with self._guard:
            known = key in self.wallets
            owner = {one.request_id: one.key for one in self.ledger}.get(request_id)
            seen = self._seen[request_id] = self._seen.get(request_id, 0) + 1
        if not known:
            reply(401, {"statusCode": 401, "message": "Access denied"})(exchange)
        elif owner is None:
            reply(404, {"error": "Not Found", "message": "No such request"})(exchange)
        elif seen < self.polls:
            job(request_id, "PROCESSING")(exchange)
        else:
            job(request_id, "COMPLETED", f"{self.stub.url}/media/{request_id}.mpeg")(exchange)
