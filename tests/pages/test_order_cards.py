"""One order is one card: its title, its takes and models, what can be done with them."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest
from support.app_words import words
from support.library_rows import takes

from lyria_studio.model.generation import Generation
from lyria_studio.prompts import new_template
from lyria_studio.services import Services

Settled = Callable[[], list[Generation]]


def cards(app: AppTest) -> list[str]:
    """The titles of the cards, by their fields for renaming."""
    return [field.value or "" for field in app.text_input if str(field.key).startswith("title-")]


def order(app: AppTest, prompt: str, count: int, also: list[str]) -> None:
    """Order takes of a prompt by the form."""
    app.text_area(key="prompt").set_value(prompt).run()
    app.number_input(key="takes").set_value(count).run()
    app.pills[0].set_value(also).run()
    app.button(key="generate").click().run()


def test_takes_and_models_of_a_click_share_a_card_at_the_top(
    app: AppTest, settled: Settled
) -> None:
    order(app, "Earlier waltz", 1, [])
    order(app, "Bright house, 124 BPM, piano", 2, ["lyria-2"])
    made = settled()
    assert len(made) == 5
    app.run()
    assert cards(app) == ["Bright house, piano", "Earlier waltz"]
    said = words(app)
    for row in ("Lyria 3, take 1", "Lyria 3, take 2", "Lyria 2, take 1", "Lyria 2, take 2"):
        assert row in said
    assert r"2 models · \$0.20 (demo)" in said
    compare = [one for one in app.button if str(one.key).startswith("compare-these-")]
    assert len(compare) == 1, "one track alone has nothing to be compared with"


def test_card_counts_what_is_still_generating(app: AppTest, services: Services) -> None:
    services.worker.stop()
    order(app, "Waltz", 3, [])
    assert "3 generating" in words(app)
    first = services.library.tracks.latest(3)[-1]
    services.library.jobs.cancel(first.id)
    app.run()
    assert "2 more generating" in words(app)


def test_compare_these_opens_a_free_comparison(
    app: AppTest, services: Services, settled: Settled
) -> None:
    order(app, "Bright house", 2, [])
    settled()
    app.run()
    spent = services.library.ledger.spending("sandbox").total.charged
    [button] = [one for one in app.button if str(one.key).startswith("compare-these-")]
    button.click().run()
    [comparison] = services.library.listening.comparisons()
    assert len(comparison.variants) == 2
    assert services.library.ledger.spending("sandbox").total.charged == spent
    assert len(settled()) == 2


def test_new_title_is_on_cards_toasts_and_names_of_downloads(
    app: AppTest, services: Services, settled: Settled
) -> None:
    order(app, "Bright house, piano", 2, [])
    made = settled()
    app.run()
    key = f"title-create-{made[0].batch_id}"
    app.text_input(key=key).set_value("Opening theme").run()
    renamed = services.library.tracks.batch(made[0].batch_id)
    assert [one.name for one in renamed] == ["Opening theme, take 1", "Opening theme, take 2"]
    assert cards(app.run()) == ["Opening theme"]
    names = [track.file_name for one in renamed for track in one.tracks]
    assert names == [
        "opening-theme_lyria-3-sandbox_take-1.wav",
        "opening-theme_lyria-3-sandbox_take-2.wav",
    ]
    app.switch_page("history.py").run()
    assert words(app).count("Opening theme") == 2
    app.switch_page("create.py").run()
    app.text_input(key=key).set_value("").run()
    assert services.library.tracks.generation(made[0].id).title == "Bright house, piano"


def test_an_order_from_ones_own_template_has_its_name(
    app: AppTest, services: Services, settled: Settled
) -> None:
    services.library.tracks.keep_template(new_template("Our jingle", "Waltz, harp", "lyria-3"))
    order(app, "Waltz, harp", 1, [])
    assert [one.title for one in settled()] == ["Our jingle"]


def test_rows_from_before_titles_get_one_from_their_prompt(services: Services) -> None:
    [old] = services.library.jobs.order(takes(prompt="Calm solo piano, 70 BPM"))
    services.library.tracks.rename([old.id], None, {})
    assert services.library.tracks.generation(old.id).title == "Calm solo piano"
