"""Prompts to begin with, drawn at random: each names all that the models want to know."""

from __future__ import annotations

from random import Random

from lyria_studio.prompts.genre_defaults import GENRES
from lyria_studio.prompts.vocabulary import KEYS

_MOODS = {
    True: ("warm", "dreamy", "nostalgic", "calm", "tender", "mellow", "hopeful"),
    False: ("uplifting", "playful", "confident", "bright", "energetic", "triumphant", "groovy"),
}
"""Moods by whether a piece is slow."""

_PLACES = (
    "for a sunrise drive", "for a product video", "for a podcast opening", "for a rainy window",
    "for a city at night", "for a family film", "for a morning run", "for an evening by the sea",
)  # fmt: skip
_SLOW_BPM = 100
_SUNG = ("choir", "vocal", "voice", "rap")
_PLAYED = tuple(
    genre for genre in GENRES if not any(word in " ".join(genre.instruments) for word in _SUNG)
)
"""Genres that every model can play."""


def surprise(random: Random) -> str:
    """Return a prompt of one or two sentences: mood, genre, use, instruments, tempo and key."""
    genre = random.choice(_PLAYED)
    bpm = 2 * round(random.randint(*genre.bpm) / 2)
    mood = random.choice(_MOODS[bpm < _SLOW_BPM])
    *most, last = genre.instruments
    played = f"{', '.join(most)} and {last}" if most else last
    article = "" if mood in genre.name else f"{mood.capitalize()} "
    return (
        f"{article}{genre.name} {random.choice(_PLACES)}, with {played}. {bpm} BPM, "
        f"{random.choice(KEYS)}. Instrumental only, no vocals."
    )
