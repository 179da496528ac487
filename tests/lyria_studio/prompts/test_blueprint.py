import pytest

from lyria_studio.prompts import (
    INSTRUMENTAL,
    Blueprint,
    BlueprintError,
    Section,
    compose_prompt,
    from_json,
    parked,
    read_prompt,
    tidy,
    to_json,
)

SONG = Blueprint(
    genre="indie pop",
    era_or_region="1980s Manchester",
    moods=("nostalgic", "uplifting"),
    instruments=("jangly electric guitar", "warm pads"),
    tempo=110,
    key="D major",
    voice="airy soprano",
    language="English",
    sections=(
        Section("Intro", 0.0, 8.0, "guitar alone"),
        Section("Verse 1", 8.0, 24.5, "", "Walking home\n\nin the rain"),
        Section("Chorus", what="everybody joins", lyrics="We glow"),
        Section("Outro"),
    ),
    extra="Recorded on tape.",
)


def test_prompt_is_written_in_the_order_of_the_guide() -> None:
    assert compose_prompt(SONG, "lyria-3-pro") == (
        "Genre: indie pop\n"
        "Style: 1980s Manchester\n"
        "Mood: nostalgic, uplifting\n"
        "Instruments: jangly electric guitar, warm pads\n"
        "Tempo: 110 BPM\n"
        "Key: D major\n"
        "Vocals: airy soprano\n"
        "Language: English\n"
        "\n"
        "Recorded on tape.\n"
        "\n"
        "Lyrics:\n"
        "\n"
        "[0:00 - 0:08] Intro: guitar alone\n"
        "\n"
        "[0:08 - 0:24.50] Verse 1:\n"
        "Walking home\n"
        "\n"
        "in the rain\n"
        "\n"
        "[Chorus: everybody joins]\n"
        "We glow\n"
        "\n"
        "[Outro]"
    )


def test_written_prompt_reads_back() -> None:
    assert read_prompt(compose_prompt(SONG, "lyria-3-pro")) == SONG


def test_blueprint_survives_json() -> None:
    assert from_json(to_json(SONG)) == SONG


def test_a_model_that_does_not_sing_gets_what_it_reads() -> None:
    assert compose_prompt(SONG, "lyria-2") == (
        "Genre: indie pop\n"
        "Style: 1980s Manchester\n"
        "Mood: nostalgic, uplifting\n"
        "Instruments: jangly electric guitar, warm pads\n"
        "Tempo: 110 BPM\n"
        "Key: D major\n"
        "\n"
        "Recorded on tape."
    )
    assert parked(SONG, "lyria-2") == ("voice", "language", "sections")
    assert parked(SONG, "lyria-3") == ()


def test_no_voice_is_written_in_the_words_of_the_guide() -> None:
    for voice in (INSTRUMENTAL, " Instrumental ", "no vocals"):
        assert compose_prompt(Blueprint(voice=voice), "lyria-3") == "Instrumental only, no vocals."


def test_half_known_times_are_written_and_read() -> None:
    sections = (Section("Intro", None, 8.0), Section("Verse", 8.0, None, "drums"))
    text = compose_prompt(Blueprint(sections=sections), "lyria-3")
    assert text == "[until 0:08] Intro:\n\n[0:08] Verse: drums"
    assert read_prompt(text).sections == sections


def test_lyrics_alone_need_no_tag() -> None:
    alone = Blueprint(genre="folk", sections=(Section(lyrics="Late train home"),))
    assert compose_prompt(alone, "lyria-3") == "Genre: folk\n\nLyrics:\nLate train home"


def test_fields_are_tidied() -> None:
    messy = Blueprint(
        genre=" indie \n pop. ",
        moods=("sad, slow", "", "sad"),
        tempo=" 96  bpm ",
        sections=(Section(), Section("[A]: b", -3.0, 10.004, "x [y]", "\n la \n\n\n\n la \n")),
    )
    assert tidy(messy) == Blueprint(
        genre="indie pop",
        moods=("sad", "slow"),
        tempo=96,
        sections=(Section("A b", 0.0, 10.0, "x (y)", "la\n\nla"),),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "[" * 100_000,
        '{"genre": 3}',
        '{"moods": "sad"}',
        '{"moods": [3]}',
        '{"tempo": true}',
        '{"tempo": 1.5}',
        '{"voice": []}',
        '{"sections": [3]}',
        '{"sections": [{"name": null}]}',
        '{"sections": [{"start_s": "0"}]}',
        '{"sections": [{"start_s": NaN}]}',
        '{"sections": [{"end_s": true}]}',
        '{"sections": [{"end_s": 1e99}]}',
        '{"extra": "' + "x" * 200_000 + '"}',
    ],
)
def test_a_broken_draft_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BlueprintError) as refused:
        from_json(text)
    assert str(refused.value).endswith(".")


def test_a_draft_of_another_version_is_read_as_far_as_it_is_known() -> None:
    assert from_json('{"genre": "folk", "colour": "blue"}') == Blueprint(genre="folk")
