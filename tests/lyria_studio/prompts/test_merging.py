from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.prompts import blueprints, is_plain, words

from lyria_studio.prompts import Blueprint, Section, compose_prompt, merge_edited, read_prompt

pytestmark = pytest.mark.slow

PRO = "lyria-3-pro"
FORM = Blueprint(
    genre="soul",
    moods=("warm", "tender"),
    instruments=("electric piano", "bass guitar"),
    tempo=84,
    voice="deep baritone",
    sections=(
        Section("Intro", 0, 8, "piano alone"),
        Section("Verse", 8, 30, "", "Late train home"),
        Section("Chorus", 30, 50, "", "We rise"),
    ),
)
WRITTEN = compose_prompt(FORM, PRO)


def merged(edited: str, new: Blueprint, model: str = PRO) -> str:
    return merge_edited(WRITTEN, edited, new, model)


@given(blueprints, blueprints)
def test_without_edits_the_form_is_simply_written(old: Blueprint, new: Blueprint) -> None:
    text = compose_prompt(old, PRO)
    assert merge_edited(text, text, new, PRO) == compose_prompt(new, PRO)


@given(st.text(min_size=1).filter(str.strip), blueprints)
def test_without_a_change_in_the_form_edits_stay(edited: str, form: Blueprint) -> None:
    assert merge_edited(compose_prompt(form, PRO), edited, form, PRO) == edited


@given(
    blueprints,
    blueprints,
    st.lists(st.text("abcdefg ", min_size=3).map("Wxy {}".format).map(str.strip), max_size=3),
)
def test_lines_written_by_hand_stay(old: Blueprint, new: Blueprint, added: list[str]) -> None:
    text = compose_prompt(old, PRO)
    edited = "\n".join([*added, text])
    result = merge_edited(text, edited, new, PRO).split("\n")
    assert all(line in result for line in added if is_plain(line))


@given(blueprints, blueprints)
def test_the_form_is_obeyed_beside_a_line_by_hand(old: Blueprint, new: Blueprint) -> None:
    text = compose_prompt(old, PRO)
    said = read_prompt(merge_edited(text, f"Wxyz wxyz.\n{text}", new, PRO))
    wanted = read_prompt(compose_prompt(new, PRO))
    assert replace(said, extra="") == replace(wanted, extra="")
    assert words(said.extra) >= words(wanted.extra) | {"wxyz"}


@pytest.mark.parametrize(
    ("line", "by_hand", "change", "after"),
    [
        ("Tempo: 84 BPM", "Tempo: 84 BPM, swung", {"tempo": 96}, "Tempo: 96 BPM, swung"),
        ("Tempo: 84 BPM", "Tempo: about 80", {"tempo": 96}, "Tempo: 96 BPM"),
        ("Genre: soul", "A soul tune at night.", {"genre": "funk"}, "A funk tune at night."),
        (
            "Mood: warm, tender",
            "Mood: warm, tender, never sweet",
            {"moods": ("warm", "dreamy")},
            "Mood: warm, dreamy, never sweet",
        ),
        (
            "Instruments: electric piano, bass guitar",
            "With electric piano, bass guitar and rain.",
            {"instruments": ("electric piano", "bass guitar", "choir")},
            "With electric piano, bass guitar, choir and rain.",
        ),
        (
            "Vocals: deep baritone",
            "Vocals: deep baritone, close",
            {"voice": "instrumental"},
            "Instrumental only, no vocals.",
        ),
    ],
)
def test_a_change_is_made_where_the_text_says_it(
    line: str, by_hand: str, change: dict[str, object], after: str
) -> None:
    edited = WRITTEN.replace(line, by_hand)
    assert edited != WRITTEN
    result = merged(edited, replace(FORM, **change))  # type: ignore[arg-type]  # any field
    assert result == edited.replace(by_hand, after)


def test_what_the_text_does_not_say_is_added_in_its_place() -> None:
    result = merged(f"{WRITTEN}\nHumming", replace(FORM, key="A minor"))
    assert result == f"{WRITTEN}\nHumming".replace("84 BPM\n", "84 BPM\nKey: A minor\n")


