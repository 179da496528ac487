"""The editor of the lyrics and the surprise, on the Create screen."""

from streamlit.testing.v1 import AppTest
from support.app_words import words


def prompt(app: AppTest) -> str:
    """What will be sent."""
    return str(app.text_area(key="prompt").value)


def editor(app: AppTest) -> AppTest:
    """Create with the editor open over a description."""
    app.text_area(key="prompt").set_value("Indie folk, 90 BPM").run()
    return app.segmented_control(key="mode").set_value("Lyrics").run()


def test_lyrics_and_prompt_follow_each_other(app: AppTest) -> None:
    editor(app)
    app.text_area(key="b_lyrics").set_value("[Verse]\nRain on the roof").run()
    assert prompt(app) == "Indie folk, 90 BPM\n\nLyrics:\n[Verse]\nRain on the roof"
    assert "Verse: 1 line" in words(app)
    app.text_area(key="prompt").set_value("Soul\n\nLyrics:\n[Verse]\nSun\nMoon").run()
    assert app.text_area(key="b_lyrics").value == "[Verse]\nSun\nMoon"
    assert "Verse: 2 lines" in words(app)
    app.text_area(key="b_lyrics").set_value("").run()
    assert prompt(app) == "Soul"


def test_section_buttons_add_to_the_lyrics(app: AppTest) -> None:
    editor(app)
    app.button(key="lyrics-Verse").click().run()
    app.button(key="lyrics-Chorus").click().run()
    assert app.text_area(key="b_lyrics").value == "[Verse]\n\n[Chorus]\n"
    assert prompt(app).endswith("Lyrics:\n[Verse]\n\n[Chorus]")


def test_a_reload_brings_the_editor_back(app: AppTest) -> None:
    editor(app)
    app.text_area(key="b_lyrics").set_value("[Verse]\nRain").run()
    again = AppTest.from_file(str(app._script_path), default_timeout=20)
    again.query_params["form"] = app.query_params["form"]
    again.run()
    assert again.segmented_control(key="mode").value == "Lyrics"
    assert again.text_area(key="b_lyrics").value == "[Verse]\nRain"


def test_a_model_without_voice_says_so(app: AppTest) -> None:
    editor(app)
    app.radio(key="model").set_value("lyria-2").run()
    assert "Lyria 2 is instrumental." in words(app)


def test_surprise_writes_a_prompt_and_undo_brings_the_text_back(app: AppTest) -> None:
    app.button(key="surprise").click().run()
    first = prompt(app)
    assert "BPM" in first
    assert not [one for one in app.button if one.key == "undo_replace"], "nothing was lost"
    app.text_area(key="prompt").set_value("My own idea").run()
    app.button(key="surprise").click().run()
    assert prompt(app) not in ("My own idea", first)
    app.button(key="undo_replace").click().run()
    assert prompt(app) == "My own idea"
