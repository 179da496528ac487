"""Negative prompts: a list of nouns, not a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lyria_studio.prompts.tokens import Token, tokens

_SENTENCE_WORDS = """
no not without dont never avoid avoiding exclude excluding remove please cant cannot shouldnt
mustnt ohne kein keine sin sans sem
"""
_OF_A_SENTENCE = frozenset(_SENTENCE_WORDS.split())
"""Words of a sentence that asks for something to be left out."""

_BETWEEN = _OF_A_SENTENCE | {"and", "or", "nor"}

_BEFORE_WORDS = """
any the a an i we do use using add include including have having with there be is are it make
out of all kind kinds sort sorts to hear put let play also absolutely want like should must leave
skip
"""
_BEFORE = frozenset(_BEFORE_WORDS.split())

_AFTER_WORDS = """
at all thanks thank you whatsoever anywhere in it the this song track music piece be heard used
present allowed either ever
"""
_AFTER = frozenset(_AFTER_WORDS.split())

_PUNCTUATION = re.compile(r"[,;:.!?\n]")
_PAIRS = frozenset({("drum", "bass"), ("rock", "roll"), ("rhythm", "blues"), ("call", "response")})
"""Nouns that an "and" does not part."""


def is_sentence(negative_prompt: str) -> bool:
    """Return whether a negative prompt says "no" or "please", where a list of nouns is read."""
    return any(token.folded in _OF_A_SENTENCE for token in tokens(negative_prompt))


def nouns(negative_prompt: str) -> str:
    """Return what to leave out, as a list: "no drums or vocals, please" gives "drums, vocals"."""
    found = (_core(run, negative_prompt) for run in _runs(negative_prompt))
    return ", ".join(dict.fromkeys(noun for noun in found if noun))


def _runs(text: str) -> Iterator[list[Token]]:
    """Return the phrases of a text, split at punctuation and at joining words."""
    words = tokens(text)
    run: list[Token] = []
    for index, word in enumerate(words):
        if run and _PUNCTUATION.search(text, run[-1].end, word.start):
            yield run
            run = []
        neighbours = words[max(0, index - 1) : index + 2]
        is_pair = len(neighbours) == 3 and (neighbours[0].folded, neighbours[2].folded) in _PAIRS
        if word.folded in _BETWEEN and not (word.folded == "and" and is_pair):
            yield run
            run = []
        else:
            run.append(word)
    yield run


def _core(run: list[Token], text: str) -> str:
    first, last = 0, len(run)
    while first < last and run[first].folded in _BEFORE:
        first += 1
    while last > first and run[last - 1].folded in _AFTER:
        last -= 1
    return text[run[first].start : run[last - 1].end] if first < last else ""
