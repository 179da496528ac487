"""The form of the Create screen: prompt, model, options and the price of the click."""

import functools
from decimal import Decimal
from random import SystemRandom

import streamlit as st

from lyria_core import MODELS
from lyria_studio.model.draft import MAX_TAKES, Draft
from lyria_studio.money import usd
from lyria_studio.phrases import count
from lyria_studio.prompts import surprise
from lyria_studio.services import Services
from lyria_studio.ui import (
    builder,
    dialogs,
    image_thumbnails,
    lyrics_editor,
    order_click,
    paying,
    price_list,
    session,
    tab,
    template_gallery,
    tips,
    toasts,
    undo,
    watch,
)
from lyria_studio.ui.compare import starting
from lyria_studio.ui.error_messages import keeping_input, show_error, show_pending
from lyria_studio.wording import literal

ORDERS = ("generate", "first_track", "confirm")
MAKE, FIRST = "Make {tracks} · {price}", "Make a sample track · {price}"
PLACEHOLDER = (
    "Genre, mood, instruments, tempo. Such as: warm lo-fi hip hop, 80 BPM, Rhodes and jazz guitar."
)


def draw_head(services: Services) -> None:
    """Draw the title and the ways to write a prompt; call before the form is drawn."""
    session.form_id(services)
    with st.container(horizontal=True, key="form_head", vertical_alignment="center"):
        st.title("What should it sound like?", anchor=False, width="content")
        template_gallery.draw(services)
    with st.container(horizontal=True, key="form_modes", vertical_alignment="center"):
        builder.choose()
        with st.popover("Models", icon=":material/table_view:", type="tertiary"):
            price_list.table()
            st.page_link("pricing.py", label="Spending and estimates")


@st.fragment
def draw(services: Services) -> None:
    """Draw the form, with the price of the click on its button.

    It is a fragment: a change of a field draws the form again and nothing else. An order draws the
    whole page.
    """
    session.form_id(services)
    session.keep_choices()
    dialogs.catch_up()
    plain = not (session.building() or session.writing_lyrics())
    if session.building():
        builder.draw(session.draft().model)
    elif session.writing_lyrics():
        lyrics_editor.draw(session.draft().model, builder.carry)
    st.text_area(
        "Prompt" if plain else "Prompt as it will be sent",
        value=session.initial("prompt", ""),
        key="prompt",
        height="content",
        label_visibility="collapsed" if plain else "visible",
        placeholder=PLACEHOLDER,
        persist_state="session",
        on_change=builder.read_back,
    )
    _models()
    _options(services, session.draft())
    draft = session.draft()
    form = session.keep(services)
    price = draft.price_usd()
    _tab(services, form)
    with st.container(key="makebar"):
        clicked = st.button(
            _label(services, MAKE, draft.count, price),
            key="generate",
            type="primary",
            icon=":material/graphic_eq:",
            width="stretch",
            on_click=keeping_input(order_click.order),
            args=(services, form, price),
        )
    # The first click after a restart of the app comes to a session without callbacks.
    order_click.catch_up(services, form, clicked)
    builder.catch_up()
    if refusal := st.session_state.pop(order_click.REFUSAL, None):
        show_error(refusal)
    show_pending()
    toasts.show()
    if asked := st.session_state.pop(order_click.ASKED, None):
        paying.ask(services, draft.count, asked[1], order_click.order, *asked, True)
    paying.consequence(services, price)
    undo.draw(session.snapshot, builder.put_back)
    tips.draw(session.draft())
    with st.container(horizontal=True, key="form_more", gap="small"):
        if watch.nothing_made():
            st.button(
                _label(services, FIRST, draft.count, price),
                key="first_track",
                icon=":material/auto_awesome:",
                on_click=keeping_input(order_click.first),
                args=(services, form, price),
            )
        st.button(
            "Surprise me",
            key="surprise",
            icon=":material/casino:",
            type="tertiary",
            help="Writes a prompt. Nothing is ordered.",
            on_click=_surprise,
        )
        starting.prompt_button(services)


def _surprise() -> None:
    builder.replace({"prompt": surprise(SystemRandom())}, "Surprise replaced your text.")


