"""Ensembles, the voice, and who plays alone."""

import re

from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.tables.ensembles import ENSEMBLES, Ensemble
from lyria_sandbox.composer.tables.genre import Genre

_INSTRUMENTAL = (
    r"\binstrumentals?(?:[- ](?:only|track|version|music|piece))?\b(?! (?:break|section))"
    r"|\bno (?:singing|lyrics|words|singers?|vocalists?)\b|\bwordless instrumental\b"
    r"|\b(?:nobody|no[ -]?one|no one) (?:is |should |must |to )?(?:sing|sings|singing)\b"
    r"|\bwithout (?:a |any )?(?:singer|singing)s?\b|\b(?:don'?t|do not) sing\b"
)
_ALONE = (
    r"\b(?:only(?! (?:instr\w*|in|at|during|for|after)\b)|just|unaccompanied"
    r"|a ?capp?ell?a|duo|duet|trio|quartet|quintet)\b"
    r"|(?<!guitar )(?<!sax )(?<!drum )(?<!bass )(?<!violin )(?<!piano )\bsolo\b(?= \w)"
    r"|\bpiano solo\b|\bno (?:(?:other|more|further|additional) )?instruments?\b|\bnothing else\b"
)
_LOW_VOICE = r"\b(?:male|man|men|baritone|bass-baritone|tenor(?! sax)|deep voice|crooner)\b"


def read_ensemble(reader: Reader, genre: Genre | None) -> Ensemble | None:
    """Read an ensemble, and take its name out of the text: its words name no instruments."""
    for ensemble in ENSEMBLES:
        if not reader.take(ensemble.pattern):
            continue
        if ensemble.in_jazz and genre and genre.family == "jazz":
            return next(other for other in ENSEMBLES if other.name == ensemble.in_jazz)
        return ensemble
    return None


def read_instrumental(reader: Reader) -> bool:
    """Return whether the prompt wants no voice, and take the words that say so out of the text."""
    found = False
    while reader.take(_INSTRUMENTAL):
        found = True
    return found


def sings_alone(ensemble: Ensemble | None) -> bool:
    """Return whether an ensemble is one of voices."""
    return ensemble is not None and ensemble.patches.get("comp") == "choir"


def read_alone(reader: Reader) -> bool:
    """Return whether the named instruments are to play alone."""
    alone = bool(reader.find(_ALONE))
    while reader.take(
        r"\b(?:no|without) (?:(?:any|other|more|further|additional) )*instruments?\b"
    ):
        alone = True
    return alone


def says_solo(reader: Reader) -> bool:
    """Return whether anything is played solo."""
    return re.search(r"\bsolo\b", reader.text) is not None


def read_low_voice(reader: Reader) -> bool:
    """Return whether the voice asked for is a low one."""
    return reader.find(_LOW_VOICE) is not None
