"""What the sandbox's composer understood of a prompt, in sentences for people.

The words come from another process, perhaps of another version: whatever is missing or of another
kind than expected is left out.
"""

from collections.abc import Mapping
from typing import Any


def sentences(understood: Mapping[str, Any]) -> list[str]:
    """Return what was understood, then what was not and why; empty where nothing is known."""
    key = " ".join(filter(None, (_text(understood, "key"), _text(understood, "mode"))))
    tempo = understood.get("tempo_bpm")
    music = [
        _text(understood, "genre"),
        f"{tempo:g} BPM" if isinstance(tempo, int | float) else "",
        key,
        _text(understood, "meter"),
        *_words(understood, "moods"),
    ]
    players = _words(understood, "instruments")
    found = [
        ("Understood: {}.", ", ".join(filter(None, music))),
        ("Plays: {}.", ", ".join(players)),
        ("Left out: {}.", ", ".join(_words(understood, "excluded"))),
        ("Not understood: {}.", ", ".join(_words(understood, "not_understood"))),
    ]
    return [
        *(sentence.format(words) for sentence, words in found if words),
        *_words(understood, "notes"),
    ]


def _text(understood: Mapping[str, Any], name: str) -> str:
    value = understood.get(name)
    return value if isinstance(value, str) else ""


def _words(understood: Mapping[str, Any], name: str) -> list[str]:
    value = understood.get(name)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