def test_a_cleared_field_goes_and_its_neighbours_stay() -> None:
    result = merged(f"Lots of tape hiss.\n{WRITTEN}", replace(FORM, tempo=None, moods=()))
    assert "Tempo" not in result
    assert "Mood" not in result
    assert result.startswith("Lots of tape hiss.\nGenre: soul\nInstruments: electric piano")


def test_lyrics_edited_by_hand_survive_moving_and_retiming() -> None:
    edited = WRITTEN.replace("Late train home", "Last bus home")
    intro, verse, chorus = FORM.sections
    moved = merged(edited, replace(FORM, sections=(verse, intro, chorus)))
    assert moved.index("Last bus home") < moved.index("piano alone") < moved.index("We rise")
    retimed = merged(edited, replace(FORM, sections=(intro, replace(verse, end_s=28.0), chorus)))
    assert "[0:08 - 0:28] Verse:\nLast bus home" in retimed
    assert "Late train" not in moved + retimed


def test_a_removed_section_goes_and_a_new_one_comes() -> None:
    edited = WRITTEN.replace("We rise", "We all rise")
    intro, _, chorus = FORM.sections
    result = merged(edited, replace(FORM, sections=(intro, chorus, Section("Outro"))))
    assert read_prompt(result).sections == (
        intro,
        replace(chorus, lyrics="We all rise"),
        Section("Outro"),
    )


def test_a_model_that_does_not_sing_gets_no_sections() -> None:
    result = merged(f"{WRITTEN}\n", FORM, "lyria-2")
    assert read_prompt(result).sections == ()
    assert "baritone" not in result
    assert "Genre: soul" in result


PROSE = "Warm lo-fi hip hop, electric piano, soft drums, 80 BPM. For a rainy film. No vocals."


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"tempo": 90}, PROSE.replace("80", "90")),
        ({"tempo": None}, PROSE.replace(", 80 BPM", "")),
        ({"genre": "jazz"}, PROSE.replace("Warm lo-fi hip hop", "jazz")),
        ({"genre": ""}, PROSE.replace("Warm lo-fi hip hop, ", "")),
        ({"key": "A minor"}, f"{PROSE}\nKey: A minor"),
        ({"moods": ("sad", "slow")}, f"{PROSE}\nMood: sad, slow"),
        (
            {"instruments": ("electric piano", "harp", "bass")},
            PROSE.replace("soft drums", "harp, bass"),
        ),
        ({"instruments": ("harp",)}, PROSE.replace("electric piano, soft drums", "harp")),
        ({"instruments": ()}, PROSE.replace("electric piano, soft drums, ", "")),
        ({"voice": None}, PROSE.replace(" No vocals.", "")),
        ({"voice": "deep baritone"}, PROSE.replace(" No vocals.", "\nVocals: deep baritone")),
        ({"extra": "For a sunny film."}, PROSE.replace("rainy", "sunny")),
        ({"extra": ""}, PROSE.replace("For a rainy film. ", "")),
        ({"sections": (Section("Intro"),)}, f"{PROSE}\n\n[Intro]"),
    ],
)
def test_a_prompt_in_sentences_is_changed_where_it_says_so(
    change: dict[str, object], after: str
) -> None:
    before = read_prompt(PROSE)
    assert before.instrumental
    new = replace(before, **change)  # type: ignore[arg-type]  # any field
    result = merge_edited(compose_prompt(before, PRO), PROSE, new, PRO)
    assert result == after
    assert read_prompt(result) == new


def test_changes_follow_each_other() -> None:
    form, text = read_prompt(PROSE), PROSE
    for change in ({"tempo": 90}, {"key": "A minor"}, {"tempo": None}, {"key": ""}, {"tempo": 80}):
        new = replace(form, **change)
        text = merge_edited(compose_prompt(form, PRO), text, new, PRO)
        form = new
        assert read_prompt(text) == form
    assert text == PROSE.replace(", 80 BPM", "") + "\nTempo: 80 BPM"
