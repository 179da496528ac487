"""The patches of the synthesiser: their names for people, and what each is good for in a band."""

PERCUSSION_PATTERNS: dict[str, dict[str, str]] = {
    "shaker": {"shaker": "5353535353535353"},
    "tambourine": {"tambourine": "4.3.7.3.4.3.7.3."},
    "congas": {
        "conga_high": "..6...66..6...6.",
        "conga_mute": "5..5....5..5....",
        "conga_low": "......7.....7.77",
    },
    "claps": {"clap": "....8.......8..."},
    "cowbell": {"cowbell": "7...7...7...7..."},
    "triangle": {"triangle": "6.......6......."},
    "woodblock": {"woodblock": "7..7..7...7.7..."},
    "jingle": {"jingle": "6.4.6.4.6.4.6.4."},
}
"""What a percussion instrument plays when it is asked for by name."""

GUITARS = frozenset({"steel", "nylon", "overdrive", "dist", "clean", "jazzgtr", "muted", "ukulele"})
AMPLIFIED = frozenset({"overdrive", "dist"})
SUSTAINED = frozenset(
    {
        "strings",
        "slowstr",
        "church",
        "warmpad",
        "choir",
        "halo",
        "space",
        "trem",
        "organ",
        "rockorgan",
    }
)
KEYBOARDS_AND_PLUCKED = frozenset({"piano", "harp", "nylon", "steel", "epiano", "harpsi", "fmep"})
RINGING = KEYBOARDS_AND_PLUCKED | {"kalimba", "bells2", "koto", "marimba", "vibes", "celesta"}
SELF_SUFFICIENT = frozenset(
    {"piano", "harpsi", "epiano", "church", "nylon", "steel", "harp", "fmep"}
)
"""Patches that can play bass, chords and melody alone."""

POLYPHONIC_LEADS = frozenset(
    {"jazzgtr", "vibes", "accordion", "bandoneon", "celesta", "musicbox", "glock", "xylo", "sitar"}
)
"""Melody instruments that can accompany themselves."""

PATCH_ALIASES: dict[str, str] = {"spicc": "strings"}
"""Patches that are another patch played differently."""

SINGING = "sing_"
"""A patch of the choir that sings syllables is this and a vowel."""

LOW_LEADS = frozenset({"cello", "trombone", "horn", "jazzgtr"})
HIGH_LEADS = frozenset({"glock", "celesta", "musicbox", "panflute"})

PATCH_NAMES: dict[str, str] = {
    "abass": "double bass",
    "asax": "alto saxophone",
    "bells2": "bells",
    "brass": "brass",
    "choir": "choir",
    "clean": "clean guitar",
    "dist": "distorted guitar",
    "epiano": "electric piano",
    "fbass": "bass guitar",
    "glock": "glockenspiel",
    "halo": "halo pad",
    "harpsi": "harpsichord",
    "horn": "French horn",
    "jazzgtr": "jazz guitar",
    "lead": "synth lead",
    "musicbox": "music box",
    "nylon": "nylon guitar",
    "oohs": "wordless voice",
    "organ": "organ",
    "overdrive": "electric guitar",
    "pbass": "picked bass",
    "pizz": "pizzicato strings",
    "pluck": "synth pluck",
    "reese": "reese bass",
    "rockorgan": "organ",
    "saw": "synth chords",
    "sbass": "synth bass",
    "shaku": "shakuhachi",
    "slap": "slap bass",
    "slowstr": "slow strings",
    "space": "space pad",
    "spicc": "staccato strings",
    "square": "square lead",
    "steel": "acoustic guitar",
    "sub": "sub bass",
    "tri": "triangle bass",
    "tsax": "tenor saxophone",
    "warmpad": "synth pad",
    "wobble": "wobble bass",
    "808": "808 bass",
}
"""Names of patches that differ from their key."""


def patch_name(patch: str) -> str:
    """Name a patch for people."""
    if patch.startswith(("kit", "@")):
        return "drum machine" if patch.startswith("@") or patch == "kit_elec" else "drums"
    if patch.startswith(SINGING):
        return PATCH_NAMES["oohs"]
    return PATCH_NAMES.get(patch, patch)
