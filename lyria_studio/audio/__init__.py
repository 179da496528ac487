"""Audio files: what is measured on a track, and the copies that people download."""

from lyria_studio.audio.copies import CopyError, copy_as
from lyria_studio.audio.measure import Measured, UnreadableAudioError, measure
from lyria_studio.audio.names import extension_for, file_name
from lyria_studio.audio.peaks import PEAK_BUCKETS, peaks_to_floats

__all__ = [
    "PEAK_BUCKETS",
    "CopyError",
    "Measured",
    "UnreadableAudioError",
    "copy_as",
    "extension_for",
    "file_name",
    "measure",
    "peaks_to_floats",
]
