"""What a take decides by its seed alone: who plays, how it begins, and how it ends."""

from lyria_sandbox.composer.randomness import take_stream
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.line_ups import CHAIRS, ELECTRIC, GUESTS, SIGNATURES, UNPLUGGED

_OWN_WEIGHT = 2
"""The genre's own player is this much likelier than each of the others."""

_OPENINGS: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset({"drums"}),
    frozenset({"bass", "drums"}),
    frozenset({"arp", "lead"}),
)


def line_up(genre: Genre, seed: int) -> dict[str, str]:
    """Choose the players of a take, by role; each role is drawn by itself.

    So a prompt that names one instrument leaves the others where one seed put them.
    """
    own = {
        "bass": genre.bass.patch,
        "comp": genre.comp.patch,
        "lead": genre.lead,
        "pad": genre.pad,
        "arp": genre.arp.patch if genre.arp else "",
        "drums": genre.groove.kit if genre.groove else "",
        "counter": "",
    }
    if len({own["bass"], own["comp"], own["lead"]}) == 1:
        # A soloist who plays everything is no band.
        return own
    chosen = dict(own)
    for role, patch in own.items():
        others = GUESTS[genre.tone] if role == "counter" else CHAIRS.get(role, {}).get(patch, ())
        if (genre.name, role) in SIGNATURES:
            others = ()
        if genre.tone in UNPLUGGED:
            others = tuple(other for other in others if other not in ELECTRIC)
        choices = (*[patch] * _OWN_WEIGHT, *others)
        chosen[role] = choices[int(take_stream(seed, role).integers(len(choices)))]
    return chosen


def opening_roles(seed: int) -> frozenset[str]:
    """Choose who plays from the first beat of an introduction."""
    return _OPENINGS[int(take_stream(seed, "opening").integers(len(_OPENINGS)))]


def ending(genre: Genre, seed: int) -> str:
    """Choose how a clip ends: "ring", "fade", or "stop" where a band may stop on a beat."""
    stops = genre.groove is not None and genre.tone != "orchestral"
    choices = ("ring", "ring", "fade", "stop" if stops else "fade")
    return choices[int(take_stream(seed, "ending").integers(len(choices)))]
