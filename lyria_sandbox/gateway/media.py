"""The outputs of jobs on disk."""

from __future__ import annotations

import io
import re
import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lyria_core import Model

_SILENCE_HZ: Final = 48_000

SCORE_NAME: Final = "score.mid"
FILE_NAME: Final = re.compile(r"output(-[0-9])?\.[a-z0-9]{1,5}")


def silence(model: Model) -> tuple[bytes, str]:
    """Return a silent file of a model's usual length, and its content type."""
    # Here, because only the card for silence needs these libraries in this process.
    import numpy as np
    import soundfile

    file = io.BytesIO()
    wav = model.media_extension == "wav"
    samples = np.zeros((int(model.typical_duration_s[0] * _SILENCE_HZ), 2), np.float32)
    soundfile.write(file, samples, _SILENCE_HZ, format="WAV" if wav else "MP3")
    return file.getvalue(), "audio/wav" if wav else "audio/mpeg"


class MediaFolder:
    """A folder with a folder for each job. Its methods block: call them in a thread."""

    def __init__(self, home: Path) -> None:
        self._root = home / "media"
        self._root.mkdir(parents=True, exist_ok=True)

    def path(self, request_id: str, name: str) -> Path:
        """Return where an output is; both names must have been checked."""
        return self._root / request_id / name

    def save(self, request_id: str, names: Iterable[str], audio: bytes) -> int:
        """Write the outputs of a job, whole or not at all, and return their size in bytes.

        Args:
            request_id: The job.
            names: Names of its files.
            audio: Content of each file.
        """
        folder = self._root / request_id
        folder.mkdir(exist_ok=True)
        size = 0
        for name in names:
            part = folder / f"{name}.part"
            part.write_bytes(audio)
            part.replace(folder / name)
            size += len(audio)
        return size

    def save_score(self, request_id: str, midi: bytes) -> None:
        """Write the notes of a job beside its outputs, if there are any."""
        if midi:
            self.path(request_id, SCORE_NAME).write_bytes(midi)

    def request_ids(self) -> set[str]:
        """Return the jobs that have a folder."""
        return {folder.name for folder in self._root.iterdir()}

    def delete(self, request_ids: Iterable[str]) -> None:
        """Delete the outputs of jobs; what is gone already is no error."""
        for request_id in request_ids:
            shutil.rmtree(self._root / request_id, ignore_errors=True)
