"""All genres."""

from collections.abc import Mapping

from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.genres_acoustic import ACOUSTIC
from lyria_sandbox.composer.tables.genres_band import BAND
from lyria_sandbox.composer.tables.genres_electronic import ELECTRONIC
from lyria_sandbox.composer.tables.genres_song import SONG
from lyria_sandbox.composer.tables.genres_urban import URBAN
from lyria_sandbox.composer.tables.genres_world import WORLD

GENRES: Mapping[str, Genre] = {
    genre.name: genre for genre in (*URBAN, *ELECTRONIC, *BAND, *WORLD, *SONG, *ACOUSTIC)
}
"""Genres by name; where two fit a prompt equally well, the earlier wins."""

DEFAULT_GENRE = "pop"
CALM_DEFAULT_GENRE = "ambient"
