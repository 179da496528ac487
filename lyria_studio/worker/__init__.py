"""Takes generations from the intent to the finished track, in the background of the process."""

from lyria_studio.worker.decide import Timing
from lyria_studio.worker.engine import Worker
from lyria_studio.worker.submit_rate import SubmitRate

__all__ = ["SubmitRate", "Timing", "Worker"]
