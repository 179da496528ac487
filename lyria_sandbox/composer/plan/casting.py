"""Casting: from the instruments that were named to the roles of the band."""

from collections.abc import Iterable, Mapping

from lyria_sandbox.composer.parse.parsed_prompt import ParsedPrompt, ParsedSection
from lyria_sandbox.composer.plan.model import Band
from lyria_sandbox.composer.plan.takes import line_up
from lyria_sandbox.composer.tables.ensembles import COMPANIONS
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.instruments import Instrument
from lyria_sandbox.composer.tables.patches import (
    GUITARS,
    POLYPHONIC_LEADS,
    SELF_SUFFICIENT,
    SUSTAINED,
)

_FAMILIES: Mapping[str, frozenset[str]] = {
    "guitar": GUITARS,
    "electric guitar": frozenset({"overdrive", "dist", "clean"}),
    "strings": frozenset({"strings", "slowstr", "spicc", "trem", "pizz", "violin", "cello"}),
    "brass": frozenset({"brass", "trumpet", "trombone", "horn", "mutetpt"}),
    "organ": frozenset({"organ", "rockorgan", "church"}),
    "keys": frozenset({"epiano", "fmep", "piano"}),
    "bells": frozenset({"bells", "bells2", "glock"}),
    "saxophone": frozenset({"asax", "tsax"}),
    "choir": frozenset({"choir", "oohs"}),
    "synth": frozenset(
        {"pluck", "lead", "saw", "square", "reese", "sub", "sbass", "warmpad", "space", "halo"}
    ),
    "synth pad": frozenset({"warmpad", "space", "halo"}),
    "synth lead": frozenset({"lead", "square", "sine"}),
    "arpeggiated synth": frozenset({"pluck"}),
}
"""What excluding a general name excludes besides its own patch."""

_LESS_DB, _MORE_DB = -7.0, 4.0
"""What "less bass" and "more bass" do to its level."""

_CHORD_FALLBACKS = ("piano", "epiano", "steel", "warmpad", "strings", "harp")
_LEAD_FALLBACKS = ("piano", "flute", "vibes", "lead", "clarinet")
_CHORD_ROLES = ("comp", "pad", "arp")
_MELODIC_ROLES = ("lead", "voice")


def cast(parsed: ParsedPrompt, genre: Genre, seed: int) -> Band:
    """Decide who plays in the piece.

    The genre brings its band, as the seed lines it up; what the prompt names takes its place in it,
    and what the prompt excludes leaves. Instruments named to play alone dismiss the rest.

    Args:
        parsed: what the prompt asks for.
        genre: of the piece.
        seed: of the order.
    """
    alone = parsed.alone and any(i.role != "voice" for i in parsed.instruments)
    if parsed.ensemble:
        patches = dict(parsed.ensemble.patches)
    else:
        patches = {} if alone else _genre_band(genre, parsed.touch, seed)
    octaves: dict[str, int] = {}
    percussion: list[str] = []
    _seat(parsed.instruments, patches, octaves, percussion, genre)
    if alone and not parsed.ensemble:
        _complete_small_band(patches, {i.role for i in parsed.instruments})
    unaccompanied, rooted = not patches.get("drums"), not patches.get("bass")
    _dismiss(parsed.excluded, patches, percussion)
    banned = {patch for i in parsed.excluded for patch in _patches_of(i)}
    drums_alone = alone and bool(patches.get("drums") or percussion)
    if not drums_alone and not any(patches.get(role) for role in (*_CHORD_ROLES, "lead")):
        patches["comp"] = _first_allowed(_CHORD_FALLBACKS, banned)
    wants_voice = parsed.voice or any(section.lyrics for section in parsed.sections)
    if wants_voice and not parsed.instrumental:
        patches["voice"] = "oohs"
    if not alone and not any(patches.get(role) for role in _MELODIC_ROLES):
        patches["lead"] = _first_allowed(_LEAD_FALLBACKS, banned)
    players = {role: patch for role, patch in patches.items() if patch}
    return Band(players, tuple(percussion), octaves, unaccompanied, rooted)


def cast_section(
    band: Band, section: ParsedSection, genre: Genre, excluded: Iterable[Instrument]
) -> tuple[Band, frozenset[str]]:
    """Decide who plays in a section, and which roles its description asked for.

    Args:
        band: who plays in the piece.
        section: what the prompt asks for here.
        genre: of the piece.
        excluded: instruments that the prompt excludes.
    """
    if not section.instruments and not section.excluded:
        return band, frozenset()
    named = tuple(i for i in section.instruments if i not in set(excluded) and i.role != "voice")
    alone = section.alone and bool(named)
    patches = {} if alone else dict(band.patches)
    octaves = {} if alone else dict(band.octaves)
    percussion = [] if alone else list(band.percussion)
    before = dict(patches)
    _seat(named, patches, octaves, percussion, genre, keep=frozenset(before.values()))
    if alone:
        _complete_small_band(patches, {i.role for i in named})
        if "voice" in band.patches and any(i.role == "voice" for i in section.instruments):
            patches["voice"] = band.patches["voice"]
    _dismiss(section.excluded, patches, percussion)
    forced = {i.role for i in named} | {r for r, p in patches.items() if before.get(r) != p}
    players = {role: patch for role, patch in patches.items() if patch}
    unaccompanied = band.unaccompanied or (alone and not players.get("drums"))
    rooted = band.rooted or (alone and not players.get("bass"))
    return Band(players, tuple(percussion), octaves, unaccompanied, rooted), frozenset(forced)


