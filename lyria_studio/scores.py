"""Fetches the notes of sandbox music as a MIDI file."""

import requests

from lyria_studio.model.generation import Generation

_TIMEOUT_S = 10.0


def has_midi(generation: Generation) -> bool:
    """Return whether the sandbox wrote down the notes of a generation."""
    understood = generation.understood or {}
    return generation.gateway == "sandbox" and bool(generation.tracks) and "midi" in understood


def fetch_midi(generation: Generation, sandbox_url: str) -> bytes:
    """Return the notes of a generation as a MIDI file.

    Args:
        generation: one that `has_midi`.
        sandbox_url: where the sandbox is today; it may have moved since.

    Raises:
        requests.RequestException: the sandbox does not answer, or has the file no more.
    """
    url = f"{sandbox_url}/media/v1/{generation.request_id}/score.mid"
    answer = requests.get(url, timeout=_TIMEOUT_S)
    answer.raise_for_status()
    return answer.content
