from lyria_studio.prompts import Blueprint, Section, compose_prompt, from_json, read_prompt, to_json

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
