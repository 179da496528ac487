"""Rises, falls and sections that outdo others: in the notes and in the sound."""

import numpy as np
import pytest
from support.listen import Recording
from support.parsed_prompts import parsed, planned, written

from lyria_sandbox.composer import Order, render
from lyria_sandbox.composer.plan import Plan
from lyria_sandbox.composer.score import Score

RISES = [
    "builds to a huge climax",
    "a slow crescendo",
    "starts quiet and ends with a massive finale",
    "growing intensity",
    "gets louder and louder",
    "building tension towards an epic finale",
    "quiet start, massive end",
    "intimate opening and a huge finale",
]
FALLS = [
    "diminuendo",
    "gradually fading",
    "winds down",
    "starts loud and ends softly",
    "big intro, quiet ending",
]


def density(plan: Plan, score: Score, first: float, last: float) -> float:
    """Return the notes a beat between two shares of the piece; its closing chord does not count."""
    *bars, _ = [bar for section in plan.sections for bar in section.bars]
    beats = sum(bars)
    notes = sum(
        first * beats <= note.beat < last * beats for part in score.parts for note in part.notes
    )
    return notes / ((last - first) * beats)


@pytest.mark.parametrize("prompt", RISES)
def test_ways_to_ask_for_a_rise(prompt: str) -> None:
    assert parsed(f"rock, {prompt}").dynamics == "rising"


@pytest.mark.parametrize("prompt", FALLS)
def test_ways_to_ask_for_a_fall(prompt: str) -> None:
    assert parsed(f"rock, {prompt}").dynamics == "falling"


@pytest.mark.parametrize(
    "prompt",
    [
        "starts soft, gets loud, then soft again",
        "strings: swells and then fades",
        "begins quietly, explodes into a huge climax and ends calm",
        "quiet, loud, quiet",
        "the rise and fall of an empire",
    ],
)
def test_ways_to_ask_for_a_rise_and_a_fall(prompt: str) -> None:
    plan = planned(prompt)
    assert parsed(prompt).dynamics == "swelling"
    energies = [energy for section in plan.sections for energy in section.energy or ()]
    assert max(energies) - energies[0] > 0.4 < max(energies) - energies[-1]


@pytest.mark.parametrize(
    "prompt",
    [
        "punk, as loud as possible from the very first second",
        "full blast metal",
        "techno, relentless throughout",
        "rock, loud from start to finish",
    ],
)
def test_ways_to_ask_for_full_strength_from_beginning_to_end(prompt: str) -> None:
    plan = planned(prompt)
    assert parsed(prompt).dynamics == "loud"
    assert all(section.energy == (1.0, 1.0) for section in plan.sections)
    assert not {"intro", "outro"} & {section.kind for section in plan.sections}


@pytest.mark.parametrize("prompt", ["rock", "powerful rock", "energetic pop with a hook"])
def test_strength_alone_is_no_rise(prompt: str) -> None:
    assert parsed(prompt).dynamics == ""


@pytest.mark.parametrize(
    ("prompt", "emphasis"),
    [
        ("dubstep, second drop bigger", (("drop", 1),)),
        ("house where the 2nd drop is harder", (("drop", 1),)),
        ("pop with a huge final chorus", (("chorus", -1),)),
        ("rock, the last chorus is louder", (("chorus", -1),)),
        ("pop, third verse much stronger", (("verse", 2),)),
    ],
)
def test_sections_that_outdo_others(prompt: str, emphasis: tuple[tuple[str, int], ...]) -> None:
    assert parsed(prompt).emphasis == emphasis


@pytest.mark.parametrize(
    "genre", ["rock", "techno", "orchestral", "ambient", "jazz", "pop", "metal", "waltz", "folk"]
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rise_is_heard_in_the_number_of_notes(genre: str, seed: int) -> None:
    plan, score = written(f"{genre}, builds to a huge climax", seed=seed)
    assert density(plan, score, 0.7, 1) > 1.2 * density(plan, score, 0, 0.3)
    strengths = [strength for s in plan.sections for strength in s.energy or ()]
    assert strengths == sorted(strengths)
    assert strengths[-1] > strengths[0] + 0.5


@pytest.mark.parametrize("genre", ["rock", "techno", "pop", "folk"])
def test_a_fall_is_heard_in_the_number_of_notes(genre: str) -> None:
    plan, score = written(f"{genre}, starts huge and winds down")
    assert density(plan, score, 0, 0.3) > 1.2 * density(plan, score, 0.7, 1)


@pytest.mark.parametrize("model", ["lyria-3", "lyria-3-pro"])
@pytest.mark.parametrize("genre", ["dubstep", "house", "trance", "drum and bass"])
def test_the_second_drop_is_the_bigger_one(genre: str, model: str) -> None:
    plan, score = written(f"{genre}, second drop bigger than the first", model)
    first, second = (section for section in plan.sections if section.kind == "drop")
    assert second.intensity > first.intensity + 0.2
    voices = [
        {
            part.role
            for part in score.parts
            for note in part.notes
            if drop.start_beat <= note.beat < drop.start_beat + sum(drop.bars)
        }
        for drop in (first, second)
    ]
    assert voices[0] <= voices[1]


def levels_db(prompt: str, seed: int = 3) -> np.ndarray:
    """Return the level of every second of a rendered piece in dB."""
    heard = Recording.of(render(Order("lyria-3", prompt, seed=seed)).audio)
    whole = len(heard.sound) // heard.rate * heard.rate
    blocks = heard.sound[:whole].reshape(-1, heard.rate, 2).astype(np.float64)
    levels: np.ndarray = 10 * np.log10((blocks**2).mean(axis=(1, 2)) + 1e-9)
    return levels


@pytest.mark.parametrize("genre", ["orchestral", "techno", "acoustic folk"])
def test_a_rise_is_heard_in_the_level(genre: str) -> None:
    rising = levels_db(f"{genre}, builds to a huge climax, instrumental, 20 seconds")
    third = len(rising) // 3
    assert np.mean(rising[2 * third : -2]) > np.mean(rising[:third]) + 3


def test_the_second_drop_is_louder() -> None:
    prompt = "house, second drop bigger, 24 seconds, 128 BPM"
    levels = levels_db(prompt)
    plan, _ = written(prompt, seed=3)
    spans = [
        (plan.tempo_map.seconds(s.start_beat), plan.tempo_map.seconds(s.start_beat + sum(s.bars)))
        for s in plan.sections
        if s.kind == "drop"
    ]
    first, second = (np.mean(levels[int(start) + 1 : int(end)]) for start, end in spans)
    assert second > first + 1


@pytest.mark.parametrize(
    ("prompt", "role", "louder"),
    [
        ("rock with less drums", "drums", False),
        ("trap with less bass", "bass", False),
        ("rock with fewer guitars", "comp", False),
        ("pop, more drums", "drums", True),
        ("jazz with louder piano", "comp", True),
    ],
)
def test_less_and_more_of_an_instrument_move_its_level(
    prompt: str, role: str, louder: bool
) -> None:
    level = written(prompt)[0].levels[role]
    assert level > 3 if louder else level < -5
