"""Copies of a track in another format, with tags; the original is never rewritten.

Re-tagging an MP3 can drop the provenance frame (C2PA, an ID3 GEOB frame) that the model put there,
so tags go only into copies.
"""

import re
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import imageio_ffmpeg
import soundfile

from lyria_core import Charge, LyriaError
from lyria_studio.audio.decode import UnreadableAudioError, as_16_bit, whole
from lyria_studio.audio.segments import segment_class

Format = Literal["mp3", "wav"]

_ENCODER = {"mp3": ["-c:a", "libmp3lame", "-b:a", "192k"], "wav": ["-c:a", "pcm_s16le"]}
_TAG_CHARS = 4000
_TIMEOUT_S = 300.0
_one_at_a_time = threading.Lock()  # encoding three minutes keeps a core busy for some 4 s


class CopyError(LyriaError):
    """The copy could not be made; the original is as it was."""

    default_charge = Charge.NO
    default_advice = "Download the original instead."


def copy_as(source: Path, target: Path, kind: Format, tags: Mapping[str, str]) -> None:
    """Write a copy of a track in a format, with tags.

    The target appears complete or not at all. A track that has the format already is copied as it
    is, without loss; any other is written with 16-bit samples at the track's sample rate, MP3 at
    192 kbit/s.

    Args:
        source: the track, in any format that can be decoded.
        target: where the copy goes; an existing file is replaced.
        kind: format of the copy.
        tags: as ffmpeg names them: "title", "artist", "comment", "date" work in both formats.

    Raises:
        CopyError: if the source cannot be decoded, or the copy not be encoded.
        OSError: if the target cannot be written.
    """
    with (
        _one_at_a_time,
        tempfile.TemporaryDirectory(prefix=".copy-", dir=target.parent) as workshop,
    ):
        sound, labels, done = (Path(workshop) / name for name in ("sound", "labels", "done"))
        if _is_a(source, kind):
            sound, encoder, read_as = source, ["-c:a", "copy"], kind
        else:
            _decode(source).export(sound, format="wav").close()
            encoder, read_as = _ENCODER[kind], "wav"
        # Tags travel in a file: a command line can be read by every user of the machine.
        labels.write_text(_labels(tags), encoding="utf-8")
        inputs = ["-f", read_as, "-i", str(sound), "-f", "ffmetadata", "-i", str(labels)]
        outputs = ["-map", "0:a", "-map_metadata", "1", *encoder, "-f", kind, str(done)]
        try:
            subprocess.run(  # noqa: S603  # every argument is ours; the text is in a file
                [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", *inputs, *outputs],
                check=True,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TIMEOUT_S,
            )
        except subprocess.SubprocessError:
            raise CopyError(f"The track could not be written as {kind.upper()}.") from None
        done.replace(target)


def _is_a(source: Path, kind: Format) -> bool:
    try:
        info = soundfile.info(str(source))
    except soundfile.LibsndfileError:
        return False
    # libsndfile calls layer II an MP3 too.
    return str(info.format).lower() == kind and str(info.subtype) != "MPEG_LAYER_II"


def _labels(tags: Mapping[str, str]) -> str:
    lines = [";FFMETADATA1"]
    for name, text in tags.items():
        clean = "".join(c for c in text if c.isprintable() or c == "\n")
        if len(clean) > _TAG_CHARS:
            clean = clean[: _TAG_CHARS - 1] + "…"
        lines.append(f"{name}=" + re.sub(r"([=;#\\\n])", r"\\\1", clean))
    return "\n".join(lines) + "\n"


def _decode(source: Path) -> Any:
    try:
        samples, rate = whole(source)
    except UnreadableAudioError as error:
        raise CopyError("The track is not audio that can be decoded.") from error
    return segment_class()(
        as_16_bit(samples).tobytes(),
        frame_rate=rate,
        sample_width=2,
        channels=samples.shape[1],
    )
