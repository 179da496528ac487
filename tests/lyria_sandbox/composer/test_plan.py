import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.compose import compose
from lyria_sandbox.composer.meter import METERS
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.plan import Plan, make_plan
from lyria_sandbox.composer.plan.layout import by_timestamps
from lyria_sandbox.composer.sound.kit import load_kit
from lyria_sandbox.composer.sound.synths import SYNTHS
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.instruments import INSTRUMENTS
from lyria_sandbox.composer.tables.patches import PATCH_ALIASES
from lyria_sandbox.composer.tables.sections import SECTIONS


def planned(prompt: str, model: str = "lyria-3", seed: int = 5, negative: str = "") -> Plan:
    order = Order(model, prompt, negative_prompt=negative, seed=seed)
    return make_plan(order, read(order))


@pytest.mark.parametrize("prompt", ["slow ambient", "fast punk", "rock, 200 BPM", "48 BPM piano"])
@pytest.mark.parametrize(
    ("model", "shortest", "longest"),
    [("lyria-2", 32.8, 32.8), ("lyria-3", 27, 32.5), ("lyria-3-pro", 90, 180)],
)
def test_the_length_of_each_model(prompt: str, model: str, shortest: float, longest: float) -> None:
    assert shortest <= planned(prompt, model).duration_s <= longest


@pytest.mark.parametrize("genre", sorted(GENRES))
def test_words_move_the_tempo(genre: str) -> None:
    words = ("very slow", "slow", "mid-tempo", "fast", "very fast")
    tempos = [planned(f"{word} {genre}").tempo_bpm for word in words]
    assert tempos == sorted(tempos)
    assert tempos[3] > 1.1 * tempos[2]
    assert tempos[1] < 0.95 * tempos[2] or tempos[2] < 56
    low, high = GENRES[genre].tempo
    assert low <= tempos[2] <= high


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ("sad", "minor"),
        ("ominous", "phrygian"),
        ("joyful", "major"),
        ("dreamlike", "lydian"),
        ("nostalgic", "dorian"),
        ("sad, in C major", "major"),
        ("joyful, E dorian", "dorian"),
    ],
)
def test_a_mood_sets_the_mode_unless_the_key_says_so(words: str, mode: str) -> None:
    assert planned(f"pop, {words}").mode == mode


def test_moods_set_tempo_and_strength() -> None:
    calm, plain, wild = (planned(f"{word} pop") for word in ("peaceful", "", "aggressive"))
    assert calm.tempo_bpm < plain.tempo_bpm < wild.tempo_bpm
    verses = [plan.sections[1].intensity for plan in (calm, plain, wild)]
    assert verses == sorted(set(verses))
    assert planned("bright joyful pop").brightness > planned("dark pop").brightness


@pytest.mark.parametrize("seconds", [100, 120, 150, 180])
def test_an_asked_length_is_met_to_a_phrase(seconds: int) -> None:
    plan = planned(f"pop, 110 BPM, {seconds} seconds long", "lyria-3-pro")
    assert plan.duration_s == pytest.approx(seconds, rel=0.07)


def test_limits_of_a_model_are_reported() -> None:
    plan = planned("pop song, 2 minutes", "lyria-3")
    assert plan.duration_s < 33
    assert any("30 s" in note for note in plan.notes)


def test_sections_follow_each_other_without_gaps() -> None:
    plan = planned("[Intro]\n[Verse]\n[Chorus]\n[Bridge]\n[Chorus]\n[Outro]\nrock", "lyria-3-pro")
    for before, after in zip(plan.sections, plan.sections[1:], strict=False):
        assert before.start_beat + sum(before.bars) == after.start_beat
    assert [s.occurrence for s in plan.sections if s.kind == "chorus"] == [0, 1]


@settings(max_examples=200, deadline=None)
@given(
    lengths=st.lists(st.floats(4, 40), min_size=1, max_size=8),
    bpm=st.floats(40, 220),
    meter=st.sampled_from(sorted(METERS)),
)
def test_a_section_begins_within_a_beat_of_its_timestamp(
    lengths: list[float], bpm: float, meter: str
) -> None:
    starts = [0.0]
    for length in lengths[:-1]:
        starts.append(starts[-1] + length)
    end = starts[-1] + lengths[-1]
    layout = by_timestamps(starts, end, [bpm] * len(starts), METERS[meter])
    beat_s = 60 / bpm
    clock = 0.0
    for start, bars in zip(starts, layout.bars, strict=True):
        assert abs(clock - start) < beat_s
        assert all(1 <= beats <= METERS[meter].beats + 1 for beats in bars)
        clock += sum(bars) * beat_s
    assert layout.duration_s == end


