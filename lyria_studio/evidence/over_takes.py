"""The verdict over takes: about the prompts where they carry it, else about the recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lyria_studio.evidence import sentences
from lyria_studio.evidence.findings import OverTakes, Preference
from lyria_studio.evidence.takes import TakeVote, takes_heard, takes_level, takes_p_value


def over_takes(found: Preference, votes: Sequence[TakeVote]) -> OverTakes:
    """Judge whether a preference holds for new takes of the two prompts.

    A winner of the prompts is preferred by the listeners (`found.winner`), and its lead is larger
    than the takes that were heard could have by chance.

    Args:
        found: the votes of the pair, each listener once.
        votes: the same votes with their takes, repeated ones of a listener included.
    """
    p_value = takes_p_value(votes)
    holds = p_value is not None and p_value <= takes_level(found.stage)
    verdict = OverTakes(found, takes_heard(votes), p_value, found.winner if holds else None)
    return replace(
        verdict,
        headline=sentences.takes_headline(verdict),
        sentence=sentences.takes_sentence(verdict),
    )
