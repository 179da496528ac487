"""Who else could sit in a chair of the band: what makes two takes of a genre differ."""

from collections.abc import Mapping

CHAIRS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "lead": {
        "asax": ("tsax", "trumpet", "trombone"),
        "tsax": ("asax", "mutetpt", "vibes"),
        "trumpet": ("trombone", "flute"),
        "flute": ("clarinet", "vibes", "jazzgtr"),
        "clarinet": ("flute", "violin"),
        "violin": ("mandolin", "flute", "harmonica"),
        "jazzgtr": ("vibes", "flute", "mutetpt"),
        "vibes": ("flute", "jazzgtr", "kalimba"),
        "lead": ("pluck", "square"),
        "pluck": ("lead", "bells2"),
        "halo": ("vibes", "flute", "sine"),
        "horn": ("trumpet", "violin", "cello"),
        "celesta": ("flute", "musicbox", "clarinet"),
        "musicbox": ("celesta", "glock"),
        "glock": ("flute", "xylo", "clarinet"),
        "strings": ("violin", "flute"),
        "trombone": ("asax", "harmonica"),
        "bandoneon": ("violin", "clarinet"),
        "accordion": ("clarinet", "violin"),
        "sitar": ("flute", "violin"),
        "shaku": ("flute", "violin"),
        "overdrive": ("lead", "rockorgan"),
        "choir": ("asax", "trumpet"),
        "oohs": ("tsax", "flute"),
    },
    "comp": {
        "piano": ("epiano", "clean", "nylon"),
        "epiano": ("piano", "fmep"),
        "clean": ("epiano", "muted"),
        "steel": ("nylon", "piano"),
        "nylon": ("piano", "steel"),
        "saw": ("epiano", "warmpad"),
        "rockorgan": ("piano", "clean"),
        "organ": ("clean", "piano"),
        "bells2": ("kalimba", "epiano"),
        "marimba": ("clean", "kalimba"),
        "harp": ("nylon", "vibes"),
        "warmpad": ("slowstr", "space"),
        "koto": ("harp", "nylon"),
        "ukulele": ("nylon", "piano"),
        "strings": ("slowstr", "brass"),
    },
    "pad": {
        "": ("organ", "strings"),
        "strings": ("warmpad", "organ", "slowstr"),
        "slowstr": ("strings", "warmpad"),
        "warmpad": ("space", "slowstr", "halo"),
        "space": ("choir", "warmpad"),
        "choir": ("strings", "halo", "space"),
        "brass": ("strings", "organ"),
        "saw": ("warmpad", "strings"),
        "organ": ("rockorgan", "warmpad", ""),
        "rockorgan": ("organ", "strings"),
        "halo": ("space", "warmpad"),
        "epiano": ("organ", "warmpad"),
    },
    "arp": {
        "": ("",),
        "pluck": ("bells2", "kalimba", ""),
        "clean": ("muted", "steel", ""),
        "steel": ("clean", "mandolin", ""),
        "epiano": ("piano", "muted", ""),
        "kalimba": ("vibes", "harp", "celesta"),
        "banjo": ("mandolin", "steel", ""),
        "spicc": ("pizz", ""),
        "marimba": ("xylo", "pizz", ""),
        "harp": ("pizz", ""),
        "piano": ("harp", ""),
        "celesta": ("glock", "harp", ""),
        "brass": ("",),
        "organ": ("clean", ""),
        "pizz": ("harp", ""),
    },
    "bass": {
        "fbass": ("pbass",),
        "pbass": ("fbass",),
        "sub": ("sbass",),
        "sbass": ("sub",),
    },
}
"""By the role and the patch that the genre has there; "" is an empty chair."""

GUESTS: Mapping[str, tuple[str, ...]] = {
    "pop": ("", "", "strings", "vibes"),
    "rock": ("", "", "strings", "organ"),
    "electronic": ("", "", "strings"),
    "urban": ("", "", "flute", "vibes"),
    "mellow": ("", "", "flute", "clarinet"),
    "acoustic": ("", "cello", "clarinet", "harmonica"),
    "jazz": ("", "", "vibes", "clarinet", "mutetpt"),
    "orchestral": ("", "horn", "oboe", "clarinet"),
    "ambient": ("", "", "cello", "oboe"),
}
"""Who may join with a second melody, by the tone of the genre."""

ELECTRIC = frozenset(
    {
        *("epiano", "fmep", "clean", "muted", "organ", "rockorgan", "lead", "pluck", "square"),
        *("sine", "saw", "bells2", "warmpad", "space", "halo", "pbass", "fbass", "sub", "sbass"),
    }
)
UNPLUGGED = frozenset({"acoustic", "jazz", "orchestral"})
"""Tones of genres in which nobody electric joins unasked."""

SIGNATURES = frozenset(
    {
        *(("tango", "lead"), ("flamenco", "lead"), ("flamenco", "comp"), ("indian", "lead")),
        *(("east asian", "lead"), ("chanson", "lead"), ("reggae", "comp"), ("reggae", "pad")),
        *(("chiptune", "lead"), ("chiptune", "comp"), ("chiptune", "pad"), ("waltz", "comp")),
        *(("big band", "comp"), ("big band", "pad"), ("bossa nova", "comp"), ("punk", "pad")),
        ("metal", "pad"),
    }
)
"""(genre, role): the genre is not itself with another player there."""
