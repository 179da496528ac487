"""Describes how a track was made, in a JSON file next to it."""

import json
from typing import Any

from lyria_core import MODELS
from lyria_studio.audio.names import file_name
from lyria_studio.model.generation import Generation, Track


def model_name(generation: Generation) -> str:
    """Return the model's name for people; tracks of the sandbox are marked."""
    model = MODELS.get(generation.model_id)
    name = generation.model_id if model is None else model.name
    return f"{name} (sandbox)" if generation.gateway == "sandbox" else name


def name_for(generation: Generation, media_type: str, index: int) -> str:
    """Return the file name for people of one of a generation's tracks.

    Args:
        generation: what made it.
        media_type: type of the audio, for the extension.
        index: place among the generation's tracks, from 0.
    """
    return file_name(
        generation.title,
        model_name(generation),
        media_type,
        take=generation.take,
        takes=generation.takes,
        part=index + 1,
    )


def tags_for(generation: Generation) -> dict[str, str]:
    """Return the tags of a copy: title, model and prompt."""
    return {
        "title": generation.name,
        "artist": model_name(generation),
        "comment": generation.prompt,
        "date": f"{generation.created_at:%Y-%m-%d}",
    }


def sidecar(generation: Generation, track: Track) -> bytes:
    """Describe how a track was made, well enough to order it again.

    Args:
        generation: what made it.
        track: one of its tracks.

    Returns:
        Indented JSON in UTF-8. Times are ISO 8601 in UTC, money is text in US dollars; the
        ``sha256`` finds the description again from the file alone. No key is in it.
    """
    completed = generation.completed_at
    description: dict[str, Any] = {
        "model": generation.model_id,
        "model_name": model_name(generation),
        "gateway": generation.gateway,
        "title": generation.title,
        "prompt": generation.prompt,
        "negative_prompt": generation.negative_prompt,
        "seed": generation.seed,
        "images": list(generation.images),
        "take": generation.take,
        "takes": generation.takes,
        "generation_id": generation.id,
        "request_id": generation.request_id,
        "ordered_at": generation.created_at.isoformat(),
        "completed_at": None if completed is None else completed.isoformat(),
        "price_usd": str(generation.price_usd),
        "charge": generation.charge.value,
        "file": {
            "name": track.file_name,
            "media_type": track.media_type,
            "size_bytes": track.size_bytes,
            "sha256": track.sha256,
            "duration_s": track.duration_s,
            "sample_rate_hz": track.sample_rate_hz,
            "channels": track.channels,
            "loudness_lufs": track.loudness_lufs,
            "true_peak_dbtp": track.true_peak_dbtp,
        },
        "understood": generation.understood,
    }
    return json.dumps(description, ensure_ascii=False, indent=2).encode()
