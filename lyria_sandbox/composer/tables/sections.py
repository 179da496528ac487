"""The kinds of section a song is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SectionKind:
    """What a kind of section asks for.

    Attributes:
        intensity: From 0.2 (barely there) to 1.0 (everything plays).
        weight: Length relative to a verse.
        theme: Sections with the same letter share chords and melody; that is how a chorus returns.
        sung: Whether a voice sings here when the piece has one.
    """

    intensity: float
    weight: float
    theme: str
    sung: bool = True


SECTIONS: Mapping[str, SectionKind] = {
    "intro": SectionKind(0.40, 0.5, "A", sung=False),
    "verse": SectionKind(0.62, 1.0, "A"),
    "pre-chorus": SectionKind(0.74, 0.5, "D"),
    "chorus": SectionKind(0.95, 1.0, "B"),
    "hook": SectionKind(0.95, 1.0, "B"),
    "refrain": SectionKind(0.95, 1.0, "B"),
    "post-chorus": SectionKind(0.90, 0.5, "B"),
    "drop": SectionKind(1.00, 1.0, "B", sung=False),
    "build": SectionKind(0.70, 0.5, "D", sung=False),
    "bridge": SectionKind(0.55, 1.0, "C"),
    "breakdown": SectionKind(0.40, 0.75, "C"),
    "solo": SectionKind(0.85, 1.0, "A", sung=False),
    "interlude": SectionKind(0.50, 0.5, "A", sung=False),
    "instrumental": SectionKind(0.80, 1.0, "B", sung=False),
    "outro": SectionKind(0.42, 0.5, "A", sung=False),
}

SECTION_WORDS: tuple[tuple[str, str], ...] = (
    (r"pre[- ]?chorus", "pre-chorus"),
    (r"post[- ]?chorus", "post-chorus"),
    (r"final chorus|last chorus|chorus", "chorus"),
    (r"intro(?:duction)?|opening", "intro"),
    (r"verse|strophe", "verse"),
    (r"hook", "hook"),
    (r"refrain", "refrain"),
    (r"break ?down|break", "breakdown"),
    (r"build(?:[- ]?up)?|riser", "build"),
    (r"drop", "drop"),
    (r"bridge|middle eight", "bridge"),
    (r"(?:guitar |sax |piano |drum )?solo", "solo"),
    (r"interlude", "interlude"),
    (r"instrumental(?: break)?", "instrumental"),
    (r"outro|ending|coda|finale?", "outro"),
)
"""Regular expressions for the words that name a section, the most particular first."""


def section_kind(text: str) -> str | None:
    """Find the first kind of section that `text` names, or None."""
    found: list[tuple[int, int, str]] = []
    for order, (pattern, kind) in enumerate(SECTION_WORDS):
        match = re.search(rf"\b(?:{pattern})\b", text)
        if match:
            found.append((match.start(), order, kind))
    return min(found)[2] if found else None


QUIETER = (
    r"\b(quiet|soft|gentle|minimal|sparse|stripped|calm|fad(?:e|es|ing)|only|just|solo|light|alone"
    r"|(?:drops|falls|thins) (?:away|out))\b"
)
LOUDER = (
    r"\b(powerful|everything|explo\w*|full|climax\w*|epic|big|loud|drop|peak\w*|energ\w*|huge"
    r"|massive|anthemic)\b"
)
"""Words in a section's description that lower or raise its intensity."""
