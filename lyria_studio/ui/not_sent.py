"""What an empty wallet or a refused key left unmade, told once, with the button to make it."""

from decimal import Decimal

import streamlit as st

from lyria_studio.model.draft import Take
from lyria_studio.model.generation import Generation
from lyria_studio.money import usd
from lyria_studio.orders.from_form import asks_again, send
from lyria_studio.orders.remainder import Remainder, remainder
from lyria_studio.services import Services
from lyria_studio.ui import paying, session
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import LABELS, literal

_ASKED = "asked_remainder"


def draw(services: Services, generation: Generation, place: str) -> None:
    """Draw the sentence and the button on the one card of the batch that tells of it.

    Args:
        services: the services of this process.
        generation: whose card this is.
        place: the screen it stands on; part of the key of the button.
    """
    if generation.cause is None:
        return
    rest = remainder(services.library.tracks.batch(generation.batch_id))
    if rest is None or rest.told_by != generation.id:
        return
    if rest.total > 1:  # the card of a single one says it all
        st.text(rest.sentence)
    if services.library.tracks.find(rest.ids[0]) is not None:
        return  # ordered since; it has cards of its own
    price = rest.price_usd
    st.button(
        f"{rest.button} · {paying.price_text(services, price)}",
        key=f"remainder-{place}-{generation.id}",
        icon=":material/refresh:",
        help=rest.help,
        on_click=keeping_input(_order),
        args=(services, rest, price),
    )
    if st.session_state.get(_ASKED) == generation.batch_id:
        del st.session_state[_ASKED]
        key = f"confirm-{place}-{generation.id}"
        paying.ask(services, len(rest.missing), price, _order, rest, price, True, key=key)


def toast(services: Services, generation: Generation) -> str:
    """Return what to tell of the batch of a refused generation, in one line."""
    rest = remainder(services.library.tracks.batch(generation.batch_id))
    return rest.toast if rest else LABELS[generation.state].text


def _order(services: Services, rest: Remainder, shown: Decimal, agreed: bool = False) -> None:
    access, session_id = session.access(services), session.session_id()
    if rest.price_usd != shown:
        st.toast(literal(f"The price is {usd(rest.price_usd)} now. Nothing was ordered."))
        return
    if not agreed and asks_again(services, access, session_id, shown):
        st.session_state[_ASKED] = rest.missing[0].batch_id
        return
    ids = rest.ids
    takes = {
        id_: Take(one.request, number, len(ids))
        for number, (id_, one) in enumerate(zip(ids, rest.missing, strict=True), start=1)
    }
    batch_id = ids[0].rpartition("-")[0]
    send(services, batch_id, takes, access, session_id)
