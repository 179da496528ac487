"""The clicks of the Compare screen that cost money."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import streamlit as st

from lyria_core import LyriaError
from lyria_studio import phrases
from lyria_studio.comparisons import Sketch, price_of
from lyria_studio.model.comparison import Comparison, Slot
from lyria_studio.orders import from_comparison
from lyria_studio.orders.from_comparison import Payer
from lyria_studio.orders.from_form import asks_again
from lyria_studio.services import Services
from lyria_studio.ui import paying, session, tab
from lyria_studio.ui.compare import address, variant_form
from lyria_studio.ui.error_messages import show_error

REFUSAL = "compare_refusal"
ASKED = "compare_asked"
GOES_ON = "You can leave this page."


def order(services: Services, comparison_id: str, shown: Decimal, agreed: bool = False) -> None:
    """Order the sketch in the form.

    Args:
        services: the services of this process.
        comparison_id: of the comparison in the form.
        shown: the price that stood on the button.
        agreed: the second question was answered with yes.
    """
    place(services, comparison_id, variant_form.read(), shown, agreed)


def place(
    services: Services, comparison_id: str, sketch: Sketch, shown: Decimal, agreed: bool = False
) -> None:
    """Order a sketch; the address shows the comparison at the next drawing.

    Args:
        services: the services.
        comparison_id: id of the comparison, new or stored.
        sketch: the form.
        shown: the price on the button, US dollars.
        agreed: whether the question about a high price was answered.
    """
    count, price = price_of(sketch, variant_form.kept_generations(services.library, sketch))
    stored = address.stored(services.library, comparison_id)
    if stored is not None and stored.ordered:
        _toast("It is ordered already, so nothing was ordered again.")
        address.show(comparison_id)
        return
    held = {**variant_form.texts(), "comparison_takes": str(sketch.takes)}
    if (refusal := tab.differs(held, price, shown)) is not None:
        st.session_state[REFUSAL] = refusal
        return
    if _asks(services, count, price, agreed, place, comparison_id, sketch):
        return
    if _done(lambda: from_comparison.order(services, comparison_id, sketch, _payer(services))):
        address.written(comparison_id)
        _toast(_making(count) if count else "Ready. No charge.")


def order_missing(
    services: Services, comparison: Comparison, count: int, shown: Decimal, agreed: bool = False
) -> None:
    """Order what was never ordered of a comparison.

    Args:
        services: the services.
        comparison: as it is stored.
        count: how many takes the button named.
        shown: the price on the button, US dollars.
        agreed: whether the question about a high price was answered.
    """
    if _asks(services, count, shown, agreed, order_missing, comparison, count):
        return
    if _done(lambda: from_comparison.order_missing(services, comparison.id, _payer(services))):
        _toast(_making(count))


def replace_take(
    services: Services, comparison: Comparison, slot: Slot, shown: Decimal, agreed: bool = False
) -> None:
    """Order a take that failed once more.

    Args:
        services: the services.
        comparison: as it is stored.
        slot: which take.
        shown: the price on the button, US dollars.
        agreed: whether the question about a high price was answered.
    """
    if _asks(services, 1, shown, agreed, replace_take, comparison, slot):
        return
    replaced: list[bool] = []

    def act() -> None:
        replaced.append(
            from_comparison.replace_take(
                services,
                comparison.id,
                slot.letter,
                slot.take,
                slot.generation_id or "",
                _payer(services),
            )
        )

    if _done(act):
        _toast(
            _making(1) if replaced[0] else "It was replaced already, so nothing was ordered again."
        )


def _making(tracks: int) -> str:
    return f"Making {phrases.count(tracks, 'track')}. {GOES_ON}"


def draw_answers() -> None:
    """Under the button: a refusal, or the second question."""
    if refusal := st.session_state.pop(REFUSAL, None):
        show_error(refusal)
    if asked := st.session_state.pop(ASKED, None):
        services, count, price, again, args = asked
        paying.ask(services, count, price, again, *args, price, True, key="compare_confirm")


def _asks(
    services: Services,
    count: int,
    price: Decimal,
    agreed: bool,
    again: Callable[..., None],
    *args: Any,
) -> bool:
    """Return whether to confirm a click first; a yes calls `again` with the price and True."""
    access = session.access(services)
    if agreed or not asks_again(services, access, session.session_id(), price):
        return False
    st.session_state[ASKED] = (services, count, price, again, args)
    return True


def _payer(services: Services) -> Payer:
    return Payer(session.access(services), session.session_id())


def _done(act: Callable[[], object]) -> bool:
    try:
        act()
    except LyriaError as error:
        st.session_state[REFUSAL] = error
    else:
        return True
    return False


def _toast(text: str) -> None:
    st.toast(text)
