"""The forms that pieces have where the prompt names no sections: a take chooses one."""

from collections.abc import Mapping
from dataclasses import dataclass

from lyria_sandbox.composer.tables.genre import Genre

Kinds = tuple[str, ...]


@dataclass(frozen=True)
class Forms:
    """Forms of a style.

    Attributes:
        clip: Those of up to `LONGEST_CLIP_S`; they are at home from the first bar.
        long: Those of anything longer.
    """

    clip: tuple[Kinds, ...]
    long: tuple[Kinds, ...]


LONGEST_CLIP_S = 50.0

_SONGS: tuple[Kinds, ...] = (
    ("intro", "verse", "chorus", "verse", "chorus", "bridge", "chorus", "outro"),
    ("intro", "verse", "pre-chorus", "chorus", "verse", "chorus", "bridge", "chorus"),
    ("intro", "chorus", "verse", "chorus", "bridge", "chorus", "outro"),
    ("intro", "verse", "chorus", "verse", "chorus", "solo", "chorus", "outro"),
)

FORMS: Mapping[str, Forms] = {
    "song": Forms(
        (
            ("verse", "chorus"),
            ("chorus", "verse", "chorus"),
            ("verse", "pre-chorus", "chorus"),
            ("intro", "verse", "chorus"),
        ),
        _SONGS,
    ),
    "dance": Forms(
        (
            ("drop", "breakdown", "drop"),
            ("verse", "build", "drop"),
            ("verse", "drop"),
            ("drop", "verse", "drop"),
        ),
        (
            ("intro", "verse", "build", "drop", "breakdown", "build", "drop", "outro"),
            ("intro", "build", "drop", "breakdown", "build", "drop", "outro"),
            ("intro", "verse", "build", "drop", "verse", "breakdown", "build", "drop", "outro"),
        ),
    ),
    "loop": Forms(
        (
            ("verse", "chorus", "verse"),
            ("chorus", "verse", "chorus"),
            ("verse", "chorus"),
            ("intro", "chorus", "verse"),
        ),
        (
            ("intro", "verse", "chorus", "verse", "chorus", "bridge", "chorus", "outro"),
            ("intro", "chorus", "verse", "chorus", "verse", "chorus", "outro"),
            ("intro", "verse", "chorus", "verse", "chorus", "breakdown", "chorus", "outro"),
        ),
    ),
    "drift": Forms(
        (("verse",), ("verse", "bridge"), ("interlude", "verse"), ("verse", "interlude")),
        (
            ("intro", "verse", "bridge", "verse", "chorus", "outro"),
            ("intro", "verse", "interlude", "chorus", "bridge", "chorus", "outro"),
            ("intro", "verse", "chorus", "bridge", "verse", "chorus"),
        ),
    ),
    "head": Forms(
        (
            ("chorus", "solo", "chorus"),
            ("verse", "solo"),
            ("chorus", "solo"),
            ("verse", "bridge", "verse"),
        ),
        (
            ("intro", "chorus", "solo", "chorus", "solo", "chorus"),
            ("intro", "verse", "chorus", "solo", "verse", "chorus", "outro"),
            ("intro", "chorus", "solo", "bridge", "solo", "chorus", "outro"),
        ),
    ),
    "piece": Forms(
        (
            ("verse", "bridge", "verse"),
            ("verse", "chorus"),
            ("verse", "chorus", "verse"),
            ("intro", "verse", "chorus"),
        ),
        _SONGS,
    ),
}
"""Forms by style; in a clip an introduction is a short one."""


def style_of(genre: Genre) -> str:
    """Return the style of a genre's forms, a key of `FORMS`."""
    if genre.dance_form:
        return "dance"
    if genre.family == "ambient":
        return "drift"
    if genre.family == "jazz":
        return "head"
    if genre.family == "lofi" or genre.tone in ("urban", "mellow"):
        return "loop"
    return "piece" if genre.groove is None or genre.tone == "orchestral" else "song"
