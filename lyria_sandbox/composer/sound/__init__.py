"""From the score to sound."""

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.score import Score
from lyria_sandbox.composer.sound.kit import load_kit
from lyria_sandbox.composer.sound.master import end_of_music, master
from lyria_sandbox.composer.sound.mixer import mix
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

__all__ = ["SAMPLE_RATE", "Samples", "perform"]


def perform(plan: Plan, score: Score, codec_gain_db: float | None = None) -> Samples:
    """Play, mix and master a score.

    Args:
        plan: The plan of the piece.
        score: Its notes.
        codec_gain_db: What a lossy codec will do to the level; None for a lossless file.

    Returns:
        Stereo sound at 48 kHz, `(frames, 2)`.
    """
    sound = mix(plan, score, load_kit())
    master(sound, plan, codec_gain_db)
    return sound if plan.exact_length else sound[: end_of_music(sound)]
