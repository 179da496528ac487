"""The life of a job: QUEUED, PROCESSING, and one of the three ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lyria_sandbox.gateway.catalogue import composer_model, file_name
from lyria_sandbox.gateway.clock import now_ms
from lyria_sandbox.gateway.ids import seed_of
from lyria_sandbox.gateway.images import ImageError, Images
from lyria_sandbox.gateway.job import Job, Outcome, Status
from lyria_sandbox.gateway.media import silence
from lyria_sandbox.gateway.renderers import RenderError, Renderers, Rendering
from lyria_sandbox.gateway.store import Store
from lyria_sandbox.gateway.timetable import timetable

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from lyria_core import Model
    from lyria_sandbox.gateway.media import MediaFolder
    from lyria_sandbox.gateway.sandbox_settings import SandboxSettings
    from lyria_sandbox.gateway.store import StoreThread
    from lyria_sandbox.gateway.webhooks import Webhooks

_log = logging.getLogger(__name__)

_STUCK_S = 24 * 3600.0
# The words of the last two are those of Google's models (Vertex AI, "finishReason").
_FAILURES = {
    "fail": "The model refused this prompt (asked for by [[fail]]).",
    "blocked": "The prompt was blocked by the safety filter: PROHIBITED_CONTENT.",
    "recitation": "The song was blocked because it is too close to a known one: RECITATION.",
}
_ENDS = {*_FAILURES, "error", "stuck", "no-media"}
_OFF_OFFER = Outcome(Status.ERROR, "This model is no longer offered.")


@dataclass
class _Steps:
    """How far a job has come, for callbacks of mode ``sync``.

    Attributes:
        processing: Set when the job is being processed.
        reported: Whether a callback reported it.
    """

    processing: asyncio.Event = field(default_factory=asyncio.Event)
    reported: bool = False


class Runner:
    """Takes jobs through their states; one task each."""

    def __init__(
        self,
        settings: SandboxSettings,
        store: StoreThread,
        media: MediaFolder,
        webhooks: Webhooks,
    ) -> None:
        self._settings = settings
        self._store = store
        self._media = media
        self._webhooks = webhooks
        self._renderers = Renderers(
            settings.renderers, settings.composer, settings.render_timeout_s
        )
        self._images = Images(settings)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the renderers and resume what an earlier process left unfinished."""
        self._renderers.start()
        for job in await self._store(Store.unfinished):
            self.launch(job)
        for job in await self._store(Store.uncalled):
            self._spawn(self._webhooks.finish(job))
        await self._tidy(keep="")
        await self._sweep()

    async def stop(self) -> None:
        """Stop every job and the renderers; the jobs resume at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._images.close()
        await self._renderers.stop()

    def launch(self, job: Job) -> None:
        """Run a job in the background."""
        self._spawn(self._run(job))

    async def sample(self, prompt: str, model: str, seed: int) -> Rendering:
        """Render a piece that belongs to no job and costs nothing.

        Args:
            prompt: What the music should be.
            model: Id of the built-in model whose form the file has.
            seed: The same seed and prompt give the same file.

        Raises:
            RenderError: The composer could not.
        """
        async with self._renderers.seat() as seat:
            order = {"model": model, "prompt": prompt, "seed": seed}
            return await seat.render({**order, "negative_prompt": "", "images": []})

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a job broke off", exc_info=error)

    async def _run(self, job: Job) -> None:
        steps = _Steps()
        telling = None
        if job.webhook is not None and job.webhook.mode == "sync":
            telling = asyncio.create_task(self._tell(job.request_id, steps))
        try:
            # A job of an earlier process may be of a model that was taken off the catalogue.
            model = self._settings.models.get(job.model)
            outcome = _OFF_OFFER if model is None else await self._outcome(job, model, steps)
        except ImageError as error:
            outcome = Outcome(Status.ERROR, str(error))
        except RenderError as error:
            _log.error("%s was not rendered: %s", job.request_id, error)
            outcome = Outcome(Status.ERROR, "The composer could not make this piece.")
        except OSError as error:
            _log.error("%s was not stored: %s", job.request_id, error.strerror)
            outcome = Outcome(Status.ERROR, "The output could not be stored.")
        finally:
            if telling is not None:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)
        await self._store(Store.finish, job.request_id, outcome, now_ms())
        finished = await self._store(Store.get, job.request_id)
        if telling is not None and steps.processing.is_set() and not steps.reported:
            # The job ended before this step was reported; clients must not miss a status.
            await self._webhooks.step(replace(job, status=Status.PROCESSING, updated_ms=now_ms()))
        if outcome.files:
            # Nobody waits for it: the callback goes out meanwhile.
            self._spawn(self._tidy(keep=job.request_id))
        if finished is not None and finished.webhook is not None:
            await self._webhooks.finish(finished)

    async def _outcome(self, job: Job, model: Model, steps: _Steps) -> Outcome:
        """Wait, fetch the images, render and store, unless a mark asks for another end."""
        marks = job.marks
        at_least_s = _STUCK_S if "stuck" in marks else marks.get("slow", 0.0)
        times = timetable(self._settings.pace, composer_model(model), job.request_id, at_least_s)
        await _until(job, times.processing_s)
        if marks.keys() & _ENDS:
            await self._start(job, steps)
            await _until(job, times.finished_s)
            return _ordered_end(job, model)
        # Before the seat: a slow host of images keeps no renderer from other jobs.
        looks = await self._images.looks(job.request.get("images", []))
        async with self._renderers.seat() as seat:
            await self._start(job, steps)
            if "silent" in marks:
                rendering = await asyncio.to_thread(_silence, model)
            else:
                rendering = await seat.render(_order(job, model) | {"image_looks": looks})
        names, media_type = _outputs(job, model, rendering.media_type)
        size = await asyncio.to_thread(self._media.save, job.request_id, names, rendering.audio)
        await asyncio.to_thread(self._media.save_score, job.request_id, rendering.midi)
        await _until(job, times.finished_s)
        return Outcome(
            Status.COMPLETED,
            media_type=media_type,
            files=names,
            media_bytes=size,
            understood=rendering.understood,
        )

    async def _start(self, job: Job, steps: _Steps) -> None:
        await self._store(Store.start, job.request_id, now_ms())
        steps.processing.set()

    async def _tell(self, request_id: str, steps: _Steps) -> None:
        """Call back while the job is unfinished: at both steps, and at every interval."""
        every_s = self._settings.sync_every_s
        while True:
            job = await self._store(Store.get, request_id)
            if job is not None and not job.status.terminal:
                await self._webhooks.step(job)
                steps.reported = job.status is Status.PROCESSING
            if steps.reported:
                await asyncio.sleep(every_s)
            else:
                # Python 3.11's `wait_for` loses a cancellation that comes as its event is set.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(every_s):
                        await steps.processing.wait()

    async def _sweep(self) -> None:
        """Delete the media of forgotten jobs."""
        held = await self._store(Store.holding_media)
        found = await asyncio.to_thread(self._media.request_ids)
        await asyncio.to_thread(self._media.delete, found - held)

    async def _tidy(self, keep: str) -> None:
        gone = await self._store(Store.spare_disk, self._settings.max_media_bytes, keep)
        gone += await self._store(Store.forget, self._settings.max_finished_jobs)
        if gone:
            await asyncio.to_thread(self._media.delete, gone)


def _order(job: Job, model: Model) -> dict[str, Any]:
    """Return the fields of the composer's order."""
    request = job.request
    seed = request.get("seed")
    return {
        "model": composer_model(model),
        "prompt": request["prompt"],
        "negative_prompt": request.get("negative_prompt", ""),
        # Generators of random numbers take no negative seed.
        "seed": seed_of(job.request_id) if seed is None else seed % 2**64,
        "images": request.get("images", []),
    }


