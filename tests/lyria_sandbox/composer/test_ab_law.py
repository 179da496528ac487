"""One seed and one changed word change what the word means, and nothing else."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.compose import compose
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.plan import Plan, make_plan
from lyria_sandbox.composer.score import Note, Score

BASE = "Upbeat pop with piano and violin, {tempo} BPM, {key}, instrumental only{rest}"
TUNE_ROLES = ("lead", "bass", "comp", "pad", "arp", "voice", "counter", "harmony")


def written(prompt: str, *, model: str = "lyria-3", seed: int = 7) -> tuple[Plan, Score]:
    order = Order(model, prompt, seed=seed)
    plan = make_plan(order, read(order))
    return plan, compose(plan)


def base(tempo: int = 110, key: str = "C major", rest: str = "") -> str:
    return BASE.format(tempo=tempo, key=key, rest=rest)


def pitches(notes: Iterable[Note]) -> list[tuple[float, int]]:
    return [(round(note.beat, 4), note.pitch) for note in notes]


def tune_by_section(
    plan: Plan, score: Score, role: str
) -> list[dict[int, list[tuple[float, int]]]]:
    """Bars of every section with the notes that begin in them, by beat of the bar."""
    sections = []
    for section in plan.sections:
        bars: dict[int, list[tuple[float, int]]] = {}
        start = section.start_beat
        for number, beats in enumerate(section.bars):
            bars[number] = [
                (round(note.beat - start, 4), note.pitch)
                for note in score.role(role)
                if start - 1e-9 <= note.beat < start + beats - 1e-9
            ]
            start += beats
        sections.append(bars)
    return sections


@pytest.mark.parametrize("other_tempo", [84, 104, 132, 150])
def test_another_tempo_keeps_the_tune(other_tempo: int) -> None:
    plan, score = written(base(tempo=110), model="lyria-3-pro")
    other_plan, other_score = written(base(tempo=other_tempo), model="lyria-3-pro")
    assert [s.kind for s in plan.sections] == [s.kind for s in other_plan.sections]
    compared = 0
    for role in TUNE_ROLES:
        tunes = zip(
            tune_by_section(plan, score, role),
            tune_by_section(other_plan, other_score, role),
            strict=True,
        )
        for place, (one, other) in enumerate(tunes):
            # The last bar of a section leads on, the last two of the piece are its cadence, and the
            # bass of the bar before steps towards them; all other bars are the same music.
            closing = 3 if place == len(plan.sections) - 1 else 2
            for number in range(min(len(one), len(other)) - closing):
                assert one[number] == other[number], (role, number)
                compared += len(one[number])
    assert compared > 500


@pytest.mark.parametrize("key", ["A major", "Bb major", "F# major", "D major"])
def test_another_key_is_a_transposition(key: str) -> None:
    plan, score = written(base())
    other_plan, other = written(base(key=key))
    shift = (other_plan.tonic - plan.tonic + 5) % 12 - 5
    for role in TUNE_ROLES:
        moved = [(beat, pitch + shift) for beat, pitch in pitches(score.role(role))]
        assert moved == pitches(other.role(role)), role
    assert pitches(score.role("drums")) == pitches(other.role("drums"))


@pytest.mark.parametrize("words", [", no drums", ", without any drums", ". No drums."])
def test_no_drums_silences_the_drums_and_nothing_else(words: str) -> None:
    _, score = written(base())
    _, other = written(base(rest=words))
    assert score.role("drums")
    assert not other.role("drums")
    assert [p for p in score.parts if p.role != "drums"] == list(other.parts)


def test_the_negative_prompt_works_like_the_words() -> None:
    with_drums = Order("lyria-2", base(), seed=3)
    without = Order("lyria-2", base(), negative_prompt="drums, bass", seed=3)
    one = compose(make_plan(with_drums, read(with_drums)))
    other = compose(make_plan(without, read(without)))
    gone = {"drums", "bass"}
    assert [p for p in one.parts if p.role not in gone] == list(other.parts)


@pytest.mark.parametrize("instrument", ["flute", "trumpet", "oboe", "cello", "glockenspiel"])
def test_another_instrument_plays_the_same_notes(instrument: str) -> None:
    _, score = written(base())
    _, other = written(base().replace("violin", instrument))
    tune, others = pitches(score.role("lead")), pitches(other.role("lead"))
    shifts = {theirs[1] - ours[1] for ours, theirs in zip(tune, others, strict=True)}
    assert [beat for beat, _ in tune] == [beat for beat, _ in others]
    assert shifts in ({0}, {12}, {-12})
    for role in ("drums", "bass", "comp", "pad", "arp"):
        assert score.role(role) == other.role(role), role


def test_a_bent_mode_keeps_the_rhythm() -> None:
    _, score = written(base())
    _, other = written(base(key="C minor"))
    assert [n.beat for n in score.role("lead")] == [n.beat for n in other.role("lead")]
    assert score.role("drums") == other.role("drums")


def test_another_seed_is_another_tune() -> None:
    _, score = written(base(), seed=1)
    _, other = written(base(), seed=2)
    assert pitches(score.role("lead")) != pitches(other.role("lead"))


def test_words_without_a_meaning_change_the_tune_but_not_the_controls() -> None:
    plan, score = written(base(rest=", velvet"))
    other_plan, other = written(base(rest=", granite"))
    assert pitches(score.role("lead")) != pitches(other.role("lead"))
    assert (plan.tempo_bpm, plan.tonic, plan.mode) == (
        other_plan.tempo_bpm,
        other_plan.tonic,
        other_plan.mode,
    )


def test_neutral_words_change_nothing() -> None:
    _, score = written(base(rest=", a song"))
    _, other = written(base(rest=", the track"))
    assert score == other


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(-(2**70), 2**70), tonic=st.sampled_from(["D", "Eb", "G", "B"]))
def test_transposition_holds_for_every_seed(seed: int, tonic: str) -> None:
    plan, score = written(base(), seed=seed)
    other_plan, other = written(base(key=f"{tonic} major"), seed=seed)
    shift = (other_plan.tonic - plan.tonic + 5) % 12 - 5
    assert [(b, p + shift) for b, p in pitches(score.role("lead"))] == pitches(other.role("lead"))
