"""Where the coach's facts come from."""

from __future__ import annotations

from collections.abc import Mapping

SOURCES: Mapping[str, str] = {
    "reference": "the gateway's reference",
    # https://ai.google.dev/gemini-api/docs/music-generation
    "lyria 3": "Google's guide to Lyria 3",
    # https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/lyria-music-generation
    "lyria 2": "Google's reference for Lyria 2",
    # https://cloud.google.com/vertex-ai/generative-ai/docs/music/music-gen-prompt-guide
    "prompt guide": "Google's prompt guide for Lyria",
    "studio": "a limit of this studio",
}
"""The sources of facts, for people, by the names that rules give."""

OTHER_LANGUAGES: tuple[str, ...] = (
    "Arabic", "Armenian", "Basque", "Bengali", "Bulgarian", "Cantonese", "Catalan", "Chinese",
    "Croatian", "Czech", "Danish", "Dutch", "Esperanto", "Farsi", "Filipino", "Finnish", "Gaelic",
    "Georgian", "Greek", "Hawaiian", "Hebrew", "Hungarian", "Icelandic", "Indonesian", "Irish",
    "Italian", "Klingon", "Latin", "Malay", "Mandarin", "Maori", "Norwegian", "Persian", "Polish",
    "Punjabi", "Romanian", "Russian", "Serbian", "Slovak", "Swahili", "Swedish", "Tagalog",
    "Tamil", "Telugu", "Thai", "Turkish", "Ukrainian", "Urdu", "Vietnamese", "Welsh", "Yoruba",
    "Zulu",
)  # fmt: skip
"""Languages that people ask for and Lyria 3 does not sing; it sings those of the vocabulary."""

OTHER_SCRIPTS: Mapping[str, tuple[int, int]] = {
    "Greek": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x052F),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Bengali": (0x0980, 0x09FF),
    "Tamil": (0x0B80, 0x0BFF),
    "Telugu": (0x0C00, 0x0C7F),
    "Thai": (0x0E00, 0x0E7F),
    "Georgian": (0x10A0, 0x10FF),
}
"""Scripts of such languages: their ranges of code points."""

_FUNCTION_WORDS = {
    "English": "the and with of a an for to in is by on at like from that no",
    "German": "und mit ein eine einer der die das für von nicht im ist zu auf",
    "Spanish": "y con una para el los las que por muy del como en un",
    "French": "et avec une pour le les des que dans très du comme un sur",
    "Portuguese": "e com uma para os as que por muito do da como em um",
}
FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()
}
"""Words by which a language is told; they are short, so only several of them count."""
