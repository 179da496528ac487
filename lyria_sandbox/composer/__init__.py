"""A composer that turns a prompt into music: rules, a sampler and a few synthesisers.

It is not Lyria. It exists so that the sandbox has something real to play: the tempo, key, genre,
instruments and sections that a prompt asks for are heard, and two prompts that differ sound
different.
"""

from lyria_sandbox.composer.image_moods import measure_image
from lyria_sandbox.composer.order import Order, Rendered
from lyria_sandbox.composer.rendering import rehearse, render, warm

__all__ = ["Order", "Rendered", "measure_image", "rehearse", "render", "warm"]
