"""The form of the Create screen: model, prompt, options, takes and the price of the click."""

import functools
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
    tab,
    template_gallery,
    tips,
    undo,
)
from lyria_studio.ui.compare import starting
from lyria_studio.ui.error_messages import keeping_input, show_error
from lyria_studio.wording import literal

REFUSAL = "refusal"
ASKED = "asked"
HEARD = "order_heard"  # the callback of the order button has run
ORDERS = ("generate", "first_track", "confirm")
PLACEHOLDER = (
    "Say what you want to hear: genre, mood, instruments, tempo, structure.\n"
    "Warm lo-fi hip hop, 80 BPM, D minor, Rhodes and jazz guitar. Instrumental only."
)
FIRST_TRACK = (
    "Warm lo-fi hip hop with Rhodes piano, jazz guitar and soft drums, 80 BPM, D minor, "
    "relaxed and a little nostalgic. Instrumental only, no vocals."
)


def draw(services: Services) -> None:
    """Draw the form, with the price of the click on its button."""
    form = session.form_id(services)
    if not services.library.tracks.latest(1):
        _welcome(services, form, session.draft())
    _models()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        builder.choose()
        with st.container(horizontal=True, width="content"):
            with st.popover("Models", icon=":material/table_view:", type="tertiary"):
                price_list.table()
                st.page_link("pricing.py", label="What was spent, and an estimate")
            template_gallery.draw(services)
    if session.building():
        builder.draw(session.draft().model)
    st.text_area(
        "Prompt as it will be sent" if session.building() else "Prompt",
        value=session.initial("prompt", ""),
        key="prompt",
        height=150,
        placeholder=PLACEHOLDER,
        persist_state="session",
        on_change=builder.read_back,
    )
    undo.draw(session.snapshot, builder.put_back)
    tab.draw(
        "create",
        session.texts(),
        ORDERS,
        functools.partial(_returned, services),
        on_typed=tips.typed,
        form=form,
        blank=not session.draft().has_text,
        live="prompt",
        revision=st.session_state.get(session.REVISION, 0),
        shown=["takes"],
        choices={"model": [model.name for model in MODELS.values()]},
    )
    tips.draw(session.draft())
    _options(services, session.draft())
    _amount()
    draft = session.draft()
    form = session.keep(services)
    price = draft.price_usd()
    clicked = st.button(
        f"Make {count(draft.count, 'track')} · {paying.price_text(services, price)}",
        key="generate",
        type="primary",
        icon=":material/graphic_eq:",
        width="stretch",
        on_click=keeping_input(_order),
        args=(services, form, price),
    )
    # The first click after a restart of the app comes to a session without callbacks.
    if not st.session_state.pop(HEARD, False) and clicked:
        _order(services, form, None)
        st.rerun()
    builder.catch_up()
    if refusal := st.session_state.pop(REFUSAL, None):
        show_error(refusal)
    if asked := st.session_state.pop(ASKED, None):
        paying.ask(services, draft.count, asked[1], _order, *asked, True)
    paying.consequence(services, price)
    starting.prompt_button(services)


def _models() -> None:
    first = list(MODELS).index(session.initial("model", session.FIRST_MODEL))
    st.radio(
        f"Model (prices of {price_list.date()})",
        list(MODELS),
        # Streamlit warns of a default beside a value in the session.
        index=0 if "model" in st.session_state else first,
        format_func=lambda id_: f"**{MODELS[id_].name}** · {_price(id_)}",
        captions=[f"{m.description}\n\n{price_list.facts(m)}" for m in MODELS.values()],
        key="model",
        horizontal=True,
        width="stretch",
        persist_state="session",
        on_change=builder.carry,
    )


def _amount() -> None:
    others = [id_ for id_ in MODELS if id_ != session.draft().model]
    with st.container(horizontal=True, key="amount"):
        st.number_input(
            "Takes",
            1,
            MAX_TAKES,
            value=session.initial("takes", "min"),
            key="takes",
            persist_state="session",
            width=130,
            help="Each take is a paid job of its own. The models vary: compare several.",
        )
        st.pills(
            "Also with",
            others,
            selection_mode="multi",
            default=[id_ for id_ in session.initial("also", []) if id_ in others] or None,
            format_func=lambda id_: f"{MODELS[id_].name} · {_price(id_)}",
            key="also",
            persist_state="session",
            help="The same prompt for further models, to compare them.",
        )


