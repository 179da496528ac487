"""Audio files: what is measured on a track, and the copies that people download."""

from lyria_studio.audio.arrival import Arrival, Problem, examine
from lyria_studio.audio.copies import CopyError, copy_as
from lyria_studio.audio.decode import UnreadableAudioError
from lyria_studio.audio.measure import SILENCE_DBTP, Measured, measure
from lyria_studio.audio.names import extension_for, file_name, media_type_for
from lyria_studio.audio.peaks import PEAK_BUCKETS, peaks_to_floats

__all__ = [
    "PEAK_BUCKETS",
    "SILENCE_DBTP",
    "Arrival",
    "CopyError",
    "Measured",
    "Problem",
    "UnreadableAudioError",
    "copy_as",
    "examine",
    "extension_for",
    "file_name",
    "measure",
    "media_type_for",
    "peaks_to_floats",
]
