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
    "four on the floor": r"\b(?:four|4)[- ](?:on|to)[- ]the[- ]floor\b",
    "half-time": r"\bhalf[- ]time\b",
    "double-time": r"\bdouble[- ]time\b",
    "fade-out": r"\bfad(?:e|es|ed|ing)[- ]out\b|\bfade-?out\b",
    "dry": r"\b(?:dry(?: mix| sound)?|close[- ]mic\w*|up[- ]close)\b",
}
"""Regular expressions of the words that name an effect."""

BEATS: Mapping[str, Mapping[str, str]] = {
    "four on the floor": {"kick": "9...9...9...9..."},
    "half-time": {
        "kick": "9.....6.........",
        "snare": "........9.......",
        "clap": "........9.......",
        "rim": "........8.......",
    },
    "double-time": {
        "kick": "9...9...9...9...",
        "snare": "..9...9...9...9.",
        "rim": "..8...8...8...8.",
        "hat": "8383838383838383",
    },
}
"""Effects that change the beat: patterns that take the place of the genre's, in 4/4."""

REVERB_FACTORS: Mapping[str, float] = {"spacious": 1.5, "dry": 0.5}
"""What an effect does to the genre's reverberation time."""
