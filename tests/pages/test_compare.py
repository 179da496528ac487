"""The Compare screen, driven without a browser."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app_address import go_to
from support.app_words import words

from lyria_studio.audio import Measured, measure
from lyria_studio.comparisons import Sketch
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.orders.from_comparison import Payer, order
from lyria_studio.services import Services, get_services, reset_services
from lyria_studio.ui import watch
from lyria_studio.worker import levels

Settled = Callable[[], list[Generation]]

PIANO = "Calm piano waltz, 96 BPM"
HARP = "Calm harp waltz, 96 BPM"


@pytest.fixture
def compare(app: AppTest) -> AppTest:
    """The Compare screen as it opens."""
    return app.switch_page("compare.py").run()


def copy_of(app: AppTest) -> AppTest:
    """The same address in another tab."""
    other = AppTest.from_file(str(app._script_path), default_timeout=20)
    other.switch_page("compare.py")
    for name, value in app.query_params.items():
        other.query_params[name] = value
    return other.run()


def write(app: AppTest, *prompts: str) -> AppTest:
    """Fill in a blank form with these prompts, for one take each."""
    app.button(key="compare_new").click().run()
    app.text_area(key="variant-A-prompt").set_value(prompts[0]).run()
    for letter, prompt in zip("BCDEF", prompts[1:], strict=False):
        if letter != "B":
            app.button(key="another").click().run()
        app.text_area(key=f"variant-{letter}-prompt").set_value(prompt).run()
    return app.number_input(key="comparison_takes").set_value(1).run()


def make(app: AppTest, *prompts: str) -> AppTest:
    """Make a comparison of these prompts."""
    write(app, *prompts)
    return app.button(key="compare_order").click().run()


def land(app: AppTest) -> AppTest:
    """Stay where a click led from another screen: the driver forgets it at the next drawing."""
    comparison = app.query_params["comparison"]
    app.switch_page("compare.py")
    app.query_params["comparison"] = comparison
    return app.run()


def the_only(services: Services) -> Comparison:
    [comparison] = services.library.listening.comparisons()
    return comparison


def diffs(app: AppTest) -> str:
    return "\n".join(str(item.proto.body) for item in app.get("html"))


def test_empty_screen_offers_an_example_comparison(
    compare: AppTest, services: Services, settled: Settled
) -> None:
    assert not compare.exception
    assert "Which prompt is better?" in words(compare)
    assert "<del>piano</del> <ins>harp</ins>" in diffs(compare)
    button = compare.button(key="first_comparison_button")
    assert button.label == r"Make this comparison · \$0.08 (demo)"
    button.click().run()
    made = settled()
    assert sorted(one.id[-3:] for one in made) == ["-A1", "-B1"]
    assert {one.state for one in made} == {State.READY}
    comparison = the_only(services)
    assert {slot.generation_id for slot in comparison.slots} == {one.id for one in made}
    assert compare.query_params["comparison"] == comparison.id
    compare.run()
    assert not compare.exception
    assert "Demo mode: the verdict is not about Lyria's music" in words(compare)


def test_b_follows_a_until_it_is_changed(
    compare: AppTest, services: Services, settled: Settled
) -> None:
    write(compare, PIANO)
    assert compare.text_area(key="variant-B-prompt").value == PIANO
    assert "Same as A. Change one thing." in diffs(compare)
    assert "B asks for the same as A." in words(compare)
    compare.text_area(key="variant-B-prompt").set_value(HARP).run()
    assert "<del>piano</del> <ins>harp</ins>" in diffs(compare)
    compare.selectbox(key="variant-B-model").set_value("lyria-2").run()
    assert "the words and the model" in words(compare)
    assert "Model: <del>Lyria 3</del> <ins>Lyria 2</ins>" in diffs(compare)
    compare.text_input(key="variant-B-negative").set_value("drums")
    compare.number_input(key="variant-B-seed").set_value(7)
    compare.number_input(key="comparison_takes").set_value(2).run()
    assert compare.button(key="compare_order").label == r"Make 4 tracks · \$0.20 (demo)"
    compare.button(key="compare_order").click().run()
    made = {one.id[-2:]: one for one in settled()}
    assert sorted(made) == ["A1", "A2", "B1", "B2"]
    assert [made[name].seed for name in ("A1", "B1", "B2")] == [None, 7, 8]
    assert made["B1"].negative_prompt == "drums"
    assert the_only(services).name == "Piano, Lyria 3 or harp, Lyria 2, without drums"


def test_words_of_b_stay_when_a_changes(compare: AppTest) -> None:
    write(compare, PIANO, HARP, PIANO)
    compare.text_area(key="variant-A-prompt").set_value("Slow piano waltz").run()
    prompts = [area.value for area in compare.text_area]
    assert prompts == ["Slow piano waltz", HARP, "Slow piano waltz"]


def test_comparison_of_models_shows_the_prompt_once_and_each_price(
    compare: AppTest, services: Services, settled: Settled
) -> None:
    write(compare, PIANO, PIANO, PIANO)
    compare.selectbox(key="variant-B-model").set_value("lyria-3-pro").run()
    compare.selectbox(key="variant-C-model").set_value("lyria-2").run()
    compare.button(key="compare_order").click().run()
    settled()
    compare.run()
    assert the_only(services).name == "Lyria 3, Lyria 3 Pro or Lyria 2"
    shown = words(compare)
    for price in (r"Lyria 3 · \$0.04 (demo)", r"Lyria 3 Pro · \$0.08", r"Lyria 2 · \$0.06"):
        assert price in shown
    everything = f"{shown}\n{diffs(compare)}"
    assert everything.count(PIANO) == 1


def test_new_variants_have_four_takes_and_one_click_leads_back_to_one(compare: AppTest) -> None:
    write(compare, PIANO, HARP)
    compare.number_input(key="comparison_takes").set_value(4).run()
    label = compare.button(key="compare_order").label
    assert label == r"Make 8 tracks · 2 × 4 × \$0.04 = \$0.32 (demo)"
    assert compare.button(key="one_take").label == r"Make only 1 take each · \$0.08 (demo)"
    compare.button(key="one_take").click().run()
    assert compare.button(key="compare_order").label == r"Make 2 tracks · \$0.08 (demo)"


def test_removing_a_variant_moves_the_others_up(compare: AppTest) -> None:
    write(compare, PIANO, HARP, "Calm lute waltz")
    compare.button(key="remove-B").click().run()
    prompts = [area.value for area in compare.text_area]
    assert prompts == [PIANO, "Calm lute waltz"]


def test_reload_restores_the_form(compare: AppTest) -> None:
    write(compare, PIANO, HARP)
    compare.selectbox(key="variant-B-model").set_value("lyria-2").run()
    compare.number_input(key="variant-B-seed").set_value(7)
    compare.text_input(key="comparison_name").set_value("Mine *so*").run()
    again = copy_of(compare)
    assert again.text_area(key="variant-B-prompt").value == HARP
    assert again.number_input(key="variant-B-seed").value == 7
    assert again.text_input(key="comparison_name").value == "Mine *so*"
    go_to(again)
    assert "Draft" in words(again)


def test_hidden_field_returns_with_its_model(compare: AppTest) -> None:
    write(compare, PIANO, HARP)
    compare.selectbox(key="variant-B-model").set_value("lyria-2").run()
    compare.text_input(key="variant-B-negative").set_value("drums").run()
    compare.selectbox(key="variant-B-model").set_value("lyria-3").run()
    assert not compare.get("text_input")[1:]
    compare.selectbox(key="variant-B-model").set_value("lyria-2").run()
    assert compare.text_input(key="variant-B-negative").value == "drums"


def test_a_double_click_orders_once(compare: AppTest, services: Services, settled: Settled) -> None:
    write(compare, PIANO, HARP)
    compare.button(key="compare_order").click().run()
    comparison = the_only(services)
    # What the second half of a double click does, whose button has gone by then.
    access = services.access()
    for _ in range(2):
        order(services, comparison.id, Sketch.of_comparison(comparison), Payer(access, "s"))
    assert len(settled()) == 2


def test_copied_tab_orders_nothing_twice(compare: AppTest, settled: Settled) -> None:
    write(compare, PIANO, HARP)
    other = copy_of(compare)
    assert other.text_area(key="variant-B-prompt").value == HARP
    compare.button(key="compare_order").click().run()
    other.button(key="compare_order").click().run()
    assert len(settled()) == 2
    assert any("nothing was ordered again" in toast.value for toast in other.toast)
    assert not other.exception


def test_copied_tab_cannot_change_an_order(
    compare: AppTest, services: Services, settled: Settled
) -> None:
    write(compare, PIANO, HARP)
    other = copy_of(compare)
    compare.button(key="compare_order").click().run()
    other.text_area(key="variant-B-prompt").set_value("Something else").run()
    settled()
    assert the_only(services).variants[1].prompt == HARP
    assert not other.exception
    assert not other.text_area, "the form has become the comparison"


def test_crash_between_saving_and_ordering_loses_nothing(
    compare: AppTest, services: Services, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(compare, PIANO, HARP)
    monkeypatch.setattr(services.library.listening, "fill_slots", _power_cut)
    compare.button(key="compare_order").click().run()
    monkeypatch.undo()
    reloaded = copy_of(compare)
    assert not reloaded.exception
    settled()
    comparison = the_only(services)
    assert all(slot.generation_id for slot in comparison.slots)
    assert len(settled()) == 2


def test_missing_takes_are_ordered_by_one_click(
    compare: AppTest, services: Services, settled: Settled
) -> None:
    make(compare, PIANO, HARP)
    made = settled()
    comparison = the_only(services)
    half = replace(Sketch.of_comparison(comparison), takes=2, name="half").new("0" * 31 + "f")
    services.library.listening.save_comparison(half)
    services.library.listening.fill_slots(half.id, {("A", 1): made[0].id})
    go_to(compare, comparison=half.id)
    assert "3 tracks of this comparison are not ordered yet." in words(compare)
    button = compare.button(key="compare_missing")
    assert button.label == r"Make 3 tracks · \$0.12 (demo)"
    button.click().run()
    button.click().run()
    assert len(settled()) == 5


def test_a_budget_that_is_too_small_stops_the_click(
    services: Services, monkeypatch: pytest.MonkeyPatch, app: AppTest
) -> None:
    monkeypatch.setenv("PIXAZO_API_KEY", "a-live-key")
    monkeypatch.setenv("LYRIA_BUDGET_DAY", "0.05")
    reset_services()
    app.switch_page("compare.py").run()
    write(app, PIANO, HARP)
    line = r"Today: \$0.00 of \$0.05 spent. \$0.05 left, \$0.03 too little."
    assert line in words(app)
    app.button(key="compare_order").click().run()
    app.button(key="compare_confirm_yes").click().run()  # the screen was opened in demo mode
    [refusal] = app.error
    assert refusal.value.startswith(f"{line} Nothing was charged.")
    assert get_services().library.tracks.latest() == []
    assert app.text_area(key="variant-B-prompt").value == HARP


def test_expensive_order_needs_confirmation(
    services: Services, monkeypatch: pytest.MonkeyPatch, app: AppTest
) -> None:
    monkeypatch.setenv("PIXAZO_API_KEY", "a-live-key")
    reset_services()
    get_services().library.ledger.set_preferences(confirm_above_usd=Decimal("0.05"))
    app.switch_page("compare.py").run()
    write(app, PIANO, HARP)
    app.button(key="compare_order").click().run()
    assert "The live gateway now, demo mode before. Make 2 tracks for $0.08?" in words(app)
    assert get_services().library.tracks.latest() == []
    app.button(key="compare_confirm_yes").click().run()
    assert len(get_services().library.tracks.latest()) == 2


def test_a_variant_that_cannot_be_sent_is_named(compare: AppTest, services: Services) -> None:
    write(compare, PIANO, HARP)
    compare.text_area(key="variant-B-prompt").set_value(" ").run()
    compare.button(key="compare_order").click().run()
    [refusal] = compare.error
    assert refusal.value.startswith("B: ")
    assert services.library.tracks.latest() == []


def test_comparison_listens_until_its_tracks_can_be_played_equally_loud(
    compare: AppTest, services: Services, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = threading.Event()

    def late(path: Path) -> Measured:
        assert drawn.wait(30)
        return measure(path)

    monkeypatch.setattr(levels, "measure", late)
    make(compare, PIANO, HARP)
    takes = {one.id for one in settled()}
    assert set(compare.run().session_state[watch.TOPICS]) == takes
    drawn.set()
    while services.library.tracks.without_levels():
        time.sleep(0.05)
    assert not compare.run().session_state[watch.TOPICS]


def test_a_failed_take_is_replaced_by_one_click(
    compare: AppTest, services: Services, settled: Settled
) -> None:
    make(compare, PIANO, f"{HARP} [[error]]")
    settled()
    compare.run()
    button = compare.button(key="replace-B1")
    assert button.label == r"Make it again · \$0.04 (demo)"
    button.click().run()
    button.click().run()
    made = settled()
    assert len(made) == 3
    slot = the_only(services).slot("B", 1)
    assert slot.generation_id is not None
    assert slot.generation_id.endswith("-B1-2")
    assert [one[-3:] for one in slot.earlier] == ["-B1"]


def test_expensive_replacement_needs_confirmation(
    compare: AppTest,
    services: Services,
    settled: Settled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make(compare, PIANO, f"{HARP} [[error]]")
    settled()
    # The question is for real money only; the sandbox stands in for it here.
    monkeypatch.setattr("lyria_studio.ui.compare.paid_clicks.asks_again", lambda *_: True)
    compare.run()
    compare.button(key="replace-B1").click().run()
    assert "Make 1 track for $0.04?" in words(compare)
    assert len(settled()) == 2
    compare.button(key="compare_confirm_yes").click().run()
    assert len(settled()) == 3


def test_example_in_another_tab_orders_nothing_twice(
    compare: AppTest, services: Services, settled: Settled
) -> None:
    other = copy_of(compare)
    compare.button(key="first_comparison_button").click().run()
    other.button(key="first_comparison_button").click().run()
    assert len(settled()) == 2
    assert any("nothing was ordered" in toast.value for toast in other.toast)


def test_comparison_starts_from_the_create_form(app: AppTest, services: Services) -> None:
    app.radio(key="model").set_value("lyria-2").run()
    app.text_area(key="prompt").set_value(PIANO)
    app.text_input(key="seed").set_value("7")
    app.button(key="compare_prompt").click().run()
    assert [title.value for title in app.title] == ["New comparison"]
    for letter in "AB":
        assert app.text_area(key=f"variant-{letter}-prompt").value == PIANO
        assert app.number_input(key=f"variant-{letter}-seed").value == 7
    assert services.library.tracks.latest() == []


def test_track_from_history_becomes_a_and_is_not_paid_again(
    app: AppTest, services: Services, settled: Settled
) -> None:
    app.text_area(key="prompt").set_value(PIANO).run()
    app.button(key="generate").click().run()
    [track] = settled()
    app.switch_page("history.py").run()
    app.button(key=f"compare-history-{track.id}").click().run()
    land(app)
    assert app.button(key="compare_order").label == r"Make 7 tracks · \$0.28 (demo)"
    app.button(key="one_take").click().run()
    assert app.button(key="compare_order").label == r"Make 1 track · \$0.04 (demo)"
    assert r"Take 1 of A: already made, \$0." in words(app)
    app.text_area(key="variant-A-prompt").set_value("Other words").run()
    assert app.button(key="compare_order").label == r"Make 2 tracks · \$0.08 (demo)"
    assert "Restore the prompt to use it" in words(app)
    app.text_area(key="variant-A-prompt").set_value(PIANO).run()
    app.text_area(key="variant-B-prompt").set_value(HARP).run()
    app.button(key="compare_order").click().run()
    assert len(settled()) == 2
    assert the_only(services).slot("A", 1).generation_id == track.id


def test_comparing_sandbox_and_live_tracks_shows_a_warning(
    app: AppTest, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.text_area(key="prompt").set_value(PIANO).run()
    app.button(key="generate").click().run()
    [track] = settled()
    monkeypatch.setenv("PIXAZO_API_KEY", "a-live-key")
    reset_services()
    app.switch_page("history.py").run()
    app.button(key=f"compare-history-{track.id}").click().run()
    land(app)
    assert "That track is a demo track and the new ones will be Lyria's" in words(app)


def test_comparing_existing_tracks_is_free(
    app: AppTest, services: Services, settled: Settled
) -> None:
    for prompt in (PIANO, HARP):
        app.text_area(key="prompt").set_value(prompt).run()
        app.button(key="generate").click().run()
    harp, piano = settled()
    app.switch_page("compare.py").run()
    for track in (piano, harp):
        app.checkbox(key=f"choose-{track.id}").check().run()
    app.button(key="compare_chosen").click().run()
    assert len(settled()) == 2
    comparison = the_only(services)
    assert app.query_params["comparison"] == comparison.id
    assert comparison.name == "Piano or harp"
    assert [slot.generation_id for slot in comparison.slots] == [piano.id, harp.id]


def test_a_variant_can_be_a_track_that_exists(app: AppTest, settled: Settled) -> None:
    app.text_area(key="prompt").set_value(HARP).run()
    app.button(key="generate").click().run()
    [harp] = settled()
    app.switch_page("compare.py").run()
    write(app, PIANO, PIANO)
    app.button(key="pick-B").click().run()
    app.text_input(key="picker_B_search").set_value("harp").run()
    app.button(key=f"take-B-{harp.id}").click().run()
    assert app.text_area(key="variant-B-prompt").value == HARP
    assert app.button(key="compare_order").label == r"Make 1 track · \$0.04 (demo)"
    app.button(key="undo_replace").click().run()
    assert app.text_area(key="variant-B-prompt").value == PIANO


def test_a_removed_variant_comes_back_by_undo(compare: AppTest) -> None:
    write(compare, PIANO, HARP, "Calm lute waltz")
    compare.button(key="remove-B").click().run()
    compare.button(key="undo_replace").click().run()
    assert [area.value for area in compare.text_area] == [PIANO, HARP, "Calm lute waltz"]


def test_renaming_and_deleting(compare: AppTest, services: Services, settled: Settled) -> None:
    make(compare, PIANO, HARP)
    settled()
    comparison = the_only(services)
    compare.run()
    compare.text_input(key=f"rename-{comparison.id}").set_value("*Mine* <b>")
    compare.button(key="rename").click().run()
    assert the_only(services).name == "*Mine* <b>"
    assert "*Mine* &lt;b&gt;" in diffs(compare)
    assert compare.button(key="delete_comparison").disabled
    compare.checkbox(key=f"sure-{comparison.id}").check().run()
    compare.button(key="delete_comparison").click().run()
    assert services.library.listening.comparisons() == []
    assert len(services.library.tracks.latest()) == 2, "the tracks stay"
    assert "Which prompt is better?" in words(compare)


def test_a_draft_is_discarded(compare: AppTest, services: Services) -> None:
    write(compare, PIANO, HARP)
    comparison = the_only(services)
    compare.button(key="discard_comparison").click().run()
    assert services.library.listening.comparisons() == []
    assert services.library.tracks.draft(comparison.id) == {}
    assert "Which prompt is better?" in words(compare)


@pytest.mark.parametrize("named", ["x", "../../etc/passwd", "A" * 32, "0" * 32])
def test_an_address_that_names_no_comparison_shows_the_list(compare: AppTest, named: str) -> None:
    go_to(compare, comparison=named)
    assert not compare.exception
    assert "Which prompt is better?" in words(compare)


def _power_cut(*_: object) -> None:
    raise OSError
