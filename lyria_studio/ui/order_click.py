"""What a click on Make does: check it against what the tab showed, place the order, say so."""

from decimal import Decimal

import streamlit as st

from lyria_core import MODELS, InvalidRequest, LyriaError
from lyria_studio.orders.from_form import asks_again, place
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import builder, session, tab, toasts, undo

REFUSAL = "refusal"
ASKED = "asked"
PLACED = "orders_placed"  # in this session: the browser then shows the results
_HEARD = "order_heard"  # the callback of the order button has run
SAMPLE = (
    "Warm lo-fi hip hop with Rhodes piano, jazz guitar and soft drums, 80 BPM, D minor, "
    "relaxed and a little nostalgic. Instrumental only, no vocals."
)


def order(services: Services, form: str, drawn: Decimal | None, agreed: bool = False) -> None:
    """Order what the tab shows; for callbacks.

    Args:
        services: the services of this process.
        form: the id that was drawn with the button.
        drawn: the price that was drawn on it, in US dollars, if this session drew it.
        agreed: the second question was answered with yes.
    """
    st.session_state[_HEARD] = True
    if (refusal := _differs(drawn)) is not None:
        st.session_state[REFUSAL] = refusal
    elif _place(services, form, agreed):
        # The form is a fragment, and the results outside it must show the order.
        st.rerun()


def catch_up(services: Services, form: str, clicked: bool) -> None:
    """Order if the click came without its callback, as the first one after a restart does.

    Args:
        services: the services of this process.
        form: the id that was drawn with the button.
        clicked: whether the button was clicked.
    """
    if not st.session_state.pop(_HEARD, False) and clicked:
        order(services, form, None)
        st.rerun()


def first(services: Services, form: str, price: Decimal) -> None:
    """Order what was typed, or else a sample; for callbacks.

    Args:
        services: the services of this process.
        form: the id that was drawn with the button.
        price: the price that was drawn on it, in US dollars.
    """
    if (refusal := _differs(price)) is not None:
        st.session_state[REFUSAL] = refusal
        return
    if not session.draft().prompt.strip():
        builder.put_back({"prompt": SAMPLE})
    if _place(services, form, agreed=False):
        st.rerun()


def returned(services: Services, form: str | None, lost: dict[str, tuple[str, str]]) -> None:
    """Take back, after a reload, the form that the tab had and what was typed and never arrived.

    Args:
        services: the services of this process.
        form: the id of the form that the tab had; None if it is this one or none.
        lost: by key, the text that the app had when typing began, and the text typed.
    """
    if form is not None and session.is_id(form) and not session.draft().has_text:
        session.open_form(services, form)
    current = session.texts()
    back = {key: text for key, (base, text) in lost.items() if current.get(key) in (base, "")}
    if back:
        builder.take_back(back)
    newer = {key: text for key, (_, text) in lost.items() if current.get(key) not in (text, "")}
    if newer := {key: text for key, text in newer.items() if key not in back}:
        undo.remember("Text typed before the reload was not used.", newer, current)


def _differs(drawn: Decimal | None) -> InvalidRequest | None:
    draft = session.draft()
    held = {
        **session.texts(),
        "takes": str(draft.takes),
        "model": MODELS[draft.model].name,
    }
    return tab.differs(held, draft.price_usd(), drawn)


def _place(services: Services, form: str, agreed: bool) -> bool:
    """Place the order; False where nothing new was ordered."""
    draft = session.draft()
    if session.is_echo(draft):
        toasts.later("Ordered once. The second click was ignored.")
        return False
    access = session.access(services)
    price = draft.price_usd()
    if not agreed and asks_again(services, access, session.session_id(), price):
        st.session_state[ASKED] = (form, price)
        return False
    try:
        ordered = place(services, form, draft, access, session.session_id())
    except LyriaError as error:
        st.session_state[REFUSAL] = error
        return False
    session.ordered(draft)
    st.session_state[PLACED] = st.session_state.get(PLACED, 0) + 1
    session.next_form()
    toasts.later(
        "Already ordered. Click again for a new take."
        if ordered.repeated
        else f"Making {count(draft.count, 'track')}. You can leave this page."
    )
    return True
