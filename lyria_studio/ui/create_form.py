"""The form of the Create screen: model, prompt, options, takes and the price of the click."""

import streamlit as st

from lyria_core import MODELS, LyriaError
from lyria_studio.draft import MAX_TAKES, Draft
from lyria_studio.money import BudgetExceeded, usd
from lyria_studio.ordering import place
from lyria_studio.services import Services
from lyria_studio.ui import session
from lyria_studio.ui.errors import show_refusal
from lyria_studio.wording import literal

PLACEHOLDER = (
    "Say what you want to hear: genre, mood, instruments, tempo, structure.\n"
    "Warm lo-fi hip hop, 80 BPM, D minor, Rhodes and jazz guitar. Instrumental only."
)
FIRST_MODEL = "lyria-3"  # the quickest and cheapest way to hear something
FIRST_TRACK = (
    "Warm lo-fi hip hop with Rhodes piano, jazz guitar and soft drums, 80 BPM, D minor, "
    "relaxed and a little nostalgic. Instrumental only, no vocals."
)


def draw(services: Services) -> None:
    """The form, and the order when its button is clicked."""
    form = session.form_id(services)
    if not services.library.latest(1) and "prompt" not in st.session_state:
        _welcome()
    model = st.radio(
        "Model",
        list(MODELS),
        format_func=lambda id_: f"**{MODELS[id_].name}** · {_price(id_)}",
        captions=[model.description for model in MODELS.values()],
        key="model",
        index=list(MODELS).index(FIRST_MODEL),
        horizontal=True,
        width="stretch",
        persist_state="session",
    )
    prompt = st.text_area(
        "Prompt", key="prompt", height=170, placeholder=PLACEHOLDER, persist_state="session"
    )
    draft = Draft(
        model=model or next(iter(MODELS)),
        prompt=prompt or "",
        **_options(model or next(iter(MODELS))),
        takes=int(
            st.number_input(
                "Takes",
                1,
                MAX_TAKES,
                key="takes",
                persist_state="session",
                help="Each take is a paid job of its own. The models vary: compare several.",
            )
        ),
    )
    session.keep(services, draft)
    price = usd(draft.price_usd())
    noun = "1 track" if draft.takes == 1 else f"{draft.takes} tracks"
    clicked = st.button(
        f"Make {noun} · {literal(price)}",
        key="generate",
        type="primary",
        icon=":material/graphic_eq:",
        width="stretch",
        shortcut="Ctrl+Enter",
    )
    _consequence(services)
    if clicked:
        _order(services, form, draft)


def _welcome() -> None:
    with st.container(border=True):
        st.markdown(
            "**Welcome.** Describe a piece of music, choose a model and click: the track is made "
            "in the background and appears beside the form. You have no key yet, so a local "
            "composer plays and nothing costs real money. Type a key into Settings to hear Lyria."
        )
        st.button(
            "Fill in a first example",
            icon=":material/auto_awesome:",
            on_click=session.restore,
            args=({"prompt": FIRST_TRACK, "model": FIRST_MODEL},),
        )


def _price(model_id: str) -> str:
    return literal(usd(MODELS[model_id].price_usd))


def _options(model_id: str) -> dict[str, str]:
    model = MODELS[model_id]
    options = {}
    if model.supports_images:
        options["images"] = st.text_area(
            f"Images (up to {model.max_images}, optional)",
            key="images",
            height=70,
            placeholder="https://example.com/sunset.jpg",
            help="Addresses of pictures that set the mood, one a line. They must be public.",
            persist_state="session",
        )
    if model.supports_negative_prompt:
        options["negative_prompt"] = st.text_input(
            "Leave out (optional)",
            key="negative_prompt",
            placeholder="vocals, drums, distortion",
            help="Nouns, separated by commas. The model avoids them.",
            persist_state="session",
        )
    if model.supports_seed:
        options["seed"] = st.text_input(
            "Seed (optional)",
            key="seed",
            placeholder="42",
            help="A whole number. The same seed and prompt give the same track; "
            "several takes count up from it.",
            persist_state="session",
        )
    return {name: value or "" for name, value in options.items()}


def _consequence(services: Services) -> None:
    if session.access(services).gateway == "sandbox":
        st.caption("Sandbox money: this click costs you nothing.")
    else:
        st.caption("Charged by the gateway when a track is completed.")


def _order(services: Services, form: str, draft: Draft) -> None:
    if session.is_echo(draft):
        st.toast("One click, one order: the second click ordered nothing.")
        return
    access = session.access(services)
    try:
        ordered = place(services, form, draft, access, session.session_id(), session.zone())
    except LyriaError as error:
        show_refusal(error.message, error.advice)
        return
    except BudgetExceeded as error:
        show_refusal(str(error), error.advice)
        return
    session.ordered(draft)
    session.next_form()
    session.keep(services, draft)
    if ordered.repeated:
        st.toast("This form was sent before, so nothing was ordered. Click again for a new take.")
    else:
        st.toast("Ordered. It goes on in the background, also when you leave this page.")
