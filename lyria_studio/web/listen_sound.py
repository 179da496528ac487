"""Serves the sounds of a trial so that both sides look the same."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from lyria_studio.audio.blind import MEDIA_TYPE
from lyria_studio.audio.remux import remuxed, remuxed_size
from lyria_studio.library.errors import ListeningRefused
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.model.vote import Trial
from lyria_studio.web.listen_state import SoundPlace, copies_of, places, sound_name
from lyria_studio.worker.blind_copies import side_name

if TYPE_CHECKING:
    from lyria_studio.services import Services

__all__ = ["find_sound", "sound_answer"]


def find_sound(
    services: Services, test: ListeningTest, listener_id: str | None, name: str
) -> tuple[Path, bytes] | None:
    """Find the file that a listener's open trial calls by this name, and the seed of its bytes.

    None if it calls none so. The seed is another for each listener, trial and side, and the same
    whenever it is asked again.

    From the first sound that is handed out the server counts the time that was there to hear it.

    Args:
        services: the services.
        test: which test.
        listener_id: who asks.
        name: the last part of the address (`sound_name`).
    """
    if listener_id is None:
        return None
    try:
        trial = services.library.listening.standing(test.id, listener_id).trial
        if trial is None:
            return None
        place = _place(services, test, trial, name)
        copies = copies_of(services, test)
        if place is None or copies is None:
            return None
        services.library.listening.heard_from(trial.id, listener_id)
    except ListeningRefused:
        return None
    folder, found = copies
    side = trial.x_is if place == "x" else place
    assert side is not None, "drawn with every ABX trial"  # noqa: S101
    file = found.copies[side_name(trial.side(side))].file
    seed = services.signer.opaque("bytes", test.id, listener_id, trial.id, place)
    return folder / file, seed.encode()


def sound_answer(path: Path, seed: bytes) -> Response:
    """Serve a sound in bytes that are new each time, so that it cannot be recognised.

    Args:
        path: the blind copy.
        seed: see `find_sound`.

    Raises:
        OSError: the file is not there.
    """
    with path.open("rb") as file:
        head = file.read(4)
    return StreamingResponse(
        _pieces(path, seed),
        media_type=MEDIA_TYPE,
        headers={
            "content-length": str(remuxed_size(path.stat().st_size, head)),
            "cache-control": "no-store",
            "accept-ranges": "none",
            "cross-origin-resource-policy": "same-origin",
        },
    )


def _pieces(path: Path, seed: bytes) -> Iterator[bytes]:
    # A piece at a time: on a slow network the rest stays out of memory.
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as mapped:
        yield from remuxed(mapped, seed)


def _place(services: Services, test: ListeningTest, trial: Trial, name: str) -> SoundPlace | None:
    found: SoundPlace | None = None
    for place in places(test):  # all of them, so that the duration reveals nothing
        expected = sound_name(services, trial, place)
        if hmac.compare_digest(expected.encode(), name.encode("utf-8", "replace")):
            found = place
    return found
