"""The sounds of a trial: whichever side it is, the answer looks the same."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from lyria_studio.audio.blind import MEDIA_TYPE
from lyria_studio.library.errors import ListeningRefused
from lyria_studio.model.listening_test import ListeningTest, Trial
from lyria_studio.web.listen_state import SoundPlace, copies_of, places, sound_name
from lyria_studio.worker.blind_copies import side_name

if TYPE_CHECKING:
    from lyria_studio.services import Services

__all__ = ["find_sound", "sound_answer"]

_CHUNK = 64 * 1024


def find_sound(
    house: Services, test: ListeningTest, listener_id: str | None, name: str
) -> Path | None:
    """The file that a listener's open trial calls by this name; None if it calls none so.

    From the first sound that is handed out the server counts the time that was there to hear it.
    """
    if listener_id is None:
        return None
    try:
        trial = house.library.listening.standing(test.id, listener_id).trial
        if trial is None:
            return None
        place = _place(house, test, trial, name)
        copies = copies_of(house, test)
        if place is None or copies is None:
            return None
        house.library.listening.heard_from(trial.id, listener_id)
    except ListeningRefused:
        return None
    folder, found = copies
    if place == "x":
        assert trial.x_is is not None, "drawn with every ABX trial"  # noqa: S101
        return folder / found.copies[side_name(trial.side(trial.x_is))].twin
    return folder / found.copies[side_name(trial.side(place))].file


def sound_answer(path: Path) -> Response:
    """Hand out a sound.

    Raises:
        OSError: the file is not there.
    """
    return StreamingResponse(
        _chunks(path),
        media_type=MEDIA_TYPE,
        headers={
            "content-length": str(path.stat().st_size),
            "cache-control": "no-store",
            "accept-ranges": "none",
            "cross-origin-resource-policy": "same-origin",
        },
    )


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    # A piece at a time: on a slow network nobody's memory holds the rest.
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk


def _place(house: Services, test: ListeningTest, trial: Trial, name: str) -> SoundPlace | None:
    found: SoundPlace | None = None
    for place in places(test):  # all of them, so that the time says nothing
        expected = sound_name(house, trial, place)
        if hmac.compare_digest(expected.encode(), name.encode("utf-8", "replace")):
            found = place
    return found
