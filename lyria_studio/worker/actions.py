"""The two things that are done to a generation: submit it, and look at it.

Both find in the generation's row all they need and leave the outcome there, so either may be called
by anybody, at any time, any number of times: the row's compare-and-set moves let one caller win.
"""

import logging
import math
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from lyria_core import AuthenticationError, Job, LyriaError, Status, Webhook
from lyria_studio.library import Generation, Library, State
from lyria_studio.worker import decide
from lyria_studio.worker.clients import Clients, HoldError
from lyria_studio.worker.failpoints import failpoint
from lyria_studio.worker.rescue import Rescue

log = logging.getLogger(__name__)

_STORE_PAUSES_S = (0.2, 1.0, 5.0, 15.0, 30.0, 60.0)
_RECENT = 64
_RECENT_FOR_S = 15.0
_USUAL = decide.Timing()
_LOOKABLE = (State.QUEUED, State.PROCESSING, State.STALLED)


class Actions:
    """Submits generations and looks at them. Safe to use from many threads."""

    def __init__(
        self,
        library: Library,
        clients: Clients,
        rescue: Rescue,
        *,
        webhook_for: Callable[[Generation], Webhook | None] = lambda _: None,
        slow_down: Callable[[Generation, float | None], None] = lambda _, __: None,
        timing: decide.Timing = _USUAL,
        stopping: threading.Event | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """Prepare.

        Args:
            library: where the rows are.
            clients: the gateways' clients, by key.
            rescue: where a request id goes that the library would not take.
            webhook_for: where the gateway shall call back about a generation; None: nowhere.
            slow_down: told after every submit: the seconds for which all submits to the same
                gateway shall rest, or None if it was taken.
            timing: how patient to be.
            stopping: set when the process wants to end.
            rng: for jitter.
        """
        self._library = library
        self._clients = clients
        self._rescue = rescue
        self._webhook_for = webhook_for
        self._slow_down = slow_down
        self._timing = timing
        self._stopping = stopping or threading.Event()
        self._rng = rng or random.Random()
        self._recent = _Recent(library)

    def submit(self, generation_id: str) -> Generation | None:
        """Send the POST of a generation, if nobody has begun to yet: at most once, ever.

        The row says SUBMITTING before the first byte leaves. Whoever finds it so after a crash
        knows that the POST may have left, and never sends it again.

        Returns:
            The generation as it stands now; None if there was nothing to submit.
        """
        generation = self._library.find(generation_id)
        if generation is None or generation.state is not State.INTENDED:
            return None
        client = self._clients.gateway(generation)
        if client is None:
            return self._library.wait_for_key(generation_id)
        try:
            request = generation.request
            webhook = self._webhook_for(generation)
        except LyriaError as error:
            return self._library.refused(generation_id, error=str(error), advice=error.advice)
        # The sandbox is next door and costs nothing to ask: there a callback only saves time.
        relied_on = webhook is not None and not webhook.is_local
        claimed = self._library.claim_for_submit(generation_id, webhook=relied_on)
        if claimed is None:
            return None
        failpoint("claimed")
        try:
            job = client.submit(request, webhook=webhook)
        except HoldError as hold:
            self._slow_down(claimed, hold.pause_s)
            return self._held(claimed, hold.pause_s)
        except LyriaError as error:
            self._slow_down(claimed, decide.rest_s(error))
            return self._submit_failed(claimed, error)
        except BaseException as error:
            log.error("A submit ended with %s.", type(error).__name__)  # no prompt
            self._surely(
                lambda: self._library.unknown(
                    generation_id,
                    error="The order was being sent when the app failed, so nobody knows whether "
                    "the gateway took it; it may have been charged.",
                )
            )
            raise
        failpoint("answered")
        self._slow_down(claimed, None)
        return self._accepted(claimed, job)

    def look(self, generation_id: str) -> Generation | None:
        """Ask the gateway how a job stands, and store the answer.

        Returns:
            The generation as it stands now; None if there was nothing to look at.
        """
        generation = self._library.find(generation_id)
        if generation is None or generation.state not in _LOOKABLE:
            return None
        if generation.request_id is None:
            return None
        client = self._clients.gateway(generation)
        if client is None:
            return self._library.wait_for_key(generation_id)
        try:
            job = client.status(generation.request_id)
        except LyriaError as error:
            return self._look_failed(generation, error)
        failpoint("looked")
        return self._seen(generation, job)

    # ---- after a submit --------------------------------------------------------------------

    def _accepted(self, generation: Generation, job: Job) -> Generation | None:
        pause_s = self._next_look_s(generation, elapsed_s=0.0, looks=0)
        stored = self._surely(
            lambda: self._library.accepted(
                generation.id, job.request_id, raw=job.raw, next_attempt_at=_in(pause_s)
            ),
            on_trouble=lambda: self._rescue.keep(generation.id, job.request_id),
        )
        failpoint("stored")
        return stored

    def _held(self, generation: Generation, pause_s: float) -> Generation | None:
        if decide.may_submit_again(generation.submits):
            return self._surely(
                lambda: self._library.postponed(
                    generation.id,
                    _in(pause_s),
                    error="The gateway is busy or out of reach and took nothing yet; it is asked "
                    "again in a moment.",
                )
            )
        return self._surely(
            lambda: self._library.refused(
                generation.id,
                error=f"The gateway was asked {generation.submits} times and is too busy or out "
                "of reach, so nothing was made or charged.",
                advice="Wait a little, then order again.",
            )
        )

    def _submit_failed(self, generation: Generation, error: LyriaError) -> Generation | None:
        library, message = self._library, str(error)
        match decide.after_failed_submit(error):
            case decide.LeaveUnknown(request_id):
                rescue = self._rescue.keep
                return self._surely(
                    lambda: library.unknown(
                        generation.id,
                        error=message,
                        advice=None if request_id else error.advice,
                        http_status=error.http_status,
                        request_id=request_id,
                    ),
                    on_trouble=lambda: rescue(generation.id, request_id) if request_id else None,
                )
            case decide.Refuse():
                return self._surely(
                    lambda: library.refused(
                        generation.id,
                        error=message,
                        advice=error.advice,
                        http_status=error.http_status,
                    )
                )

    def _surely(
        self,
        write: Callable[[], Generation | None],
        on_trouble: Callable[[], None] = lambda: None,
    ) -> Generation | None:
        """Store what became of a POST, however often it takes: it cannot be asked for again."""
        for number, pause_s in enumerate(_STORE_PAUSES_S):
            try:
                return write()
            except Exception as error:  # noqa: BLE001  # a full disk, a locked or broken database
                log.error("The library cannot be written to: %s.", type(error).__name__)
                if number == 0:
                    on_trouble()
                if self._stopping.wait(pause_s):
                    break
        return write()

    # ---- after a look ----------------------------------------------------------------------

    def _seen(self, generation: Generation, job: Job) -> Generation | None:
        elapsed_s = _since(generation)
        # Finished without a file to fetch: it may come with a later answer.
        unfinished = not job.status.terminal or (
            job.status is Status.COMPLETED and not job.media_urls
        )
        if job.status in (Status.FAILED, Status.ERROR):
            return self._failed(generation, job)
        if not unfinished:
            return self._library.observed(generation.id, job)
        if generation.state is State.STALLED:
            return generation
        if decide.is_stalled(self._timing, elapsed_s):
            return self._library.stalled(generation.id)
        pause_s = self._next_look_s(generation, elapsed_s, generation.looks + 1)
        if job.status is Status.COMPLETED:
            return self._library.look_failed(
                generation.id,
                _in(pause_s),
                error="The gateway says that the music is made but not yet where it is.",
            )
        return self._library.observed(generation.id, job, next_attempt_at=_in(pause_s))

    def _failed(self, generation: Generation, job: Job) -> Generation | None:
        free = job.status is Status.ERROR
        words = " ".join((job.error or "it gave no reason").split())
        return self._library.failed(
            generation.id,
            job,
            error=f"The gateway could not make the track ({words[:300]}); "
            + ("nothing was charged." if free else "it may have been charged."),
            advice="Change the prompt or try again later; a new try is a new order.",
        )

    def _look_failed(self, generation: Generation, error: LyriaError) -> Generation | None:
        elapsed_s = _since(generation)
        if generation.state is State.STALLED:
            return generation
        if decide.is_stalled(self._timing, elapsed_s):
            asking = isinstance(error, AuthenticationError)
            return self._library.stalled(
                generation.id,
                error=f"Nobody knows yet whether it was made, so it may be charged. {error}",
                advice=error.advice if asking else "Look again later: this costs nothing.",
                http_status=error.http_status,
            )
        usual_s = self._next_look_s(generation, elapsed_s, generation.looks + 1)
        pause_s = decide.after_failed_look_s(self._timing, error, usual_s)
        return self._library.look_failed(
            generation.id, _in(pause_s), error=str(error), http_status=error.http_status
        )

    def _next_look_s(self, generation: Generation, elapsed_s: float, looks: int) -> float:
        recent_s = self._recent.of(generation.model_id, generation.gateway)
        return decide.next_look_s(
            self._timing, elapsed_s, looks, recent_s, generation.webhook, self._rng
        )


class _Recent:
    """How long the latest jobs took, the newest last; read from the library once in a while."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[str, str], tuple[float, list[float]]] = {}

    def of(self, model_id: str, gateway: str) -> list[float]:
        now = time.monotonic()
        read_at, recent_s = self._known.get((model_id, gateway), (-math.inf, []))
        if now - read_at > _RECENT_FOR_S:
            newest_first = self._library.recent_durations(model_id, gateway, _RECENT)
            recent_s = newest_first[::-1]
            self._known[model_id, gateway] = (now, recent_s)
        return recent_s


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _since(generation: Generation) -> float:
    begun = generation.submitted_at or generation.created_at
    return (datetime.now(UTC) - begun).total_seconds()
