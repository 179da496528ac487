"""Ensembles that a prompt may name: who plays in them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Ensemble:
    """A fixed group of players.

    Attributes:
        name: As said to people.
        pattern: Regular expression of its names.
        patches: Patch of each role; roles that are missing are silent.
        in_jazz: The ensemble that its name means in jazz, or "".
    """

    name: str
    pattern: str
    patches: Mapping[str, str]
    in_jazz: str = ""


ENSEMBLES: tuple[Ensemble, ...] = (
    Ensemble(
        "string quartet",
        r"\bstring (?:quartet|quintet|trio)\b",
        {"lead": "violin", "counter": "violin", "bass": "cello", "comp": "pizz", "pad": "slowstr"},
    ),
    Ensemble(
        "string orchestra",
        r"\bstring orchestra\b",
        {"lead": "violin", "comp": "strings", "arp": "spicc", "bass": "cello", "pad": "slowstr"},
    ),
    Ensemble(
        "brass band",
        r"\bbrass (?:band|quintet|ensemble|quartet)\b",
        {"lead": "trumpet", "counter": "horn", "comp": "brass", "bass": "trombone"},
    ),
    Ensemble(
        "woodwind quintet",
        r"\bwood-?wind (?:quintet|quartet|trio|ensemble)\b",
        {"lead": "flute", "counter": "oboe", "arp": "clarinet", "pad": "horn", "bass": "cello"},
    ),
    Ensemble(
        "jazz trio",
        r"\bjazz (?:piano |guitar )?trio\b",
        {"lead": "piano", "comp": "piano", "bass": "abass", "drums": "kit_jazz"},
    ),
    Ensemble(
        "piano trio",
        r"\bpiano trio\b",
        {"lead": "violin", "comp": "piano", "bass": "cello"},
        in_jazz="jazz trio",
    ),
    Ensemble(
        "jazz combo",
        r"\bjazz (?:quartet|quintet|combo|band)\b",
        {"lead": "tsax", "comp": "piano", "bass": "abass", "drums": "kit_jazz"},
    ),
    Ensemble(
        "power trio",
        r"\b(?:power trio|rock (?:trio|band))\b",
        {"lead": "overdrive", "comp": "overdrive", "bass": "pbass", "drums": "kit_power"},
    ),
    Ensemble(
        "choir a cappella",
        r"\ba ?capp?ell?a\b",
        {"lead": "oohs", "comp": "choir", "bass": "choir"},
    ),
)
"""The more particular names come first."""

COMPANIONS: Mapping[str, Mapping[str, str]] = {
    "strings": {"lead": "violin", "bass": "cello", "arp": "spicc"},
    "slowstr": {"lead": "violin", "bass": "cello"},
    "spicc": {"lead": "violin", "bass": "cello"},
    "brass": {"lead": "trumpet", "bass": "trombone"},
    "choir": {"lead": "oohs", "bass": "choir"},
    "warmpad": {"lead": "lead", "bass": "sub", "arp": "pluck"},
    "pluck": {"lead": "lead", "bass": "sub"},
    "saw": {"lead": "lead", "bass": "sub"},
}
"""Who plays melody and bass when a section of an orchestra is to play alone."""
