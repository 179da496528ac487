"""Forms as people fill them, for property tests of prompts."""

import re

from hypothesis import strategies as st

from lyria_studio.prompts import INSTRUMENTAL, Blueprint, Section
from lyria_studio.prompts.grammar import LABEL, NO_VOCALS_SAID
from lyria_studio.prompts.reading import is_lyrics_heading, lines_of, section_head
from lyria_studio.prompts.vocabulary import GENRES, INSTRUMENTS, KEYS, LANGUAGES, MOODS, VOICES

SIGNS = (
    "Genre",
    "Mood:",
    "Tempo: 90 BPM",
    "Lyrics:",
    "[0:00 - 0:10]",
    "Instrumental only, no vocals.",
    "Verse",
    "[Chorus: big]",
    "until",
    "R.E.M.",
    "piano",
)
any_text = st.one_of(
    st.text(max_size=30),
    # Texts made of the signs of the grammar, where mistakes would hide.
    st.lists(
        st.sampled_from([*"[]():,.;|-*0159 \n\t", *SIGNS]),
        max_size=12,
    ).map("".join),
)


def of(words: tuple[str, ...] | list[str]) -> st.SearchStrategy[str]:
    """A word that the form offers, or anything typed."""
    return st.one_of(st.sampled_from(list(words)), any_text)


def is_plain(line: str) -> bool:
    """Whether a line has no sign that means something to the form."""
    return not (
        section_head(line)
        or len(lines_of(line)) > 1
        or LABEL.match(line)
        or NO_VOCALS_SAID.fullmatch(line.strip())
        or is_lyrics_heading(line)
    )


free_lines = any_text.map(
    lambda text: "\n".join(line for line in text.splitlines() if is_plain(line))
)
"""Text on any number of lines that is read as nothing but text."""

times = st.one_of(st.none(), st.integers(0, 200), st.floats(0, 5000))
sections = st.builds(
    Section,
    name=st.one_of(st.sampled_from(["Intro", "Verse 1", "Chorus"]), any_text),
    start_s=times,
    end_s=times,
    what=any_text,
    lyrics=free_lines,
)
blueprints = st.builds(
    Blueprint,
    genre=of([genre.name for genre in GENRES]),
    era_or_region=any_text,
    moods=st.lists(of(MOODS), max_size=4).map(tuple),
    instruments=st.lists(of(INSTRUMENTS), max_size=4).map(tuple),
    tempo=st.one_of(st.none(), st.integers(1, 400), st.sampled_from(["slow", "96 bpm"]), any_text),
    key=of(KEYS),
    voice=st.one_of(st.none(), st.just(INSTRUMENTAL), of(VOICES)),
    language=of([language.name for language in LANGUAGES]),
    sections=st.lists(sections, max_size=4).map(tuple),
    extra=free_lines,
)
"""Whatever can be typed into the Build form."""


def texts(blueprint: Blueprint) -> str:
    """Everything that was typed into a form."""
    sections = [text for s in blueprint.sections for text in (s.name, s.what, s.lyrics)]
    return "\n".join(
        [
            blueprint.genre,
            blueprint.era_or_region,
            *blueprint.moods,
            *blueprint.instruments,
            str(blueprint.tempo or ""),
            blueprint.key,
            blueprint.voice or "",
            blueprint.language,
            *sections,
            blueprint.extra,
        ]
    )


def words(text: str) -> set[str]:
    """The words of a text, in lower case."""
    return set(re.findall(r"[^\W_]+", text.lower()))