def test_sections_may_have_their_own_tempo_and_key() -> None:
    plan = planned(
        "[0:00 - 0:10] Intro: quiet\n[0:10 - 0:20] Verse: 90 BPM\n"
        "[0:20 - 0:30] Chorus: key change up a whole step, 128 BPM\nRock in D minor, 120 BPM"
    )
    starts = [plan.tempo_map.seconds(section.start_beat) for section in plan.sections]
    assert starts == pytest.approx([0, 10, 20], abs=60 / 90)
    assert plan.tempo_map.bpm == (120, 90, 128)
    assert [section.transpose for section in plan.sections] == [2, 2, 4]


@pytest.mark.parametrize(
    ("prompt", "roles"),
    [
        ("solo piano ballad", {"comp": "piano", "lead": "piano", "bass": "piano"}),
        ("string quartet", {"lead": "violin", "bass": "cello"}),
        ("only strings and brass", {"comp": "strings", "lead": "violin"}),
        ("cello and piano duet", {"lead": "cello", "comp": "piano", "bass": "piano"}),
    ],
)
def test_small_bands_play_alone(prompt: str, roles: dict[str, str]) -> None:
    band = planned(prompt).sections[-1].band
    assert "drums" not in band.patches
    assert {role: band.patch(role) for role in roles} == roles


def test_an_excluded_instrument_never_plays() -> None:
    plan = planned("rock with organ", negative="guitars, organ, drums")
    for section in plan.sections:
        playing = set(section.band.patches.values())
        assert not playing & {"overdrive", "dist", "clean", "steel", "organ", "rockorgan"}
        assert "drums" not in section.band.patches


def test_every_patch_in_the_tables_can_be_played() -> None:
    patches = {i.patch for i in INSTRUMENTS if i.role != "percussion" and i.patch}
    for genre in GENRES.values():
        patches |= {genre.bass.patch, genre.comp.patch, genre.lead, genre.pad}
        patches |= {genre.arp.patch} if genre.arp else set()
        patches |= {genre.groove.kit} if genre.groove else set()
    playable = (
        set(load_kit().instruments)
        | SYNTHS
        | set(PATCH_ALIASES)
        | {"@machine", "@909", "@808", "@chip"}
    )
    assert patches - {""} <= playable


_WORDS = st.sampled_from(
    [
        *GENRES,
        *(i.name for i in INSTRUMENTS),
        *(f"[{kind}]" for kind in SECTIONS),
        "no drums", "no bass", "only", "solo", "3/4", "6/8", "sad", "dark", "fast", "very slow",
        "C# phrygian", "Bb lydian", "90 BPM", "200 BPM", "vocals", "\nla la la la la la la\n",
        "[0:00 - 0:03]", "[0:03 - 0:20]", "[0:25]", "10 seconds", "3 minutes", "instrumental only",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(_WORDS, max_size=9),
    model=st.sampled_from(["lyria-2", "lyria-3", "lyria-3-pro"]),
    seed=st.integers(),
)
def test_any_prompt_becomes_a_playable_score(words: list[str], model: str, seed: int) -> None:
    plan = planned(" ".join(words), model, seed)
    score = compose(plan)
    assert 7 <= plan.duration_s <= 180
    assert score.parts
    for part in score.parts:
        for note in part.notes:
            assert 0 <= score.tempo_map.seconds(note.beat) < plan.duration_s
            assert note.beats > 0
            assert 12 <= note.pitch <= 120
            assert 1 <= note.velocity <= 127


def test_more_sections_than_fit_are_left_out_and_reported() -> None:
    plan = planned("[Verse]\n[Chorus]\n" * 40 + "pop, 100 BPM")
    assert plan.duration_s < 33
    assert len(plan.sections) < 80
    assert any("sections fit" in note for note in plan.notes)


def test_all_kinds_of_section_can_stand_in_one_piece() -> None:
    tags = "\n".join(f"[{kind}]" for kind in SECTIONS)
    plan = planned(f"{tags}\nrock, 120 BPM", "lyria-3-pro")
    assert [section.kind for section in plan.sections] == list(SECTIONS)
    assert 90 <= plan.duration_s <= 180


def test_without_a_tempo_the_timestamps_choose_one_that_fits() -> None:
    plan = planned("[0:00 - 0:10] Intro\n[0:10 - 0:20] Verse\n[0:20 - 0:30] Chorus\nrock")
    starts = [plan.tempo_map.seconds(section.start_beat) for section in plan.sections]
    assert starts == pytest.approx([0, 10, 20], abs=0.1)
    assert {b for section in plan.sections for b in section.bars} == {4.0}
