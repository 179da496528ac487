"""Downloads finished files, measures and stores them."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
from pathlib import Path

from lyria_core import (
    Charge,
    DownloadFailed,
    DownloadReason,
    Job,
    LyriaClient,
    LyriaError,
    Status,
)
from lyria_studio.audio import Arrival, Problem, examine, media_type_for
from lyria_studio.audio.sidecar import name_for
from lyria_studio.model.generation import FetchKind, Generation, NewTrack
from lyria_studio.model.states import State
from lyria_studio.worker import decide
from lyria_studio.worker.failpoints import failpoint
from lyria_studio.worker.tools import Tools

log = logging.getLogger(__name__)

_NO_FILE = "The music is made and paid, but the gateway named no file."
_DAMAGED = "{problem} The track is made and paid."


@dataclasses.dataclass(frozen=True)
class _Failure:
    """Why a file is missing, for a person; ``ask``: whether the gateway may have a new address."""

    message: str
    advice: str = "Fetch it again; that is free."
    http_status: int | None = None
    ask: bool = False


class Deliveries:
    """Brings tracks into the library. Safe to use from many threads."""

    def __init__(self, tools: Tools) -> None:
        """Prepare."""
        self._tools = tools

    def deliver(self, generation_id: str, row: Generation | None = None) -> Generation | None:
        """Fetch every file of a generation that is not here yet; never another POST.

        A file that arrived but is not in the library (the process died in between) is not fetched
        again: only complete files bear a final name. Where an address gives its file no longer,
        or what arrived is no whole track, the gateway is asked where the files are now.

        Args:
            generation_id: whose files to fetch.
            row: the generation as it was read before, if it was.

        Returns:
            The generation as it stands now; None if there was nothing to fetch.
        """
        generation = row or self._tools.library.tracks.find(generation_id)
        if generation is None or generation.state is not State.DOWNLOADING:
            return None
        if generation.gateway == "sandbox" and self._tools.clients.access(generation) is None:
            # The sandbox may have moved to another port, which only its key's owner brings back.
            return self._tools.library.jobs.wait_for_key(generation_id)
        if generation.fetches and generation.fetches[-1].kind is FetchKind.KEEP:
            return self._keep_as_is(generation)
        outcome = self._fetch_missing(generation)
        if isinstance(outcome, _Failure) and outcome.ask:
            renewed = self._renewed(generation)
            if renewed is not None and decide.damaged(renewed.fetches) < decide.MOST_DAMAGED:
                outcome = self._fetch_missing(renewed)
        return self._failed(generation_id, outcome) if isinstance(outcome, _Failure) else outcome

    def _fetch_missing(self, generation: Generation) -> Generation | _Failure | None:
        """Fetch what is not here yet, and return the generation then or the last failure."""
        stored: Generation | None = generation
        here = {track.index for track in generation.tracks}
        # No file at all is a failure too: it must not pass for an empty success.
        failed = None if generation.media_urls else _Failure(_NO_FILE, ask=True)
        image = None
        for index in range(len(generation.media_urls)):
            if index in here:
                continue
            try:
                fetched = self._fetch(generation, index)
            except (DownloadFailed, OSError) as error:
                failure = _failure(error)
                if isinstance(error, DownloadFailed) and error.reason is DownloadReason.PICTURE:
                    image = failure
                    continue
                failed = failure
                self._note(generation, FetchKind.FAILED, index, failed)
            else:
                if isinstance(fetched, Problem):
                    failed = _Failure(_DAMAGED.format(problem=fetched.value), ask=True)
                else:
                    stored = fetched
                    here.add(index)
        if failed is None and here and image is not None:
            # A cover or a video next to the music is not a missing track.
            return self._tools.library.jobs.fetches.finish(generation.id)
        return failed or image or stored

    def _fetch(self, generation: Generation, index: int) -> Generation | Problem:
        """Fetch a file and store it; return the generation then, or why it is no whole track."""
        folder = self._tools.tracks / generation.id
        client = self._tools.clients.media(generation)
        path = client.download(_job(generation, client.base_url), folder, index=index)
        failpoint("renamed")
        arrival = _examined(path)
        if arrival.problem is not None:
            kept = _set_aside(path, index, generation.set_aside.get(index))
            self._tools.library.jobs.fetches.note(
                generation.id,
                FetchKind.DAMAGED,
                index=index,
                outcome=arrival.problem.value,
                file=kept,
            )
            return arrival.problem
        stored = self._store(generation, path, index, arrival)
        failpoint("shelved")
        return stored

    def _store(
        self, generation: Generation, path: Path, index: int, arrival: Arrival
    ) -> Generation:
        track = _new_track(generation, path, index, arrival)
        return self._tools.library.jobs.track_stored(generation.id, track, index=index)

    def _keep_as_is(self, generation: Generation) -> Generation | None:
        """Take the files that were set aside, since a person wants them as they are."""
        for index, name in generation.set_aside.items():
            path = self._tools.tracks / generation.id / name
            if index < len(generation.media_urls) and path.is_file():
                self._store(generation, path, index, _examined(path))
        kept = self._tools.library.jobs.fetches.finish(generation.id)
        if kept is None or kept.tracks:
            return kept
        return self._failed(generation.id, _Failure("The file that was set aside is gone."))

    def _renewed(self, generation: Generation) -> Generation | None:
        """Ask the gateway for new addresses of the files; None if there is nothing to try."""
        client = self._tools.clients.gateway(generation)
        if client is None or generation.request_id is None:
            self._note_status(generation, "Its key is not here, so the gateway was not asked.")
            return None
        try:
            job = client.status(generation.request_id, hide=written(generation))
        except LyriaError as error:
            self._note_status(generation, str(error), error.http_status)
            return None
        if job.status is not Status.COMPLETED or not job.media_urls:
            self._note_status(generation, f"The gateway says “{job.raw_status}”, without a file.")
            return None
        keep_inline(client, job, self._tools.tracks / generation.id)
        renewed = self._tools.library.jobs.fetches.readdress(generation.id, job)
        fresh = job.inline or job.media_urls != generation.media_urls
        return renewed if fresh else None

    def _note(self, generation: Generation, kind: FetchKind, index: int, failure: _Failure) -> None:
        self._tools.library.jobs.fetches.note(
            generation.id,
            kind,
            index=index,
            outcome=failure.message,
            http_status=failure.http_status,
        )

    def _note_status(
        self, generation: Generation, outcome: str, http_status: int | None = None
    ) -> None:
        self._tools.library.jobs.fetches.note(
            generation.id, FetchKind.STATUS, outcome=outcome, http_status=http_status
        )

    def _failed(self, generation_id: str, failure: _Failure) -> Generation | None:
        generation = self._tools.library.tracks.find(generation_id)
        if generation is None:
            return None
        pause_s = decide.download_pause_s(
            self._tools.timing, generation.download_failures + 1, self._tools.rng
        )
        message, advice = failure.message, failure.advice
        if generation.set_aside:
            advice = "Keep it as it is, or fetch it again; both are free."
            if decide.damaged(generation.fetches) >= decide.MOST_DAMAGED:
                pause_s = None
        when = None if pause_s is None else self._tools.time_in(pause_s)
        return self._tools.library.jobs.download_failed(
            generation_id,
            error=message,
            advice=advice,
            http_status=failure.http_status,
            next_attempt_at=when,
        )


def keep_inline(client: LyriaClient, job: Job, folder: Path) -> None:
    """Store the files inside an answer: no other request brings them again.

    One that cannot be stored is left to the delivery, which asks for the answer once more.

    Args:
        client: of the gateway.
        job: what it answered.
        folder: where the files go.
    """
    for index, url in enumerate(job.media_urls):
        if url in job.inline:
            try:
                client.download(job, folder, index=index)
            except (DownloadFailed, OSError) as error:
                log.warning("A file in an answer was not stored: %s.", type(error).__name__)


def written(generation: Generation) -> tuple[str, ...]:
    """Return what no message may repeat, though a gateway may echo it."""
    return (generation.prompt, generation.negative_prompt or "", *generation.images)


def _failure(error: DownloadFailed | OSError) -> _Failure:
    if isinstance(error, DownloadFailed):
        ask = error.reason in (DownloadReason.ADDRESS, DownloadReason.NOT_AUDIO)
        return _Failure(str(error), error.advice, error.http_status, ask=ask)
    return _Failure(
        "The music is made and paid but could not be written to the library's folder "
        f"({error.strerror or type(error).__name__}).",
        "Make room on the disk, then ask for the file again; that costs nothing.",
    )


def _set_aside(path: Path, index: int, before: str | None) -> str:
    """Put a damaged file where the next download does not take it for a whole one.

    Of several the largest is kept.

    Returns:
        The name of the file that is kept.
    """
    place = path.with_name(f"set-aside-{index + 1}{path.suffix}")
    old = None if before is None else path.with_name(before)
    if old is not None and old.is_file() and old.stat().st_size > path.stat().st_size:
        path.unlink()
        return old.name
    path.replace(place)
    if old is not None and old != place:
        old.unlink(missing_ok=True)
    return place.name


def _job(generation: Generation, base_url: str) -> Job:
    urls = generation.media_urls
    if generation.gateway == "sandbox":
        # Its files are where it runs today.
        urls = tuple(
            base_url + url.removeprefix(generation.base_url)
            if url.startswith(generation.base_url + "/")
            else url
            for url in urls
        )
    return Job(
        request_id=generation.request_id or generation.id,
        model_id=generation.model_id,
        status=Status.COMPLETED,
        raw_status=Status.COMPLETED.value,
        charge=Charge.YES,
        media_urls=urls,
        media_type=generation.media_type,
    )


def _new_track(generation: Generation, path: Path, index: int, arrival: Arrival) -> NewTrack:
    media_type = media_type_for(path.suffix.lstrip("."))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return NewTrack(
        path=path,
        file_name=name_for(generation, media_type, index),
        media_type=media_type,
        size_bytes=path.stat().st_size,
        sha256=digest,
        **({} if arrival.measured is None else dataclasses.asdict(arrival.measured)),
    )


def _examined(path: Path) -> Arrival:
    try:
        return examine(path)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever is wrong in a decoder, the file is here
        log.error("A track could not be measured: %s.", type(error).__name__)
        return Arrival(None, None)