def _tab(services: Services, form: str) -> None:
    tab.draw(
        "create",
        session.texts(),
        ORDERS,
        functools.partial(order_click.returned, services),
        on_typed=tips.typed,
        form=form,
        blank=not session.draft().has_text,
        live="prompt",
        revision=st.session_state.get(session.REVISION, 0),
        shown=["takes"],
        placed=st.session_state.get(order_click.PLACED, 0),
        choices={"model": [model.name for model in MODELS.values()]},
        pricing={
            "labels": {"generate": MAKE, "first_track": FIRST},
            "prices": [
                [f"{model.name} ·", int(model.price_usd * 10_000)] for model in MODELS.values()
            ],
            "takes": session.draft().takes,
            "demo": session.access(services).gateway == "sandbox",
        },
    )


def _label(services: Services, words: str, tracks: int, price: Decimal) -> str:
    return words.format(tracks=count(tracks, "track"), price=paying.price_text(services, price))


def _models() -> None:
    first = list(MODELS).index(session.initial("model", session.FIRST_MODEL))
    st.radio(
        "Model",
        list(MODELS),
        # Streamlit warns of a default beside a value in the session.
        index=0 if "model" in st.session_state else first,
        format_func=lambda id_: f"**{MODELS[id_].name}** · {_price(id_)}",
        captions=[model.description for model in MODELS.values()],
        key="model",
        horizontal=True,
        width="stretch",
        label_visibility="collapsed",
        persist_state="session",
        on_change=builder.carry,
    )


def _price(model_id: str) -> str:
    return literal(usd(MODELS[model_id].price_usd))


def _options(services: Services, draft: Draft) -> None:
    # The label names what is set. Under its key the line stays open while that changes.
    with st.expander(
        _summary(draft), key="options", icon=":material/tune:", type="compact", expanded=False
    ):
        _amount(draft)
        images = max(model.max_images for model in draft.models)
        if images:
            st.text_area(
                f"Images (up to {images}), one address a line",
                value=session.initial("images", ""),
                key="images",
                height=70,
                placeholder="https://example.com/sunset.jpg",
                help="Public addresses of pictures that set the mood.",
                persist_state="session",
            )
            image_thumbnails.draw(services, draft)
        if any(model.supports_negative_prompt for model in draft.models):
            st.text_input(
                "Negative prompt (Lyria 2 only)",
                value=session.initial("negative_prompt", ""),
                key="negative_prompt",
                placeholder="vocals, drums, distortion",
                help="What to avoid: nouns, separated by commas.",
                persist_state="session",
            )
        if any(model.supports_seed for model in draft.models):
            st.text_input(
                "Seed (optional)",
                value=session.initial("seed", ""),
                key="seed",
                placeholder="42",
                help="A whole number. Same seed and prompt, same track. Takes count up from it.",
                persist_state="session",
            )
    if parked := draft.parked():
        names = " and ".join(model.name for model in draft.models)
        st.caption(f"Kept, but not sent to {names}: {', '.join(parked)}.")


def _summary(draft: Draft) -> str:
    """Say what is set, for the line that folds the options."""
    parts = [count(draft.takes, "take")]
    parts += [f"also {model.name}" for model in draft.models[1:]]
    images = len(draft.images.split())
    if images and any(model.supports_images for model in draft.models):
        parts.append(count(images, "image"))
    if draft.negative_prompt.strip() and any(m.supports_negative_prompt for m in draft.models):
        parts.append("negative prompt")
    if draft.seed.strip() and any(model.supports_seed for model in draft.models):
        parts.append("seed")
    return f"Options: {' · '.join(parts)}"


def _amount(draft: Draft) -> None:
    others = [id_ for id_ in MODELS if id_ != draft.model]
    with st.container(horizontal=True, key="amount"):
        st.number_input(
            "Takes",
            1,
            MAX_TAKES,
            value=session.initial("takes", "min"),
            key="takes",
            persist_state="session",
            width=130,
            help="Each take is one paid track. Results vary, so compare a few.",
        )
        st.pills(
            "Also make with",
            others,
            selection_mode="multi",
            default=[id_ for id_ in session.initial("also", []) if id_ in others] or None,
            format_func=lambda id_: f"{MODELS[id_].name} · {_price(id_)}",
            key="also",
            persist_state="session",
            help="The same prompt with more models, to compare them.",
        )