def levels_of(parsed: ParsedPrompt, band: Band) -> Mapping[str, float]:
    """Return what is added to the level of the roles of which the prompt wants less or more."""
    levels: dict[str, float] = {}
    for instruments, level_db in ((parsed.quieter, _LESS_DB), (parsed.louder, _MORE_DB)):
        for instrument in instruments:
            patches = _patches_of(instrument) - {""}
            playing = {role for role, patch in band.patches.items() if patch in patches}
            levels |= dict.fromkeys(playing or {instrument.role}, level_db)
            if instrument.name == "drums":
                levels["percussion"] = level_db
    return levels


def _genre_band(genre: Genre, touch: Genre | None, seed: int) -> dict[str, str]:
    patches = line_up(genre, seed)
    if touch:
        patches["pad"] = touch.pad or patches["pad"]
        patches["arp"] = touch.arp.patch if touch.arp else patches["arp"]
        if touch.groove and not genre.groove:
            patches["drums"] = touch.groove.kit
    return patches


def _seat(
    instruments: Iterable[Instrument],
    patches: dict[str, str],
    octaves: dict[str, int],
    percussion: list[str],
    genre: Genre,
    keep: frozenset[str] = frozenset(),
) -> None:
    """Give every named instrument a role; the first of two for the same role keeps it."""
    taken: set[str] = set()
    for instrument in instruments:
        patch = instrument.patch
        if instrument.role == "voice":
            continue
        if instrument.role == "percussion":
            percussion.append(patch)
            continue
        if instrument.role == "drums":
            patches["drums"] = _drum_kit(patch, patches.get("drums", ""), genre)
            continue
        if instrument.role == "bass":
            patches["bass"] = patch or patches.get("bass") or genre.bass.patch
            continue
        if patch in keep:
            continue
        role = _free_role(instrument, taken)
        patches[role] = patch
        if instrument.octave:
            octaves[role] = instrument.octave
        elif role in octaves:
            del octaves[role]
        taken.add(role)


def _free_role(instrument: Instrument, taken: set[str]) -> str:
    choices = {
        "comp": ("comp", "arp", "pad", "counter"),
        "lead": ("lead", "counter", "pad" if instrument.patch in SUSTAINED else "arp", "pad2"),
        "pad": ("pad", "pad2", "comp"),
        "arp": ("arp", "comp", "counter"),
    }[instrument.role]
    return next((role for role in choices if role not in taken), choices[0])


def _drum_kit(patch: str, current: str, genre: Genre) -> str:
    own = genre.groove.kit if genre.groove else "kit_brush"
    if patch == "@machine":
        return own if own.startswith("@") else "@808" if genre.tone == "urban" else "@909"
    return patch or current or own


def _complete_small_band(patches: dict[str, str], named_roles: set[str]) -> None:
    """Let the instruments of a small band take the roles that make music of it."""
    if not patches.get("comp") and not patches.get("lead"):
        patches["comp"] = patches.get("pad") or patches.get("arp") or ""
    if not patches.get("comp") and not (set(patches) - {"lead", "drums", "bass"}):
        # A melody alone accompanies itself if it can.
        patches["comp"] = patches["lead"] if patches["lead"] in POLYPHONIC_LEADS else ""
    chords = patches.get("comp", "")
    for role, patch in COMPANIONS.get(chords, {}).items():
        patches.setdefault(role, patch)
    if chords in SELF_SUFFICIENT:
        if "bass" not in named_roles and not patches.get("bass"):
            patches["bass"] = chords
        if "lead" not in named_roles and not patches.get("lead"):
            patches["lead"] = chords


def _patches_of(instrument: Instrument) -> frozenset[str]:
    return frozenset({instrument.patch}) | _FAMILIES.get(instrument.name, frozenset())


def _dismiss(
    excluded: Iterable[Instrument], patches: dict[str, str], percussion: list[str]
) -> None:
    for instrument in excluded:
        if instrument.name == "drums":
            patches.pop("drums", None)
            percussion.clear()
        if instrument.name == "bass":
            patches.pop("bass", None)
        unwanted = _patches_of(instrument) - {""}
        for role in [role for role, patch in patches.items() if patch in unwanted]:
            del patches[role]
        percussion[:] = [name for name in percussion if name not in unwanted]


def _first_allowed(choices: Iterable[str], banned: set[str]) -> str:
    return next((patch for patch in choices if patch not in banned), "sine")
