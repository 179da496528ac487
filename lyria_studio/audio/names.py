"""File names for people: the prompt's words, the model and the take."""

import re
import unicodedata

_PROMPT_CHARS = 48
_MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "aiff": "audio/aiff",
    "mp2": "audio/MPA",  # RFC 3555; "audio/mpeg" is what is taken for an MP3
    "w64": "audio/x-w64",
    "caf": "audio/x-caf",
    "webm": "audio/webm",
}
_EXTENSIONS = {media_type: extension for extension, media_type in _MEDIA_TYPES.items()}


def extension_for(media_type: str) -> str:
    """Return the usual file extension of an audio type, without a dot ("bin" if unknown)."""
    return _EXTENSIONS.get(media_type, "bin")


def media_type_for(extension: str) -> str:
    """Return the type of a file with an extension that the client gives (without a dot)."""
    return _MEDIA_TYPES.get(extension, "application/octet-stream")


def file_name(
    title: str, model_name: str, media_type: str, take: int = 1, takes: int = 1, part: int = 1
) -> str:
    """Name a track's file, as in ``warm-lofi-beat_lyria-3-pro_take-2.mp3``.

    The name keeps letters of every script, is safe on every file system and never holds an id.

    Args:
        title: what the track is called; what stands in brackets is left out.
        model_name: the model, as people call it.
        media_type: type of the audio, for the extension.
        take: number of this take, from 1.
        takes: how many takes were ordered; the take is named if there are several.
        part: number of this file among those of one generation, from 1; named from 2 on.
    """
    words = slug(re.sub(r"\[[^\]]*\]", " ", title)) or slug(title) or "track"
    if len(words) > _PROMPT_CHARS:
        words = words[: _PROMPT_CHARS + 1].rpartition("-")[0] or words[:_PROMPT_CHARS]
    parts = [words, slug(model_name)]
    if takes > 1:
        parts.append(f"take-{take}")
    if part > 1:
        parts.append(f"part-{part}")
    return "_".join(filter(None, parts)) + "." + extension_for(media_type)


def slug(text: str) -> str:
    """Return a text as part of a file name: letters of every script and figures, joined by `-`."""
    plain = unicodedata.normalize("NFC", text).lower()
    # Combining marks are kept: Hindi and other scripts cannot be written without them.
    kept = [c if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") else "-" for c in plain]
    return re.sub("-+", "-", "".join(kept)).strip("-")
