"""Random numbers that depend on the order alone."""

import zlib

import numpy as np


def stream(seed: int, salt: int, *names: str | int) -> np.random.Generator:
    """Open the random stream of a role.

    Every role (and every bar of it) draws from a stream of its own, so that a change to one leaves
    the others as they were.

    Args:
        seed: The order's seed; any integer.
        salt: Checksum of the words of the prompt that have no meaning to the composer.
        names: What the stream is for.
    """
    key = "\x1f".join(str(name) for name in names)
    # A seed may be negative or larger than 64 bits: entropy is taken from its digits.
    return np.random.default_rng([zlib.crc32(str(seed).encode()), salt, zlib.crc32(key.encode())])


def take_stream(seed: int, name: str) -> np.random.Generator:
    """Open the stream of a decision about the whole take: who plays, which form, which groove.

    Words without a meaning do not salt it: two prompts with one seed are played by one band.

    Args:
        seed: The order's seed.
        name: What is decided.
    """
    return stream(seed, 0, "take", name)
