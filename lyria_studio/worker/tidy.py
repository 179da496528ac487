"""Removes what an interrupted download left behind, and never a track."""

import logging
import shutil
import time
from datetime import timedelta
from pathlib import Path

from lyria_studio.library import Library
from lyria_studio.model.states import State

log = logging.getLogger(__name__)

_COPIES_KEPT_S = 7 * 24 * 3600.0
_STILL_WANTED = (State.DOWNLOADING, State.UNDELIVERED)


def tidy_tracks(library: Library, tracks: Path) -> list[Path]:
    """Delete files that belong to no track of a generation which needs them no more.

    A folder that is not that of a known generation is left alone: if the database was lost or
    exchanged, it holds music that was paid for.

    Args:
        library: says which files belong to tracks.
        tracks: folder with one folder for each generation.

    Returns:
        What was deleted.
    """
    deleted = []
    needed: dict[str, bool] = {}
    for file in library.tracks.orphans(tracks, older_than=timedelta(0)):
        generation_id = file.relative_to(tracks).parts[0]
        if generation_id not in needed:
            generation = library.tracks.find(generation_id)
            needed[generation_id] = generation is None or generation.state in _STILL_WANTED
        if needed[generation_id]:
            continue
        try:
            file.unlink()
        except OSError as error:
            log.warning("A file left by a download cannot be deleted: %s.", error.strerror)
            continue
        deleted.append(file)
        if not any(file.parent.iterdir()):
            file.parent.rmdir()
    return deleted


def tidy_copies(copies: Path, now: float | None = None) -> None:
    """Delete copies for download that were made more than a week ago; they can be made again.

    Args:
        copies: folder of the copies; need not exist.
        now: seconds since 1970; the present if not given.
    """
    limit = (time.time() if now is None else now) - _COPIES_KEPT_S
    for path in copies.glob("*"):
        try:
            if path.stat().st_mtime > limit:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError as error:
            log.warning("An old copy cannot be deleted: %s.", error.strerror)
