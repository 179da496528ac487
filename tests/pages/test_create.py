"""The Create screen, driven without a browser."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest
from support.app_address import go_to
from support.app_words import words

from lyria_core import MODELS, Charge
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services, get_services, reset_services

Settled = Callable[[], list[Generation]]


def label(app: AppTest) -> str:
    """What the one button that costs money says."""
    return str(app.button(key="generate").label)


def copy_of(app: AppTest) -> AppTest:
    """The same address in another tab, or after a reload."""
    copy = AppTest.from_file(str(app._script_path), default_timeout=20)
    copy.query_params["form"] = app.query_params["form"]
    return copy.run()


def test_empty_screen_names_the_sandbox(app: AppTest) -> None:
    assert not app.exception
    assert "What should it sound like?" in [title.value for title in app.title]
    assert "Music is made on this computer. Free." in words(app)
    assert "Welcome" in words(app)


def test_button_shows_the_price_of_model_and_takes(app: AppTest) -> None:
    for model in MODELS.values():
        app.radio(key="model").set_value(model.id).run()
        app.number_input(key="takes").set_value(1).run()
        assert label(app) == rf"Make 1 track · \${model.price_usd} (demo)"
        app.number_input(key="takes").set_value(3).run()
        assert label(app) == rf"Make 3 tracks · \${3 * model.price_usd} (demo)"


def test_each_model_shows_the_fields_that_it_takes(app: AppTest) -> None:
    app.radio(key="model").set_value("lyria-2").run()
    assert [field.key for field in app.text_input] == ["negative_prompt", "seed"]
    assert [field.key for field in app.text_area] == ["prompt"]
    app.radio(key="model").set_value("lyria-3-pro").run()
    assert not app.text_input
    assert [field.key for field in app.text_area] == ["prompt", "images"]


@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_click_makes_a_track(
    app: AppTest, services: Services, settled: Settled, model: str
) -> None:
    app.radio(key="model").set_value(model).run()
    app.text_area(key="prompt").set_value("Calm piano, 70 BPM")
    app.button(key="generate").click().run()
    [made] = settled()
    assert (made.state, made.charge, made.model_id) == (State.READY, Charge.YES, model)
    assert made.price_usd == MODELS[model].price_usd
    [track] = made.tracks
    assert track.path.stat().st_size == track.size_bytes
    app.run()
    assert "Calm piano, 70 BPM" in words(app)
    assert "(demo) charged" in words(app)
    assert app.text_area(key="prompt").value == "Calm piano, 70 BPM", "the form is never cleared"


def test_takes_are_generations_of_one_request(
    app: AppTest, services: Services, settled: Settled
) -> None:
    app.radio(key="model").set_value("lyria-2").run()
    app.text_area(key="prompt").set_value("Waltz")
    app.text_input(key="seed").set_value("7")
    app.number_input(key="takes").set_value(3).run()
    app.button(key="generate").click().run()
    made = settled()
    assert sorted(g.seed or 0 for g in made) == [7, 8, 9]
    assert {(g.batch_id, g.takes) for g in made} == {(made[0].batch_id, 3)}
    assert services.library.ledger.spending("sandbox").total.charged == Decimal("0.18")


def test_takes_without_a_seed_get_seeds_of_their_own(app: AppTest, settled: Settled) -> None:
    """They are paid to differ, and each can be made again by the seed that its card shows."""
    app.radio(key="model").set_value("lyria-2").run()
    app.text_area(key="prompt").set_value("Waltz")
    app.number_input(key="takes").set_value(3).run()
    app.button(key="generate").click().run()
    seeds = {made.seed for made in settled()}
    assert len(seeds) == 3
    assert None not in seeds
    app.run()
    assert all(f"seed {seed}" in words(app) for seed in seeds)


def test_the_welcome_stays_until_there_is_something_to_show(app: AppTest, settled: Settled) -> None:
    [welcome] = [text.value for text in app.markdown if "Welcome." in text.value]
    sentences = re.split(r"(?<=[.!])\s+", welcome.removeprefix("**Welcome.** "))
    assert len(sentences) == 3, "so much can be read before the first click"
    app.radio(key="model").set_value("lyria-2").run()
    app.text_area(key="prompt").set_value("Waltz").run()
    assert "Welcome" in words(app)
    app.button(key="generate").click().run()
    assert "Welcome" not in words(app)


def test_models_show_what_they_make_and_the_table_what_they_take(app: AppTest) -> None:
    radio = app.radio(key="model")
    captions = dict(zip(radio.options, radio.proto.captions, strict=True))
    [table] = [html.proto.body for html in app.get("html") if "up to 10 images" in html.proto.body]
    for model in MODELS.values():
        [said] = [text for name, text in captions.items() if f"**{model.name}** " in name]
        assert said == model.description
        [row] = [row for row in table.split("<tr") if f">{model.name}<" in row]
        assert ("WAV, 48 kHz" in row) == (model.id == "lyria-2")
        assert ("up to 10 images" in row) == model.supports_images
        assert ("seed" in row) == model.supports_seed
    assert "22 May 2026" in words(app)


@pytest.mark.parametrize(
    ("model", "fields", "says"),
    [
        pytest.param("lyria-3", {"prompt": "  "}, "prompt", id="empty prompt"),
        pytest.param(
            "lyria-3",
            {"prompt": "x", "images": " ".join(f"https://a.example/{n}.png" for n in range(11))},
            "10 images",
            id="11 images",
        ),
        pytest.param("lyria-3", {"prompt": "x", "images": "no-url"}, "Image 1", id="bad URL"),
        pytest.param("lyria-2", {"prompt": "x", "seed": "a"}, "seed", id="non-integer seed"),
    ],
)
def test_a_wrong_field_is_refused_before_anything_is_sent(
    app: AppTest, services: Services, model: str, fields: dict[str, str], says: str
) -> None:
    app.radio(key="model").set_value(model).run()
    for key, value in fields.items():
        (app.text_input if key == "seed" else app.text_area)(key=key).set_value(value)
    app.button(key="generate").click().run()
    [refusal] = app.error
    assert says in refusal.value
    assert services.library.tracks.latest() == []
    for key, value in fields.items():
        field = (app.text_input if key == "seed" else app.text_area)(key=key)
        assert field.value == value, "what was typed is still there"


def test_a_price_that_was_not_on_the_button_is_not_paid(app: AppTest, settled: Settled) -> None:
    """The number of takes and the click arrive together: the person saw the price of one."""
    app.text_area(key="prompt").set_value("Once").run()
    app.number_input(key="takes").set_value(4)
    app.button(key="generate").click().run()
    [refusal] = app.error
    assert r"\$0.16 now and was \$0.04" in refusal.value
    assert settled() == []
    app.button(key="generate").click().run()
    assert len(settled()) == 4


def test_several_models_at_once(app: AppTest, settled: Settled) -> None:
    app.text_area(key="prompt").set_value("Compare us").run()
    app.pills[0].set_value(["lyria-2"]).run()
    assert label(app) == r"Make 2 tracks · \$0.10 (demo)"
    assert [field.key for field in app.text_input] == ["negative_prompt", "seed"]
    app.button(key="generate").click().run()
    assert sorted(made.model_id for made in settled()) == ["lyria-2", "lyria-3"]


def test_fields_of_another_model_are_kept_but_not_sent(app: AppTest) -> None:
    app.text_area(key="prompt").set_value("x")
    app.text_area(key="images").set_value("https://a.example/1.png").run()
    app.radio(key="model").set_value("lyria-2").run()
    assert "Kept, but not sent to Lyria 2: images" in words(app)
    app.radio(key="model").set_value("lyria-3-pro").run()
    assert app.text_area(key="images").value == "https://a.example/1.png"


def test_a_double_click_orders_once(app: AppTest, settled: Settled) -> None:
    app.text_area(key="prompt").set_value("Once")
    app.button(key="generate").click().run()
    app.button(key="generate").click().run()
    assert len(settled()) == 1
    assert any("Ordered once" in toast.value for toast in app.toast)


def test_copied_tab_orders_the_same_generation(app: AppTest, settled: Settled) -> None:
    app.text_area(key="prompt").set_value("Twice").run()
    copy = AppTest.from_file(str(app._script_path), default_timeout=20)
    copy.query_params["form"] = app.query_params["form"]
    copy.run()
    assert copy.text_area(key="prompt").value == "Twice", "the draft comes along"
    app.button(key="generate").click().run()
    copy.button(key="generate").click().run()
    assert len(settled()) == 1
    assert any("Already ordered" in toast.value for toast in copy.toast)


def test_a_reload_brings_the_draft_back(app: AppTest) -> None:
    app.radio(key="model").set_value("lyria-2").run()
    app.text_area(key="prompt").set_value("Half a thought").run()
    app.text_input(key="seed").set_value("5").run()
    again = AppTest.from_file(str(app._script_path), default_timeout=20)
    again.query_params["form"] = app.query_params["form"]
    again.run()
    assert again.radio(key="model").value == "lyria-2"
    assert again.text_area(key="prompt").value == "Half a thought"
    assert again.text_input(key="seed").value == "5"


def test_a_reload_brings_the_build_form_back(app: AppTest) -> None:
    app.text_area(key="prompt").set_value("Genre: funk\n\n[0:00 - 0:10] Intro: quiet").run()
    app.segmented_control(key="mode").set_value("Build").run()
    [row] = app.session_state["section_rows"]
    app.text_area(key=f"section-{row}-lyrics").set_value("Hello").run()
    again = copy_of(app)
    assert again.segmented_control(key="mode").value == "Build"
    assert again.selectbox(key="b_genre").value == "funk"
    assert again.text_area(key=f"section-{row}-lyrics").value == "Hello"
    before = str(app.text_area(key="prompt").value)
    again.selectbox(key="b_genre").set_value("soul").run()
    assert again.text_area(key="prompt").value == before.replace("funk", "soul")


def test_fields_that_no_chosen_model_reads_survive_a_reload(app: AppTest) -> None:
    app.text_area(key="images").set_value("https://a.example/1.png").run()
    app.radio(key="model").set_value("lyria-2").run()
    again = copy_of(app)
    again.radio(key="model").set_value("lyria-3").run()
    assert again.text_area(key="images").value == "https://a.example/1.png"


def test_text_that_was_cleared_stays_cleared_after_a_reload(app: AppTest) -> None:
    app.text_area(key="prompt").set_value("Half a thought").run()
    app.text_area(key="prompt").set_value("").run()
    assert copy_of(app).text_area(key="prompt").value == ""


def test_a_copied_tab_that_writes_something_else_has_a_draft_of_its_own(app: AppTest) -> None:
    app.text_area(key="prompt").set_value("Once").run()
    copy = copy_of(app)
    copy.text_area(key="prompt").set_value("Copied and changed").run()
    app.text_area(key="prompt").set_value("Changed here").run()
    assert app.query_params["form"] != copy.query_params["form"]
    assert copy_of(app).text_area(key="prompt").value == "Changed here"
    assert copy_of(copy).text_area(key="prompt").value == "Copied and changed"


def test_another_draft_in_the_address_replaces_text_with_undo(app: AppTest) -> None:
    """The Back button of the browser names the form of before."""
    app.text_area(key="prompt").set_value("The first").run()
    first = app.query_params["form"]
    app.button(key="generate").click().run()
    app.text_area(key="prompt").set_value("The second").run()
    go_to(app, form=first)
    assert app.text_area(key="prompt").value == "The first"
    app.button(key="undo_replace").click().run()
    assert app.text_area(key="prompt").value == "The second"


def test_with_text_in_the_box_the_first_track_is_that_text(
    app: AppTest, services: Services, settled: Settled
) -> None:
    app.text_area(key="prompt").set_value("My own idea").run()
    app.radio(key="model").set_value("lyria-2").run()
    assert r"\$0.06" in app.button(key="first_track").label
    app.button(key="first_track").click().run()
    [made] = settled()
    assert (made.prompt, made.model_id) == ("My own idea", "lyria-2")
    assert app.text_area(key="prompt").value == "My own idea"


def test_text_typed_right_before_the_first_track_is_ordered(app: AppTest, settled: Settled) -> None:
    app.text_area(key="prompt").set_value("Typed at last")
    app.button(key="first_track").click().run()
    assert [made.prompt for made in settled()] == ["Typed at last"]


def test_an_empty_box_makes_the_sample(app: AppTest, settled: Settled) -> None:
    app.button(key="first_track").click().run()
    [made] = settled()
    assert "lo-fi" in made.prompt
    assert app.text_area(key="prompt").value == made.prompt


@pytest.mark.parametrize("building", [False, True], ids=["Describe", "Build"])
@pytest.mark.parametrize("way", ["tip", "use again", "section"])
def test_replaced_text_comes_back_by_undo(
    app: AppTest, settled: Settled, way: str, building: bool
) -> None:
    if way == "section" and not building:
        pytest.skip("sections are removed in Build")
    app.text_area(key="prompt").set_value("Ordered before").run()
    app.button(key="generate").click().run()
    [made] = settled()
    mine = "Calm piano in the style of Taylor Swift\n\n[0:00 - 0:10] Intro: quiet"
    app.text_area(key="prompt").set_value(mine).run()
    assert not [button for button in app.button if button.key == "undo_replace"]
    if building:
        app.segmented_control(key="mode").set_value("Build").run()
    match way:
        case "tip":
            app.button(key="coach-name").click().run()
        case "use again":
            app.button(key=f"again-create-{made.id}").click().run()
        case "section":
            app.button(key=f"remove-{app.session_state['section_rows'][0]}").click().run()
    assert app.text_area(key="prompt").value != mine
    assert copy_of(app).button(key="undo_replace"), "also after a reload"
    app.button(key="undo_replace").click().run()
    assert app.text_area(key="prompt").value == mine
    assert app.segmented_control(key="mode").value == ("Build" if building else "Describe")
    if building:
        assert len(app.session_state["section_rows"]) == 1


def test_undo_keeps_what_was_typed_since(app: AppTest) -> None:
    app.text_area(key="prompt").set_value("Piano in the style of Taylor Swift").run()
    app.button(key="coach-name").click().run()
    app.text_area(key="prompt").set_value("Something newer").run()
    app.button(key="undo_replace").click().run()
    assert app.text_area(key="prompt").value == "Piano in the style of Taylor Swift"
    app.button(key="undo_replace").click().run()
    assert app.text_area(key="prompt").value == "Something newer"


def test_a_budget_that_is_too_small_stops_the_click(
    services: Services, monkeypatch: pytest.MonkeyPatch, app: AppTest
) -> None:
    monkeypatch.setenv("PIXAZO_API_KEY", "a-live-key")
    monkeypatch.setenv("LYRIA_BUDGET_DAY", "0.05")
    reset_services()
    app.run()
    app.text_area(key="prompt").set_value("Too dear")
    app.number_input(key="takes").set_value(2).run()
    app.button(key="generate").click().run()
    app.button(key="confirm_yes").click().run()  # the screen was opened in demo mode
    [refusal] = app.error
    assert refusal.value == (
        r"Today: \$0.00 of \$0.05 spent. \$0.05 left, \$0.03 too little. Nothing was charged. "
        "Order less or ask whoever starts this app to raise the limit."
    )
    assert label(app) == r"Make 2 tracks · \$0.08"
    assert "Orders cost real money." in words(app)
    assert get_services().library.tracks.latest() == []


@pytest.mark.parametrize("form", ["x", "0" * 31, "../../etc/passwd", "A" * 32])
def test_invalid_form_id_is_ignored(services: Services, app: AppTest, form: str) -> None:
    other = AppTest.from_file(str(app._script_path), default_timeout=20)
    other.query_params["form"] = form
    other.run()
    assert not other.exception
    assert other.session_state["form"] != form


def test_the_end_of_a_generation_is_announced_on_every_screen(
    app: AppTest, settled: Settled
) -> None:
    app.text_area(key="prompt").set_value("[[error]] *Etude* in $5").run()
    app.button(key="generate").click().run()
    app.session_state["seen_states"] = {g.id: State.QUEUED for g in settled()}
    app.switch_page("pricing.py").run()
    [toast] = app.toast
    assert toast.value == r"Failed: \*Etude\* in \$5"
    assert not app.run().toast, "it is announced once"


def test_expensive_order_needs_confirmation(
    services: Services, monkeypatch: pytest.MonkeyPatch, app: AppTest
) -> None:
    monkeypatch.setenv("PIXAZO_API_KEY", "a-live-key")
    reset_services()
    get_services().library.ledger.set_preferences(
        confirm_above_usd=Decimal("0.10"), daily_budget_usd=Decimal("1.00")
    )
    get_services().worker.stop()  # a refusal of the gateway would free what the click reserves
    app.run()
    app.text_area(key="prompt").set_value("Dear").run()
    app.number_input(key="takes").set_value(3).run()
    assert r"Today: \$0.00 of \$1.00 spent. \$1.00 left." in words(app)
    app.button(key="generate").click().run()
    assert "The live gateway now, demo mode before. Make 3 tracks for $0.12?" in words(app)
    assert get_services().library.tracks.latest() == []
    app.button(key="confirm_no").click().run()
    assert "Make 3 tracks for" not in words(app)
    assert get_services().library.tracks.latest() == []
    app.button(key="generate").click().run()
    app.button(key="confirm_yes").click().run()
    assert len(get_services().library.tracks.latest()) == 3
    assert r"Today: \$0.12 of \$1.00 spent. \$0.88 left." in words(app)


def test_applying_a_tip_keeps_later_typing(app: AppTest) -> None:
    app.text_area(key="prompt").set_value("Calm piano in the style of Taylor Swift").run()
    app.text_area(key="prompt").set_value("Calm piano in the style of Taylor Swift, with rain")
    app.button(key="coach-name").click().run()
    mended = str(app.text_area(key="prompt").value)
    assert "Taylor Swift" not in mended
    assert mended.endswith("with rain")
