"""What the studio offers to write, the sandbox's composer understands."""

from __future__ import annotations

import pytest

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.parse import ParsedPrompt, read
from lyria_sandbox.composer.plan import make_plan
from lyria_studio.prompts import Template, all_templates
from lyria_studio.prompts.genre_defaults import GENRES
from lyria_studio.prompts.vocabulary import (
    INSTRUMENTS,
    MOOD_WORDS,
    MOODS,
    SECTION_NAMES,
    TEMPOS,
    VOICES,
)

pytestmark = pytest.mark.slow

by_id = pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.id)
SUNG = ("Vocals:", "Lyrics:")


def order(template: Template) -> Order:
    return Order(template.model, template.prompt, template.negative_prompt, seed=1)


def read_words(prompt: str) -> ParsedPrompt:
    return read(Order("lyria-3", prompt))


@by_id
def test_every_template_is_understood(template: Template) -> None:
    found = read(order(template))
    assert found.genre is not None
    assert found.tempo_bpm or found.tempo_factor != 1.0
    assert found.moods
    assert found.instruments or found.ensemble
    assert ("Key:" in template.prompt) == (found.key.tonic is not None)
    voices = all(label in template.prompt for label in SUNG)
    assert voices == bool(any(section.lyrics for section in found.sections))


@by_id
def test_every_template_becomes_a_plan_of_its_length(template: Template) -> None:
    found = read(order(template))
    plan = make_plan(order(template), found)
    lengths = {"lyria-2": (32.8, 32.8), "lyria-3": (26.0, 32.5), "lyria-3-pro": (60.0, 180.0)}
    shortest, longest = lengths[template.model]
    assert shortest <= plan.duration_s <= longest
    asked = [section.start_s for section in found.sections if section.start_s is not None]
    beat_s = 60 / min(plan.tempo_map.bpm)
    for section, start in zip(plan.sections, asked, strict=False):
        assert abs(plan.tempo_map.seconds(section.start_beat) - start) < beat_s


@pytest.mark.parametrize("name", [n for g in GENRES for n in (g.name, *g.aliases)])
def test_every_genre_of_the_builder_is_known(name: str) -> None:
    assert read_words(f"Genre: {name}\nStyle: 1980s Japanese").genre == read_words(name).genre
    assert read_words(name).genre is not None


@pytest.mark.parametrize("word", sorted({*MOODS, *MOOD_WORDS}))
def test_every_mood_of_the_builder_does_something(word: str) -> None:
    found = read_words(f"a {word} piece")
    known = found.moods or found.genre or found.effects or found.tempo_factor != 1.0
    assert known, word
    assert found.not_understood == ()


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_instrument_of_the_builder_is_known(name: str) -> None:
    found = read_words(f"music with {name}")
    assert found.instruments or found.ensemble or found.voice
    assert found.not_understood in ((), ("plucked",), ("square-wave",), ("chops",), ("analog",))


def test_every_voice_section_and_tempo_of_the_builder_is_known() -> None:
    assert all(read_words(f"Vocals: {voice}").voice or "choir" in voice for voice in VOICES)
    for name in SECTION_NAMES:
        assert len(read_words(f"rock\n[{name}]\n[Outro]").sections) == 2, name
    tempos = [read_words(f"pop, {tempo.word}") for tempo in TEMPOS]
    speeds = [
        make_plan(Order("lyria-3", "pop", seed=1), found).tempo_bpm
        for found in tempos
    ]  # fmt: skip
    assert speeds == sorted(speeds)
