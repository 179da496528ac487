"""Sends the POST of a generation: at most once, ever."""

import logging
import threading
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

from lyria_core import InsufficientBalance, Job, LyriaError, Refusal, Status, Webhook
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.worker import decide
from lyria_studio.worker.clients import Clients, HoldError
from lyria_studio.worker.failpoints import failpoint
from lyria_studio.worker.rescue import Rescue

log = logging.getLogger(__name__)

_STORE_PAUSES_S = (0.2, 1.0, 5.0, 15.0, 30.0, 60.0)


class Submitter:
    """Sends generations to the gateway. Safe to use from many threads."""

    def __init__(
        self,
        library: Library,
        clients: Clients,
        rescue: Rescue,
        *,
        first_poll_s: Callable[[Generation], float],
        store_answer: Callable[[Generation, Job], Generation | None],
        webhook_for: Callable[[Generation], Webhook | None],
        after_submit: Callable[[Generation, float | None], None],
        stopping: threading.Event,
    ) -> None:
        """Prepare.

        Args:
            library: where the rows are.
            clients: the gateways' clients, by key.
            rescue: where a request id goes that the library would not take.
            first_poll_s: seconds until the first poll of a generation that was taken.
            store_answer: stores a job that was finished already when it was taken.
            webhook_for: where the gateway shall call back about a generation; None: nowhere.
            after_submit: told after every submit: the seconds for which all submits to the same
                gateway shall rest, or None if it was taken.
            stopping: set when the process wants to end.
        """
        self._library = library
        self._clients = clients
        self._rescue = rescue
        self._first_poll_s = first_poll_s
        self._store_answer = store_answer
        self._webhook_for = webhook_for
        self._after_submit = after_submit
        self._stopping = stopping

    def submit(self, generation_id: str, row: Generation | None = None) -> Generation | None:
        """Send the POST of a generation, if it was not begun yet: at most once, ever.

        The row says SUBMITTING before the first byte leaves. Whoever finds it so after a crash
        knows that the POST may have left, and never sends it again.

        Args:
            generation_id: what to send.
            row: the generation as it was read before, if it was.

        Returns:
            The generation as it stands now; None if there was nothing to submit.
        """
        generation = row or self._library.tracks.find(generation_id)
        if generation is None or generation.state is not State.INTENDED:
            return None
        client = self._clients.gateway(generation)
        if client is None:
            return self._library.jobs.wait_for_key(generation_id)
        try:
            request = generation.request
            webhook = self._webhook_for(generation)
        except LyriaError as error:
            return self._library.jobs.refused(generation_id, error=str(error), advice=error.advice)
        # The sandbox runs here and costs nothing to poll: there a callback only saves time.
        relied_on = webhook is not None and not webhook.is_local
        claimed = self._library.jobs.claim_for_submit(generation_id, webhook=relied_on)
        if claimed is None:
            return None
        failpoint("claimed")
        try:
            job = client.submit(request, webhook=webhook, extra_headers=_sandbox_seed(claimed))
        except HoldError as hold:
            self._after_submit(claimed, hold.pause_s)
            return self._held(claimed, hold.pause_s)
        except LyriaError as error:
            self._after_submit(claimed, decide.rest_s(error))
            return self._submit_failed(claimed, error)
        except BaseException as error:
            log.error("A submit ended with %s.", type(error).__name__)  # no prompt
            self._until_stored(
                lambda: self._library.jobs.unknown(
                    generation_id,
                    error="The app failed while it sent this order. It may have been charged.",
                )
            )
            raise
        failpoint("answered")
        self._after_submit(claimed, None)
        return self._accepted(claimed, job)

    def _accepted(self, generation: Generation, job: Job) -> Generation | None:
        pause_s = self._first_poll_s(generation)
        stored = self._until_stored(
            lambda: self._library.jobs.accepted(
                generation.id, job.request_id, raw=job.raw, next_attempt_at=self._in(pause_s)
            ),
            on_trouble=lambda: self._rescue.keep(generation.id, job.request_id),
        )
        failpoint("stored")
        if stored is not None and job.status is Status.COMPLETED and job.media_urls:
            return self._store_answer(stored, job) or stored
        return stored

    def _held(self, generation: Generation, pause_s: float) -> Generation | None:
        if decide.may_submit_again(generation.submits):
            return self._until_stored(
                lambda: self._library.jobs.postponed(
                    generation.id,
                    self._in(pause_s),
                    error="The gateway is busy or out of reach and took nothing yet; it is asked "
                    "again in a moment.",
                )
            )
        return self._until_stored(
            lambda: self._library.jobs.refused(
                generation.id,
                error=f"The gateway was asked {generation.submits} times and is too busy or out "
                "of reach, so nothing was made or charged.",
                advice="Wait a little, then order again.",
            )
        )

    def _submit_failed(self, generation: Generation, error: LyriaError) -> Generation | None:
        library, message = self._library, str(error)
        match decide.after_failed_submit(error):
            case decide.LeaveUnknown(None) if error.refusal is not None:
                return self._refuse_all(generation, error, error.refusal, certain=False)
            case decide.LeaveUnknown(request_id):
                rescue = self._rescue.keep
                return self._until_stored(
                    lambda: library.jobs.unknown(
                        generation.id,
                        error=message,
                        advice=None if request_id else error.advice,
                        http_status=error.http_status,
                        request_id=request_id,
                    ),
                    on_trouble=lambda: rescue(generation.id, request_id) if request_id else None,
                )
            case decide.Refuse() if error.refusal is not None:
                self._note_price(generation, error)
                return self._refuse_all(generation, error, error.refusal, certain=True)
            case decide.Refuse():
                return self._until_stored(
                    lambda: library.jobs.refused(
                        generation.id,
                        error=message,
                        advice=error.advice,
                        http_status=error.http_status,
                    )
                )

    def _refuse_all(
        self, generation: Generation, error: LyriaError, cause: Refusal, *, certain: bool
    ) -> Generation | None:
        return self._until_stored(
            lambda: self._library.jobs.refusals.stop(
                generation.id,
                cause,
                certain=certain,
                error=str(error),
                advice=error.advice,
                http_status=error.http_status,
            )
        )

    def _note_price(self, generation: Generation, error: LyriaError) -> None:
        """Keep the amount that a refusal for want of money names; play money has none."""
        if not isinstance(error, InsufficientBalance) or error.required is None:
            return
        if generation.gateway == "live":
            note = self._library.ledger.asked_prices.note
            try:
                note(generation.model_id, generation.base_url, error.required)
            except LyriaError as trouble:  # the order's own outcome matters more
                log.warning("A price could not be stored: %s.", type(trouble).__name__)

    def _until_stored(
        self,
        write: Callable[[], Generation | None],
        on_trouble: Callable[[], None] = lambda: None,
    ) -> Generation | None:
        """Store the outcome of a POST, with retries: it cannot be asked for again."""
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

    def _in(self, seconds: float) -> datetime:
        return self._library.now() + timedelta(seconds=seconds)


def _sandbox_seed(generation: Generation) -> dict[str, str]:
    """Give take n of all variants in one order the same seed in the sandbox.

    Two variants of a comparison then differ in what their prompts say and not by chance.
    """
    if generation.gateway != "sandbox":
        return {}
    name = f"{generation.batch_id} {generation.take}"
    return {"X-Sandbox-Seed": str(zlib.crc32(name.encode()))}
