"""Syllables of lyrics."""

import re

_VOWELS = "aeiouyáéíóúäöüàèìòùâêîôûãõåæøœ"
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0903\u093a-\u094f'])*")
_WIDE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_DEVANAGARI_SYLLABLE = re.compile(r"[\u0904-\u0939](?!\u094d)")
_SILENT_END = re.compile(r"[^aeiouyl]e$|[aeiouy][^aeiouytd]+ed$|[aeiouy][^aeiouysxzcg]+es$")
_TWO_VOWELS = re.compile(r"(?<![tscgx])io|eo(?!u)|(?<![tc])ia(?!ge)|(?<![qg])ua|[uey]i(?=ng)")
_SHORTENED = {
    "different": 2,
    "evening": 2,
    "every": 2,
    "everybody": 4,
    "everyone": 3,
    "everything": 3,
    "heaven": 2,
    "people": 2,
}
_FOREIGN = """
amore auf avec che com dans das dein der di die du ein el elle et ich il je la las les los
mein meu mi minha nicht non não o per que sono tu una und você wir
"""
_OTHER_LANGUAGES = frozenset(_FOREIGN.split())


def syllables(word: str, *, english: bool = True) -> int:
    """Estimate the syllables of a word: groups of vowels, without a silent final e in English.

    Japanese kana, Chinese characters and Korean blocks count as a syllable each; in Devanagari the
    consonants that carry a vowel and the independent vowels do.
    """
    if _WIDE.search(word):
        return len(_WIDE.findall(word))
    devanagari = _DEVANAGARI_SYLLABLE.findall(word)
    if devanagari:
        return len(devanagari)
    lower = word.lower()
    groups = len(re.findall(rf"[{_VOWELS}]+", lower))
    if english:
        if lower in _SHORTENED:
            return _SHORTENED[lower]
        groups += len(_TWO_VOWELS.findall(lower))
        if groups > 1 and _SILENT_END.search(lower):
            groups -= 1
    return max(1, groups)


def words_of(line: str) -> list[str]:
    """Split a line of lyrics into words."""
    return _WORD.findall(line)


def line_syllables(line: str) -> int:
    """Estimate the syllables of a line."""
    words = words_of(line)
    english = line.isascii() and not _OTHER_LANGUAGES.intersection(w.lower() for w in words)
    return sum(syllables(word, english=english) for word in words)


_SUNG_AS = (
    # English spellings whose sound is not that of their first letter.
    (r"igh|uy", "a"),
    (r"ee|ea|ie$|y$", "i"),
    (r"oo|ou|ew|ue", "u"),
    (r"ai|ay|ey", "e"),
    (r"ow|oa", "o"),
)
_LETTER_VOWELS = str.maketrans("áàâãäåæéèêíìîóòôõöøœúùûüy", "aaaaaaaeeeiiiooooooouuuui")


def line_vowels(line: str) -> str:
    """Estimate the vowel, one of "aeiou", that each syllable of a line is sung on.

    Returns:
        A letter for every syllable that `line_syllables` counts.
    """
    words = words_of(line)
    english = line.isascii() and not _OTHER_LANGUAGES.intersection(w.lower() for w in words)
    sung = ""
    for word in words:
        lower = word.lower()
        found = re.finditer(rf"[{_VOWELS}]+", lower)
        # Two letters more tell "igh" from "i".
        groups = [lower[match.start() : match.end() + 2] for match in found] or ["a"]
        count = syllables(word, english=english)
        sung += "".join(_vowel(groups[min(i, len(groups) - 1)], english) for i in range(count))
    return sung


def _vowel(group: str, english: bool) -> str:
    if english:
        for spelling, vowel in _SUNG_AS:
            if re.match(spelling, group):
                return vowel
    letter = group[0].translate(_LETTER_VOWELS)
    return letter if letter in "aeiou" else "a"
