"""Takes of one prompt differ as a band's takes do, and forms fit genres."""

from collections import Counter

import numpy as np
import pytest
from support.listen import Recording

from lyria_sandbox.composer import Order, render
from lyria_sandbox.composer.compose import compose
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.plan import Plan, make_plan
from lyria_sandbox.composer.score import Score
from lyria_sandbox.composer.sound.kit import load_kit
from lyria_sandbox.composer.sound.synths import SYNTHS
from lyria_sandbox.composer.tables.forms import FORMS
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.line_ups import CHAIRS, GUESTS, SIGNATURES
from lyria_sandbox.composer.tables.patches import PATCH_ALIASES
from lyria_sandbox.composer.tables.sections import SECTIONS

SEEDS = range(20)
FULL_BAND = [
    "lo-fi hip hop, 80 BPM",
    "pop, 118 BPM",
    "house, 124 BPM",
    "rock, 132 BPM",
    "trap, 140 BPM",
    "funk, 110 BPM",
]


def written(prompt: str, seed: int, model: str = "lyria-3") -> tuple[Plan, Score]:
    order = Order(model, prompt, seed=seed)
    plan = make_plan(order, read(order))
    return plan, compose(plan)


def players(score: Score) -> frozenset[tuple[str, str]]:
    return frozenset((part.role, part.patch) for part in score.parts if part.role != "effects")


@pytest.mark.parametrize("genre", sorted(GENRES))
def test_twenty_takes_have_several_line_ups_and_forms(genre: str) -> None:
    takes = [written(f"{genre}, C major, instrumental", seed) for seed in SEEDS]
    forms = {tuple(section.kind for section in plan.sections) for plan, _ in takes}
    assert len(forms) >= 3
    if genre not in {"flamenco", "chiptune", "classical"}:
        assert len({players(score) for _, score in takes}) >= 4


@pytest.mark.parametrize("model", ["lyria-3", "lyria-3-pro"])
def test_the_seed_alone_chooses_band_and_form(model: str) -> None:
    for seed in SEEDS:
        one, other = (
            written(f"house, {bpm} BPM, {key}, {word}", seed, model)[0]
            for bpm, key, word in ((120, "C major", "velvet"), (126, "F major", "granite"))
        )
        assert [s.kind for s in one.sections] == [s.kind for s in other.sections]
        assert one.sections[-1].band == other.sections[-1].band


def test_an_instrument_that_is_named_leaves_the_rest_of_the_band() -> None:
    for seed in SEEDS:
        plain = written("pop, C major, instrumental", seed)[0].sections[-1].band.patches
        named = written("pop, C major, flute, instrumental", seed)[0].sections[-1].band.patches
        assert {**plain, "lead": "flute"} == named


def test_every_player_of_the_line_ups_can_be_heard() -> None:
    playable = set(load_kit().instruments) | SYNTHS | set(PATCH_ALIASES) | {""}
    for chairs in CHAIRS.values():
        for own, others in chairs.items():
            assert {own, *others} <= playable
    assert {guest for guests in GUESTS.values() for guest in guests} <= playable
    assert {genre for genre, _ in SIGNATURES} <= set(GENRES)


def test_forms_are_made_of_known_sections_and_long_ones_build_up() -> None:
    for forms in FORMS.values():
        assert len(set(forms.clip)) == len(forms.clip) >= 4
        assert {kind for form in (*forms.clip, *forms.long) for kind in form} <= set(SECTIONS)
        for form in forms.long:
            assert form[0] == "intro"
            assert Counter(form)["chorus"] + Counter(form)["drop"] >= 1


def level_db(sound: np.ndarray) -> float:
    return float(10 * np.log10((sound.astype(np.float64) ** 2).mean()))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("prompt", FULL_BAND)
def test_a_clip_is_there_at_once_and_keeps_its_level(prompt: str, seed: int) -> None:
    heard = Recording.of(render(Order("lyria-3", f"{prompt}, instrumental", seed=seed)).audio)
    whole, span = level_db(heard.sound), 4 * heard.rate
    assert level_db(heard.sound[: 3 * heard.rate]) > whole - 4
    starts = range(0, len(heard.sound) - span + 1, span)
    assert np.std([level_db(heard.sound[start : start + span]) for start in starts]) < 2


def test_ambient_music_sustains_between_its_chords() -> None:
    for seed in (1, 2, 3):
        plan, score = written("ambient, 60 BPM, C major", seed)
        held = [n for part in score.parts if part.role in ("comp", "pad") for n in part.notes]
        for start in {note.beat for note in held} - {0.0}:
            assert any(note.beat < start < note.beat + note.beats for note in held)
        struck = Counter(note.beat for note in score.role("bass"))
        assert len(struck) <= sum(len(s.bars) for s in plan.sections) / 2 + len(plan.sections) + 1