def _ordered_end(job: Job, model: Model) -> Outcome:
    """Return the end that a mark asks for."""
    for mark, reason in _FAILURES.items():
        if mark in job.marks:
            return Outcome(Status.FAILED, reason)
    if "no-media" in job.marks:
        return Outcome(Status.COMPLETED, media_type=model.media_type)
    return Outcome(Status.ERROR, "The system failed (asked for by a mark in the prompt).")


def _silence(model: Model) -> Rendering:
    audio, media_type = silence(model)
    return Rendering(audio, media_type, model.typical_duration_s[0], {})


def _outputs(job: Job, model: Model, media_type: str) -> tuple[tuple[str, ...], str]:
    """Return the names and the content type of a job's outputs."""
    name = file_name(model)
    if "octet-stream" in job.marks:
        # As in the reference's example of a finished Lyria 2 job.
        name, media_type = "output.ext", "application/octet-stream"
    if "two-files" in job.marks:
        return (name, name.replace("output", "output-2")), media_type
    return (name,), media_type


async def _until(job: Job, after_s: float) -> None:
    """Sleep until a number of seconds after the job was taken, at most that many seconds."""
    left_s = after_s - (now_ms() - job.created_ms) / 1000
    await asyncio.sleep(max(0.0, min(left_s, after_s)))
