"""Fetches what was made and paid for, measures it and puts it on the shelf."""

import dataclasses
import hashlib
import logging
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lyria_core import Charge, DownloadFailed, Job, Status
from lyria_studio.audio import UnreadableAudioError, measure, media_type_for
from lyria_studio.audio.sidecar import name_for
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation, NewTrack
from lyria_studio.model.states import State
from lyria_studio.worker import decide
from lyria_studio.worker.clients import Clients
from lyria_studio.worker.failpoints import failpoint

log = logging.getLogger(__name__)


class Deliveries:
    """Brings tracks into the library. Safe to use from many threads."""

    def __init__(
        self,
        library: Library,
        clients: Clients,
        tracks: Path,
        timing: decide.Timing,
        rng: random.Random,
    ) -> None:
        """Prepare.

        Args:
            library: where the rows are.
            clients: the gateways' clients.
            tracks: folder with one folder for each generation.
            timing: how patient to be.
            rng: for jitter.
        """
        self._timing = timing
        self._library = library
        self._clients = clients
        self._tracks = tracks
        self._rng = rng

    def deliver(self, generation_id: str, row: Generation | None = None) -> Generation | None:
        """Fetch every file of a generation that is not here yet; never another POST.

        A file that arrived but is not in the library (the process died in between) is taken as it
        is: only complete files bear a final name.

        Args:
            generation_id: whose files to fetch.
            row: the generation as it was read before, if it was.

        Returns:
            The generation as it stands now; None if there was nothing to fetch.
        """
        generation = row or self._library.tracks.find(generation_id)
        if generation is None or generation.state is not State.DOWNLOADING:
            return None
        if generation.gateway == "sandbox" and self._clients.access(generation) is None:
            # The sandbox may have moved to another port, which only its key's owner brings back.
            return self._library.jobs.wait_for_key(generation_id)
        here = {track.index for track in generation.tracks}
        # No file at all is a failure too: it must not look like an empty success.
        failed: DownloadFailed | OSError | None = (
            None
            if generation.media_urls
            else DownloadFailed("The music is made and paid, but the gateway named no file.")
        )
        stored = generation
        for index in range(len(generation.media_urls)):
            if index in here:
                continue
            try:
                stored = self._fetch(generation, index)
            except (DownloadFailed, OSError) as error:
                failed = error
        if failed is not None:
            return self._failed(generation, failed)
        return stored

    def _fetch(self, generation: Generation, index: int) -> Generation:
        folder = self._tracks / generation.id
        client = self._clients.media(generation)
        path = client.download(_job(generation, client.base_url), folder, index=index)
        failpoint("renamed")
        new = _new_track(generation, path, index)
        stored = self._library.jobs.track_stored(generation.id, new, index=index)
        failpoint("shelved")
        return stored

    def _failed(self, generation: Generation, error: DownloadFailed | OSError) -> Generation | None:
        pause_s = decide.download_pause_s(self._timing, generation.download_failures + 1, self._rng)
        when = None if pause_s is None else datetime.now(UTC) + timedelta(seconds=pause_s)
        if isinstance(error, DownloadFailed):
            message, advice, status = str(error), error.advice, error.http_status
        else:
            message = (
                "The music is made and paid but could not be written to the library's folder "
                f"({error.strerror or type(error).__name__})."
            )
            advice = "Make room on the disk, then ask for the file again; that costs nothing."
            status = None
        return self._library.jobs.download_failed(
            generation.id, error=message, advice=advice, http_status=status, next_attempt_at=when
        )


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


def _new_track(generation: Generation, path: Path, index: int) -> NewTrack:
    media_type = media_type_for(path.suffix.lstrip("."))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return NewTrack(
        path=path,
        file_name=name_for(generation, media_type, index),
        media_type=media_type,
        size_bytes=path.stat().st_size,
        sha256=digest,
        **_measured(path),
    )


def _measured(path: Path) -> dict[str, Any]:
    """Measure a track; one that cannot be measured is kept all the same: it is paid for."""
    try:
        measured = measure(path)
    except UnreadableAudioError:
        return {}
    except Exception as error:  # noqa: BLE001  # whatever is wrong in a decoder, the file is here
        log.error("A track could not be measured: %s.", type(error).__name__)
        return {}
    return dataclasses.asdict(measured)
