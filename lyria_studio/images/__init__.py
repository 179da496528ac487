"""Checks, in the background, the image addresses that are typed for a prompt."""

from lyria_studio.images.checks import ImageChecks
from lyria_studio.images.examine import ImageCheck, ImageState, topic_of
from lyria_studio.images.fetching import fetch_image

__all__ = ["ImageCheck", "ImageChecks", "ImageState", "fetch_image", "topic_of"]
