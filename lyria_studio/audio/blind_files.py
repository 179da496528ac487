"""The list of a listening test's blind copies, stored in their folder."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = ["BlindCopies", "BlindCopy", "load_blind_copies", "save_blind_copies"]

_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class BlindCopy:
    """One copy.

    Attributes:
        file: the random name of its file.
        loudness_lufs: integrated loudness of the file, decoded.
        true_peak_dbtp: true peak of the file, decoded.
        peaks: its waveform as `lyria_studio.audio.peaks` packs it.
    """

    file: str
    loudness_lufs: float
    true_peak_dbtp: float
    peaks: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BlindCopies:
    """The copies of one test.

    Attributes:
        duration_s: length of the sound, the same for all.
        size_bytes: length of each file.
        loudness_lufs: what they were matched to.
        copies: by the name of their source.
    """

    duration_s: float
    size_bytes: int
    loudness_lufs: float
    copies: dict[str, BlindCopy]


def load_blind_copies(folder: Path) -> BlindCopies:
    """Read what `make_blind_copies` made.

    Raises:
        OSError: the folder or what belongs into it is not there.
        ValueError: it is damaged.
    """
    raw = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    try:
        for copy in raw["copies"].values():
            copy.pop("twin", None)  # a second file, which older tests have
        raw["copies"] = {
            name: BlindCopy(**(copy | {"peaks": base64.b64decode(copy["peaks"])}))
            for name, copy in raw["copies"].items()
        }
        return BlindCopies(**raw)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("the list of blind copies is damaged") from error


def save_blind_copies(copies: BlindCopies, folder: Path) -> None:
    """Write the list; OSError where the disk does not take it."""
    text = json.dumps(asdict(copies), default=lambda peaks: base64.b64encode(peaks).decode())
    (folder / _MANIFEST).write_text(text, encoding="utf-8")
