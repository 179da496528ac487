"""Syllables of lyrics."""

import re

_VOWELS = "aeiouyáéíóúäöüàèìòùâêîôûãõåæøœ"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_WIDE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")


def syllables(word: str) -> int:
    """Estimate the syllables of a word: groups of vowels, without a silent final e.

    Japanese kana, Chinese characters and Korean blocks count as a syllable each; in Devanagari the
    consonants and independent vowels do.
    """
    if _WIDE.search(word):
        return len(_WIDE.findall(word))
    if _DEVANAGARI.search(word):
        return max(1, len(re.findall(r"[\u0904-\u0939]", word)))
    lower = word.lower()
    groups = len(re.findall(rf"[{_VOWELS}]+", lower))
    silent = re.search(r"[^aeiouyl]e$|[aeiouy][^aeiouy]+es?$|[^td]ed$", lower)
    if groups > 1 and silent and not lower.endswith("le"):
        groups -= 1
    return max(1, groups)


def words_of(line: str) -> list[str]:
    """Split a line of lyrics into words."""
    return _WORD.findall(line)


def line_syllables(line: str) -> int:
    """Estimate the syllables of a line."""
    return sum(syllables(word) for word in words_of(line))
