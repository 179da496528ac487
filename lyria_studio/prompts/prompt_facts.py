"""What a prompt contains, as far as the tips need to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from lyria_core import MODELS, Model
from lyria_studio.prompts.advice import Fields
from lyria_studio.prompts.artist_names import Name, find_names
from lyria_studio.prompts.blueprint import Blueprint
from lyria_studio.prompts.genre_defaults import Genre, genre_in
from lyria_studio.prompts.reading import read_prompt
from lyria_studio.prompts.sources import FUNCTION_WORDS, OTHER_LANGUAGES, OTHER_SCRIPTS
from lyria_studio.prompts.tokens import tokens
from lyria_studio.prompts.vocabulary import (
    INSTRUMENT_WORDS,
    INSTRUMENTS,
    ITALIAN_TEMPOS,
    MOOD_WORDS,
    MOODS,
)

NO_VOCALS_PHRASE = re.compile(
    r"\b(?:no|without(?: any)?|zero) (?:lead |backing )?"
    r"(?:vocals?|voices?|singing|singers?|lyrics|words)\b",
    re.IGNORECASE,
)
_INSTRUMENTAL = re.compile(
    r"\binstrumentals?\b(?! (?:break|section|bridge|solo|interlude|intro|outro|part|hook))",
    re.IGNORECASE,
)
_VOICE = re.compile(
    r"\b(?:vocals?|vocalists?|voices?|singers?|sings?|singing|sung|rapp?(?:er|ers|ing|s)?|lyrics"
    r"|a ?cappella|crooners?|humming|choirs?)\b",
    re.IGNORECASE,
)
_TEMPO = re.compile(
    r"\bbpm\b|\d ?bpm\b|\bbeats per minute\b|\btempo\b|\b(?:slow|fast|quick|upbeat|up-tempo|uptempo"
    r"|downtempo|mid-tempo|midtempo|leisurely|brisk|frantic|half-time|double-time"
    rf"|{'|'.join(tempo.word for tempo in ITALIAN_TEMPOS)})(?:er|ly|-paced)?\b",
    re.IGNORECASE,
)
_ELSEWHERE = "|".join(OTHER_LANGUAGES)
_OTHER_LANGUAGE = re.compile(
    r"\b(?:sung|sings?|singing|lyrics|vocals?|voices?|words|rap|rapping|language)\b"
    rf"[^.\n]{{0,20}}?(?: in |: ?)(?P<behind>{_ELSEWHERE})\b"
    r"(?! (?:style|pop|jazz|music|rhythms?|disco|folk|accent|flavou?r))"
    rf"|\b(?P<before>{_ELSEWHERE})(?:-language)? "
    r"(?:lyrics|vocals?|voices?|singers?|singing|language|words|rap)\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r",? ?\b(?:with )?(?:no|without)(?: any)? (?P<what>[^\W\d_]+(?: [^\W\d_]+)?)", re.IGNORECASE
)
_LATIN_END = 0x370  # code points up to here are Latin letters and signs
_ENOUGH_LETTERS = 6
_ENOUGH_WORDS = 4
_MOOD_WORDS = frozenset(word for mood in MOODS for word in mood.split()) | MOOD_WORDS


class PromptFacts:
    """The fields of the form and what was found in them, each computed once on demand."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields

    @cached_property
    def model(self) -> Model:
        """The chosen model."""
        return MODELS[self.fields.model_id]

    @cached_property
    def blueprint(self) -> Blueprint:
        """The prompt, read into the form."""
        return read_prompt(self.fields.prompt)

    @cached_property
    def lyrics(self) -> str:
        """All words that are to be sung."""
        return "\n".join(s.lyrics for s in self.blueprint.sections if s.lyrics)

    @cached_property
    def whole(self) -> str:
        """The description of the piece as a whole."""
        b = self.blueprint
        parts = [b.genre, b.era_or_region, *b.moods, *b.instruments, b.key, b.voice or "", b.extra]
        labelled = {"tempo": f"{b.tempo or ''}", "language": b.language}
        parts += [f"{label}: {value}" for label, value in labelled.items() if value]
        return "\n".join(part for part in parts if part)

    @cached_property
    def described(self) -> str:
        """The descriptions of the whole and of its sections, without the lyrics."""
        return "\n".join([self.whole, *(s.what for s in self.blueprint.sections if s.what)])

    @cached_property
    def wanted(self) -> str:
        """The description without the instruments that it refuses."""
        parts, reached = [], 0
        for start, end, _ in negated_instruments(self.described):
            parts.append(self.described[reached:start])
            reached = end
        return " ".join([*parts, self.described[reached:]])

    @cached_property
    def english(self) -> bool:
        """Whether the description is in English, or too short to tell."""
        text = self.described
        if sum(sign.isalpha() and ord(sign) >= _LATIN_END for sign in text) >= _ENOUGH_LETTERS:
            return False
        words = [token.text.lower() for token in tokens(text)]
        counts = {
            language: sum(word in known for word in words)
            for language, known in FUNCTION_WORDS.items()
        }
        most = max(counts, key=lambda language: counts[language])
        return most == "English" or counts[most] < _ENOUGH_WORDS

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of what is wanted, folded; with hyphens also as one: "hi-hat"."""
        chains = re.findall(r"[^\W_]+(?:-[^\W_]+)*", self.wanted.lower())
        return frozenset(token.base for token in tokens(self.wanted)) | frozenset(chains)

    @cached_property
    def names(self) -> list[Name]:
        """Artists and songs, in the description and in the lyrics."""
        return find_names(self.fields.prompt)

    @cached_property
    def genre(self) -> Genre | None:
        """The genre that is named first."""
        return genre_in(self.whole)

    @property
    def tempo(self) -> bool:
        """Whether a tempo is named."""
        return self.blueprint.tempo is not None or bool(_TEMPO.search(self.described))

    @property
    def mood(self) -> bool:
        """Whether a mood is named."""
        return bool(self.blueprint.moods) or not self.words.isdisjoint(_MOOD_WORDS)

    @property
    def instruments(self) -> bool:
        """Whether an instrument is named."""
        if self.blueprint.instruments or not self.words.isdisjoint(INSTRUMENT_WORDS):
            return True
        wanted = self.wanted.lower()
        return any(name in wanted for name in INSTRUMENTS)

    @property
    def instrumental(self) -> bool:
        """Whether the piece is to have no voice."""
        whole = self.whole
        return bool(_INSTRUMENTAL.search(whole) or NO_VOCALS_PHRASE.search(whole))

    @cached_property
    def voice(self) -> bool:
        """Whether a voice is asked for, in words that do not refuse one."""
        wanted = NO_VOCALS_PHRASE.sub(" ", self.described)
        named = self.blueprint.voice is not None and not self.blueprint.instrumental
        return named or bool(self.lyrics) or bool(_VOICE.search(wanted))

    @cached_property
    def other_language(self) -> str:
        """A language that Lyria does not sing and that is asked for, or an empty text."""
        found = _OTHER_LANGUAGE.search(self.whole)
        return (found["behind"] or found["before"]) if found else ""


def _instrument_words(phrase: str) -> int:
    """Return the number of words up to and with the instrument of a phrase; 0 without one."""
    for count, word in enumerate(phrase.split(" "), start=1):
        if word.lower() in INSTRUMENT_WORDS:
            return count
    return 0


def negated_instruments(text: str) -> Iterator[tuple[int, int, str]]:
    """Return start, end and instrument of "no drums" or "without bass guitar" in a text."""
    for found in _WITHOUT.finditer(text):
        count = _instrument_words(found["what"])
        if count:
            what = " ".join(found["what"].split(" ")[:count])
            yield found.start(), found.start("what") + len(what), what


def other_script(text: str) -> str:
    """Return the script of a text if Lyria cannot sing what is written in it."""
    if text.isascii():
        return ""
    counts = dict.fromkeys(OTHER_SCRIPTS, 0)
    han = others = 0
    for sign in text:
        code = ord(sign)
        if code < _LATIN_END:
            continue
        han += 0x4E00 <= code <= 0x9FFF
        others += 0x3040 <= code <= 0x30FF or 0xAC00 <= code <= 0xD7AF
        for script, (first, last) in OTHER_SCRIPTS.items():
            counts[script] += first <= code <= last
    if not others:
        counts["Chinese"] = han  # Japanese mixes in kana, Korean is written in its own letters
    most = max(counts, key=lambda script: counts[script])
    return most if counts[most] >= _ENOUGH_LETTERS else ""