def _welcome(services: Services, form: str, draft: Draft) -> None:
    price = draft.price_usd()
    sandbox = session.access(services).gateway == "sandbox"
    with st.container(border=True, key="welcome"):
        st.markdown(
            "**Welcome.** Describe a piece of music, choose a model and click: the track is made "
            "in the background and appears beside the form. "
            + (
                "Demo mode makes it on this computer, free. Add an API key in Settings to use "
                "Lyria."
                if sandbox
                else "Each track costs what the button says."
            )
        )
        st.button(
            f"Make a first track · {paying.price_text(services, price)}",
            key="first_track",
            icon=":material/auto_awesome:",
            on_click=keeping_input(_first),
            args=(services, form, price),
        )


def _first(services: Services, form: str, price: Decimal) -> None:
    """Order what was typed, or else a sample."""
    if (refusal := _differs(price)) is not None:
        st.session_state[REFUSAL] = refusal
        return
    if not session.draft().prompt.strip():
        builder.put_back({"prompt": FIRST_TRACK})
    _place(services, form, agreed=False)


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
                value=session.initial("images", ""),
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
            value=session.initial("negative_prompt", ""),
            key="negative_prompt",
            placeholder="vocals, drums, distortion",
            help="Nouns, separated by commas. Lyria 2 avoids them.",
            persist_state="session",
        )
    if any(model.supports_seed for model in draft.models):
        st.text_input(
            "Seed (optional)",
            value=session.initial("seed", ""),
            key="seed",
            placeholder="42",
            help="A whole number. The same seed and prompt give the same track; several takes "
            "count up from it. Left empty, each of several takes gets one of its own.",
            persist_state="session",
        )
    if parked := draft.parked():
        names = " and ".join(model.name for model in draft.models)
        st.caption(f"Kept, but not sent to {names}: {', '.join(parked)}.")


def _order(services: Services, form: str, drawn: Decimal | None, agreed: bool = False) -> None:
    """Order what the tab shows.

    Args:
        services: the services of this process.
        form: the id that was drawn with the button.
        drawn: the price that was drawn on it, if this session drew it.
        agreed: the second question was answered with yes.
    """
    st.session_state[HEARD] = True
    if (refusal := _differs(drawn)) is not None:
        st.session_state[REFUSAL] = refusal
        return
    _place(services, form, agreed)


def _differs(drawn: Decimal | None) -> InvalidRequest | None:
    draft = session.draft()
    held = {
        **session.texts(),
        "takes": str(draft.takes),
        "model": MODELS[draft.model].name,
    }
    return tab.differs(held, draft.price_usd(), drawn)


def _place(services: Services, form: str, agreed: bool) -> None:
    draft = session.draft()
    if session.is_echo(draft):
        st.toast("One click, one order: the second click ordered nothing.")
        return
    access = session.access(services)
    price = draft.price_usd()
    if not agreed and asks_again(services, access, session.session_id(), price):
        st.session_state[ASKED] = (form, price)
        return
    try:
        ordered = place(services, form, draft, access, session.session_id())
    except LyriaError as error:
        st.session_state[REFUSAL] = error
        return
    session.ordered(draft)
    session.next_form()
    if ordered.repeated:
        st.toast("This form was sent before, so nothing was ordered. Click again for a new take.")
    else:
        st.toast("Ordered. It goes on in the background, also when you leave this page.")


def _returned(services: Services, form: str | None, lost: dict[str, tuple[str, str]]) -> None:
    """After a reload: the form that the tab had, and what was typed into it and never arrived."""
    if form is not None and session.is_id(form) and not session.draft().has_text:
        session.open_form(services, form)
    current = session.texts()
    back = {key: text for key, (base, text) in lost.items() if current.get(key) in (base, "")}
    if back:
        builder.take_back(back)
    newer = {key: text for key, (_, text) in lost.items() if current.get(key) not in (text, "")}
    if newer := {key: text for key, text in newer.items() if key not in back}:
        undo.remember("Text typed before the reload was not used.", newer, current)
