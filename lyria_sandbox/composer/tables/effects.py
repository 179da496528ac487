"""Effects that a prompt may name."""

from collections.abc import Mapping

EFFECT_PATTERNS: Mapping[str, str] = {
    "tape": (
        r"\b(?:tape(?: hiss| saturation| wobble| warble)?|vinyl(?: crackle| noise)?|cassette"
        r"|crackl\w+|hiss|dusty)\b"
    ),
    "spacious": (
        r"\b(?:reverb\w*|spacious|cavernous|cathedral|(?:concert |large )?hall|echo\w*|vast|wide"
        r"|airy|washed[- ]out)\b"
    ),
    "dry": r"\b(?:dry(?: mix| sound)?|close[- ]mic\w*|up[- ]close)\b",
}
"""Regular expressions of the words that name an effect."""

REVERB_FACTORS: Mapping[str, float] = {"spacious": 1.5, "dry": 0.5}
"""What an effect does to the genre's reverberation time."""
