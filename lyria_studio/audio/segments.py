"""pydub's AudioSegment with the bundled ffmpeg."""

import functools
import warnings
from typing import Any

import imageio_ffmpeg


@functools.cache
def segment_class() -> Any:
    """Return `pydub.AudioSegment`, set up to use the bundled ffmpeg."""
    with warnings.catch_warnings():
        # It looks for ffmpeg on the PATH when imported, and warns; ours comes with a package.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()
    return AudioSegment
