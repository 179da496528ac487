"""The word lists of the languages: what people write, and English that the tables know."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

_SCRIPTS: Mapping[str, str] = {
    "cyrillic": "\u0400-\u04ff",
    "devanagari": "\u0900-\u097f",
    "hangul": "\uac00-\ud7af",
    "kana": "\u3040-\u30ff",
    "han": "\u4e00-\u9fff",
}
"""Letters of the scripts, as ranges of a regular expression."""

_FOLDED = str.maketrans("áàâãäåéèêëíìîïóòôõöúùûüçñ", "aaaaaaeeeeiiiiooooouuuucn")
AFTER = "\x01"
"""Stands before an English word that applies to what it follows, as the Japanese "nashi" does."""


NUMBER = "\x02"
"""Stands before words that mean something only in front of a number: "from", "to"."""


@dataclass(frozen=True)
class Lexicon:
    """The words of a language.

    Attributes:
        language: Its code, as "de".
        script: "latin", or a key of the other scripts.
        marks: Words that tell the language, for those in Latin letters.
        lyrics: Words before the colon that introduces lyrics.
        pattern: Matches a key or a term; the number of the group tells which.
        meanings: English of every group.
        keys: Matches a key, with groups for tonic, accidental and mode.
        tonics: Tonics as the English name them.
        modes: Modes as the English name them.
        accidentals: "#" or "b" for the words of accidentals.
        sections: Words that name a section, with its English name.
        comparisons: Match what is said before the second of two things, with a group "wanted" for
            the first: "plutôt rock que".
    """

    language: str
    script: str
    marks: frozenset[str]
    lyrics: tuple[str, ...]
    pattern: re.Pattern[str]
    meanings: tuple[str, ...]
    keys: re.Pattern[str]
    tonics: Mapping[str, str]
    modes: Mapping[str, str]
    accidentals: Mapping[str, str]
    sections: Mapping[str, str]
    comparisons: tuple[re.Pattern[str], ...]

    def key(self, text: str) -> str:
        """Translate a key, as "cis-Moll" to "C# minor"."""
        match = self.keys.fullmatch(text)
        if match is None:
            return text
        tonic = self.tonics[match["tonic"]]
        sign = self.accidentals.get(match["before"] or "", "")
        sign = sign or self.accidentals.get(match["after"] or "", "")
        return f"{tonic}{sign} {self.modes[match['mode']]}"


SECTION_NAMES = frozenset(
    {"intro", "verse", "pre-chorus", "chorus", "bridge", "interlude", "outro"}
)


def fold(text: str) -> str:
    """Return a text of the same length in lower case, its accents left out."""
    lower = text.lower()
    return (lower if len(lower) == len(text) else text).translate(_FOLDED)


def letters_of(script: str) -> str:
    """Return the letters of a script as a range of a regular expression."""
    return _SCRIPTS[script]


@cache
def lexicons() -> tuple[Lexicon, ...]:
    """Read the word lists of all languages but English, which the tables themselves know."""
    folder = resources.files("lyria_sandbox.composer.tables") / "words"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return tuple(
        _lexicon(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))
        for file in files
        if file.name.endswith(".toml")
    )


def _lexicon(language: str, data: Mapping[str, dict[str, list[str]]]) -> Lexicon:
    script = str(data["script"])
    terms: list[tuple[str, str]] = []
    for mark, table in (("", "terms"), (AFTER, "after"), (NUMBER, "numbers")):
        for english, words in data.get(table, {}).items():
            terms += [(word, mark + english) for word in words]
    # Of two words that begin alike the longer is meant.
    terms.sort(key=lambda term: (-len(term[0].replace("*", "")), not term[1].startswith(NUMBER)))
    keys = _key_pattern(data["keys"], script)
    # Written once in front of all words, it spares the search the inside of words.
    edge = r"(?<!\w)(?=\w)" if script in ("latin", "cyrillic") else ""
    groups = [f"({_word(word, script, english)})" for word, english in terms]
    return Lexicon(
        language=language,
        script=script,
        marks=frozenset(fold(word) for word in data.get("marks", [])),
        lyrics=tuple(data["lyrics"]),
        pattern=re.compile(f"{edge}(?:{'|'.join([f'({_anonymous(keys)})', *groups])})"),
        meanings=("", *(english.removeprefix(NUMBER) for _, english in terms)),
        keys=re.compile(keys),
        tonics={fold(word): english for word, english in _pairs(data["keys"]["tonics"])},
        modes={fold(word): english for word, english in _pairs(data["keys"]["modes"])},
        accidentals=dict(_accidentals(data["keys"])),
        sections={fold(word): english for word, english in terms if english in SECTION_NAMES},
        comparisons=tuple(map(_comparison, data.get("comparisons", []))),
    )


def _comparison(words: str) -> re.Pattern[str]:
    """Write the regular expression of "plutôt … que", the dots standing for what is wanted."""
    before, after = (re.escape(fold(part.strip())) for part in words.split("…"))
    return re.compile(rf"(?<!\w){before}\s+(?P<wanted>[\w' -]{{2,30}}?),?\s+{after}(?!\w)")


def _pairs(table: object) -> list[tuple[str, str]]:
    return list(table.items()) if isinstance(table, dict) else []


def _accidentals(keys: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for sign, name in (("#", "sharps"), ("b", "flats")):
        for word in [*keys.get(name, []), *keys.get(f"{name}_before", [])]:
            yield fold(word), sign
        yield sign, sign


def _word(word: str, script: str, english: str) -> str:
    """Write the regular expression of a word, a * standing for any ending."""
    if english.startswith(NUMBER):
        after_number = r"(?<=[\d\sm])" if english == f"{NUMBER}to" else ""
        return rf"{after_number}{re.escape(fold(word))}(?=\s*\d)"
    if script == "devanagari":
        letters = letters_of(script)
        body = re.escape(word).replace(r"\*", f"[{letters}]*").replace(r"\ ", r"\s+")
        return f"(?<![{letters}]){body}(?![{letters}])"
    body = re.escape(fold(word)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    if english == f"{AFTER}rather than" and script == "kana":
        # It follows a noun; elsewhere it means "more".
        return rf"(?<=[\u30a0-\u30ff\u4e00-\u9fff]){body}"
    if script in ("latin", "cyrillic"):
        return rf"{body}(?!\w)" if fold(word)[-1].isalnum() or "*" in word else body
    if script == "hangul" and len(word) == 1 and english:
        # A noun of one syllable begins a word; within one it is a part of something else.
        return rf"(?<![{letters_of(script)}]){body}"
    return body


def _key_pattern(keys: Mapping[str, list[str]], script: str) -> str:
    def choice(words: list[str]) -> str:
        return "|".join(sorted((re.escape(fold(word)) for word in words), key=len, reverse=True))

    tonics, modes = choice(list(keys["tonics"])), choice(list(keys["modes"]))
    before = choice([*keys.get("sharps_before", []), *keys.get("flats_before", [])])
    after = choice([*keys.get("sharps", []), *keys.get("flats", []), "#", "b"])
    spaced = script in ("latin", "cyrillic", "devanagari")
    # The vowel signs of Devanagari are no letters to the engine of regular expressions.
    letters = r"\w" + (letters_of(script) if script == "devanagari" else "")
    edge, end = (f"(?<![{letters}])", f"(?![{letters}])") if spaced else ("", "")
    gap = r"[\s-]*"
    return (
        rf"{edge}(?P<before>{before or '(?!)'})?(?P<tonic>{tonics})"
        rf"(?:{gap}(?P<after>{after}))?{gap}(?P<mode>{modes}){end}"
    )


def _anonymous(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)
