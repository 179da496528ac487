"""The History screen, driven without a browser."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest
from support.app_address import go_to
from support.app_words import words

from lyria_core import MusicRequest
from lyria_studio.model.generation import Generation, NewGeneration, new_intent_id
from lyria_studio.services import Services

Settled = Callable[[], list[Generation]]


def order(services: Services, prompt: str, model: str = "lyria-3") -> None:
    """Order one track, as the form does."""
    access = services.access()
    form = new_intent_id()
    services.library.jobs.order(
        [
            NewGeneration(
                id=f"{form}-1",
                request=MusicRequest(model=model, prompt=prompt),
                access_gateway=access.gateway,
                base_url=access.base_url,
                key_fingerprint=access.fingerprint,
                batch_id=form,
            )
        ]
    )
    services.worker.wake()


@pytest.fixture
def history(app: AppTest) -> AppTest:
    """The History screen as it opens."""
    return app.switch_page("history.py").run()


def test_an_empty_library_says_so(history: AppTest) -> None:
    assert "Nothing here yet" in words(history)


def test_it_lists_the_newest_first_a_page_at_a_time(
    services: Services, settled: Settled, history: AppTest
) -> None:
    for number in range(13):
        order(services, f"Etude number {number:02d}")
    settled()
    history.run()
    shown = [text.value for text in history.text if text.value.startswith("Etude")]
    assert list(dict.fromkeys(shown)) == [f"Etude number {n:02d}" for n in range(12, 2, -1)]
    [pages] = history.pagination
    pages.set_value(2).run()
    shown = [text.value for text in history.text if text.value.startswith("Etude")]
    assert list(dict.fromkeys(shown)) == [f"Etude number {n:02d}" for n in (2, 1, 0)]


def test_search_and_filters_narrow_it(
    services: Services, settled: Settled, history: AppTest
) -> None:
    order(services, "Slow waltz for strings")
    order(services, "Fast polka", "lyria-2")
    order(services, "[[fail]] Broken march")
    settled()
    history.text_input(key="search").set_value("WALTZ").run()
    assert "Slow waltz" in words(history)
    assert "Fast polka" not in words(history)
    history.text_input(key="search").set_value("").run()
    history.selectbox(key="model_filter").set_value("lyria-2").run()
    assert "Fast polka" in words(history)
    assert "Slow waltz" not in words(history)
    history.selectbox(key="model_filter").set_value("").run()
    history.selectbox(key="state_filter").set_value("Needs action").run()
    assert "Broken march" in words(history)
    assert "Fast polka" not in words(history)
    history.text_input(key="search").set_value("nowhere").run()
    assert "Nothing matches" in words(history)


def test_address_is_the_view(services: Services, settled: Settled, history: AppTest) -> None:
    """A link or a reload shows the same rows, and Back returns to the rows before."""
    for number in range(11):
        order(services, f"Waltz {number:02d}", "lyria-2")
    order(services, "Polka")
    settled()
    history.text_input(key="search").set_value("waltz").run()
    history.selectbox(key="model_filter").set_value("lyria-2").run()
    history.selectbox(key="state_filter").set_value("Ready").run()
    history.pagination[0].set_value(2).run()
    view = {"search": "waltz", "model_filter": "lyria-2", "state_filter": "Ready"}
    assert history.query_params == {**view, "page": "2"}
    again = AppTest.from_file(str(history._script_path), default_timeout=20)
    again.switch_page("history.py")
    for name, value in history.query_params.items():
        again.query_params[name] = value
    again.run()
    assert "Waltz 00" in words(again)
    assert "Waltz 01" not in words(again)
    go_to(again, search="polka", state_filter="Ready")
    assert again.text_input(key="search").value == "polka"
    assert again.selectbox(key="model_filter").value == ""
    assert "Polka" in words(again)
    history.selectbox(key="state_filter").set_value("").run()
    assert history.query_params == {"search": "waltz", "model_filter": "lyria-2"}
    assert history.pagination[0].value == 1, "other rows begin at the first page"


@pytest.mark.parametrize("change", ["waltz", "wal"])
def test_search_typed_while_the_address_lags_is_kept(history: AppTest, change: str) -> None:
    """On a slow network the browser sends the next letters, or news, with an older address."""
    history.text_input(key="search").set_value("wal").run()
    history.query_params.clear()
    history.text_input(key="search").set_value(change).run()
    assert history.text_input(key="search").value == change


def test_each_change_of_the_view_is_one_step_back(
    services: Services, settled: Settled, history: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search begins at the first page again, and Back must not stop between the two."""
    for number in range(11):
        order(services, f"Waltz {number:02d}", "lyria-2")
    settled()
    history.run()
    history.pagination[0].set_value(2).run()
    sent: list[str] = []
    told = QueryParams._send_query_param_msg

    def counted(params: QueryParams) -> None:
        sent.append(str(params))
        told(params)

    monkeypatch.setattr(QueryParams, "_send_query_param_msg", counted)
    history.text_input(key="search").set_value("waltz").run()
    assert len(sent) == 1
    assert history.query_params == {"search": "waltz"}


def test_use_again_fills_the_form_and_orders_nothing(
    services: Services, settled: Settled, history: AppTest
) -> None:
    access = services.access()
    form = new_intent_id()
    request = MusicRequest(
        model="lyria-2", prompt="Marimba study", negative_prompt="drums", seed=99
    )
    services.library.jobs.order(
        [
            NewGeneration(
                id=f"{form}-1",
                request=request,
                access_gateway=access.gateway,
                base_url=access.base_url,
                key_fingerprint=access.fingerprint,
                batch_id=form,
            )
        ]
    )
    services.worker.wake()
    [made] = settled()
    history.run()
    history.button(key=f"again-history-{made.id}").click().run()
    assert "What should it sound like?" in words(history)
    assert history.radio(key="model").value == "lyria-2"
    assert history.text_area(key="prompt").value == "Marimba study"
    assert history.text_input(key="negative_prompt").value == "drums"
    assert history.text_input(key="seed").value == "99"
    assert len(settled()) == 1


@pytest.mark.parametrize(
    "prompt",
    [
        "<script>alert(1)</script> <b>bold</b>",
        "**bold** $a$ and $b$ :material/home: [link](https://a.example)",
        "שלום עולם",
        "こんにちは 🎹",
        "x" * 20_000,
    ],
    ids=["HTML", "Markdown", "right to left", "CJK and emoji", "20,000 characters"],
)
def test_a_prompt_is_shown_as_it_was_typed(
    services: Services, settled: Settled, history: AppTest, prompt: str
) -> None:
    order(services, prompt)
    settled()
    history.run()
    assert prompt in [text.value for text in history.text]


def test_user_settles_an_unknown_outcome(
    services: Services, settled: Settled, history: AppTest
) -> None:
    order(services, "[[drop]] Lost answer")
    [made] = settled()
    history.run()
    history.text_input(key=f"request-history-{made.id}").set_value("nonsense").run()
    history.button(key=f"taken-history-{made.id}").click().run()
    assert settled()[0].state is made.state
    assert history.error, "a wrong id is refused with a sentence"
    history.button(key=f"free-history-{made.id}").click().run()
    assert services.library.ledger.spending("sandbox").total.freed == made.price_usd
    assert "You settled this as not charged." in words(history)
    history.button(key=f"undo-history-{made.id}").click().run()
    [undone] = settled()
    assert replace(undone, updated_at=made.updated_at) == made
    assert services.library.ledger.spending("sandbox").total.freed == 0
