"""pydub's AudioSegment, with the ffmpeg that a package brings along."""

import functools
import warnings
from typing import Any

import imageio_ffmpeg


@functools.cache
def segment_class() -> Any:
    """Return `pydub.AudioSegment`, able to export MP3 on a machine without an ffmpeg of its own."""
    with warnings.catch_warnings():
        # It looks for ffmpeg on the PATH when imported, and warns; ours comes with a package.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()
    return AudioSegment
