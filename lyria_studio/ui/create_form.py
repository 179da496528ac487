"""The form of the Create screen: model, prompt, options, takes and the price of the click."""

from decimal import Decimal

import streamlit as st

from lyria_core import MODELS, InvalidRequest, LyriaError
from lyria_studio.model.draft import MAX_TAKES, Draft
from lyria_studio.money import usd
from lyria_studio.orders.from_form import asks_again, place
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import (
    builder,
    image_thumbnails,
    paying,
    price_list,
    session,
    template_gallery,
    tips,
)
from lyria_studio.ui.compare import starting
from lyria_studio.ui.error_messages import keeping_input, show_error
from lyria_studio.wording import literal

REFUSAL = "refusal"
ASKED = "asked"
PLACEHOLDER = (
    "Say what you want to hear: genre, mood, instruments, tempo, structure.\n"
    "Warm lo-fi hip hop, 80 BPM, D minor, Rhodes and jazz guitar. Instrumental only."
)
FIRST_TRACK = (
    "Warm lo-fi hip hop with Rhodes piano, jazz guitar and soft drums, 80 BPM, D minor, "
    "relaxed and a little nostalgic. Instrumental only, no vocals."
)


def draw(services: Services) -> None:
    """The form, with the price of the click on its button."""
    form = session.form_id(services)
    if not services.library.tracks.latest(1):
        _welcome(services, form)
    _models()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        builder.choose()
        with st.container(horizontal=True, width="content"):
            with st.popover("Models", icon=":material/table_view:", type="tertiary"):
                price_list.table()
                st.page_link("pricing.py", label="What was spent, and an estimate")
            template_gallery.draw(services)
    if builder.building():
        builder.draw(session.draft().model)
    st.text_area(
        "Prompt as it will be sent" if builder.building() else "Prompt",
        key="prompt",
        height=150,
        placeholder=PLACEHOLDER,
        persist_state="session",
        on_change=builder.read_back,
    )
    tips.draw(session.draft())
    _options(services, session.draft())
    _amount()
    draft = session.draft()
    session.keep(services, draft)
    price = draft.price_usd()
    st.button(
        literal(f"Make {count(draft.count, 'track')} · {usd(price)}"),
        key="generate",
        type="primary",
        icon=":material/graphic_eq:",
        width="stretch",
        on_click=keeping_input(_order),
        args=(services, form, price),
    )
    if refusal := st.session_state.pop(REFUSAL, None):
        show_error(refusal)
    if asked := st.session_state.pop(ASKED, None):
        paying.ask(draft.count, asked[1], _order, services, *asked, True)
    paying.consequence(services, price)
    starting.prompt_button(services)


def _models() -> None:
    st.radio(
        f"Model (prices of {price_list.date()})",
        list(MODELS),
        format_func=lambda id_: f"**{MODELS[id_].name}** · {_price(id_)}",
        captions=[f"{m.description}\n\n{price_list.facts(m)}" for m in MODELS.values()],
        key="model",
        horizontal=True,
        width="stretch",
        persist_state="session",
        on_change=builder.carry,
    )


def _amount() -> None:
    chosen = session.draft().model
    with st.container(horizontal=True, key="amount"):
        st.number_input(
            "Takes",
            1,
            MAX_TAKES,
            key="takes",
            persist_state="session",
            width=130,
            help="Each take is a paid job of its own. The models vary: compare several.",
        )
        st.pills(
            "Also with",
            [id_ for id_ in MODELS if id_ != chosen],
            selection_mode="multi",
            format_func=lambda id_: f"{MODELS[id_].name} · {_price(id_)}",
            key="also",
            persist_state="session",
            help="The same prompt for further models, to compare them.",
        )


def _welcome(services: Services, form: str) -> None:
    price = MODELS[session.FIRST_MODEL].price_usd
    sandbox = session.access(services).gateway == "sandbox"
    with st.container(border=True, key="welcome"):
        st.markdown(
            "**Welcome.** Describe a piece of music, choose a model and click: the track is made "
            "in the background and appears beside the form. "
            + (
                "You have no key yet, so a local composer plays and nothing costs real money. "
                "Type a key into Settings to hear Lyria."
                if sandbox
                else "Each track costs what the button says, charged by the gateway."
            )
        )
        money = "play money" if sandbox else "charged by the gateway"
        st.button(
            literal(f"Make a first track · {usd(price)} {money}"),
            key="first_track",
            icon=":material/auto_awesome:",
            on_click=keeping_input(_first),
            args=(services, form, price),
        )


def _first(services: Services, form: str, price: Decimal) -> None:
    builder.restore({"prompt": FIRST_TRACK, "model": session.FIRST_MODEL, "takes": 1, "also": []})
    _order(services, form, price)


def _price(model_id: str) -> str:
    return literal(usd(MODELS[model_id].price_usd))


def _options(services: Services, draft: Draft) -> None:
    images = max(model.max_images for model in draft.models)
    if images:
        # Few use them: folded away, so that the button with the price is seen without scrolling.
        with st.expander(
            f"Images (up to {images}, optional)",
            key="images_shown",
            expanded=bool(draft.images.strip()),
            icon=":material/image:",
            type="compact",
        ):
            st.text_area(
                "Images, one address a line",
                key="images",
                height=70,
                placeholder="https://example.com/sunset.jpg",
                help="Addresses of pictures that set the mood. They must be public.",
                persist_state="session",
            )
            image_thumbnails.draw(services, draft)
    if any(model.supports_negative_prompt for model in draft.models):
        st.text_input(
            "Leave out (optional)",
            key="negative_prompt",
            placeholder="vocals, drums, distortion",
            help="Nouns, separated by commas. Lyria 2 avoids them.",
            persist_state="session",
        )
    if any(model.supports_seed for model in draft.models):
        st.text_input(
            "Seed (optional)",
            key="seed",
            placeholder="42",
            help="A whole number. The same seed and prompt give the same track; several takes "
            "count up from it. Left empty, each of several takes gets one of its own.",
            persist_state="session",
        )
    if parked := draft.parked():
        names = " and ".join(model.name for model in draft.models)
        st.caption(f"Kept, but not sent to {names}: {', '.join(parked)}.")


def _order(services: Services, form: str, shown: Decimal, agreed: bool = False) -> None:
    draft = session.draft()
    if session.is_echo(draft):
        st.toast("One click, one order: the second click ordered nothing.")
        return
    if draft.price_usd() != shown:
        # A field was changed and the button clicked in one go, before the new price was drawn.
        st.session_state[REFUSAL] = InvalidRequest(
            f"The price is {usd(draft.price_usd())} now and was {usd(shown)} on the button. "
            "Nothing was ordered.",
            advice="Click again if you agree to it.",
        )
        return
    access = session.access(services)
    if not agreed and asks_again(services, access, shown):
        st.session_state[ASKED] = (form, shown)
        return
    try:
        ordered = place(services, form, draft, access, session.session_id(), session.zone())
    except LyriaError as error:
        st.session_state[REFUSAL] = error
        return
    session.ordered(draft)
    session.next_form()
    if ordered.repeated:
        st.toast("This form was sent before, so nothing was ordered. Click again for a new take.")
    else:
        st.toast("Ordered. It goes on in the background, also when you leave this page.")
