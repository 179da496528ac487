"""One comparison: variants, takes as they are made, the player in step, tests and results."""

from decimal import Decimal

import streamlit as st

from lyria_core import Charge
from lyria_studio.comparisons import Standing, cautions_of_takes, price_of_missing
from lyria_studio.comparisons.lessons import chain_of
from lyria_studio.model.comparison import Comparison
from lyria_studio.money import usd
from lyria_studio.orders import from_comparison
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import paying, session, watch
from lyria_studio.ui.compare import (
    address,
    chain,
    listening,
    manage,
    paid_clicks,
    testing,
    typed_text,
    variant_cards,
)
from lyria_studio.wording import literal, moment


def draw(services: Services, comparison_id: str) -> None:
    """Draw a comparison that was ordered."""
    comparison, now = from_comparison.load(services.library, comparison_id)
    # Levels come a moment after the track: then the player in step can match them.
    takes_made = [one for letter in now.letters for one in now.generations(letter)]
    unmatched = [one for one in takes_made if any(track.lacks_levels for track in one.tracks)]
    watch.also([one.id for one in (*now.making, *unmatched)])
    steps = chain_of(services.library, comparison)
    [own] = [step for step in steps if step.comparison.id == comparison.id]
    _heading(services, comparison, now)
    _missing(services, comparison, now)
    paid_clicks.draw_answers()
    if not now.whole:
        variant_cards.draw(services, comparison, now)
    listening.draw(services, comparison, now)
    testing.draw(services, comparison, now)
    if now.whole:
        with st.expander("Prompts and takes", icon=":material/notes:", key="made_by"):
            variant_cards.draw(services, comparison, now)
    with st.container(key="beware", gap="xxsmall"):
        for caution in cautions_of_takes(
            {letter: now.generations(letter) for letter in now.letters}
        ):
            st.caption(literal(caution.text))
    chain.draw(steps, own)


def _heading(services: Services, comparison: Comparison, now: Standing) -> None:
    """Draw the name, the facts beside it, and the prompt once."""
    with st.container(horizontal=True, vertical_alignment="center", key="compare_head"):
        typed_text.heading(comparison.name, 1)
        facts = [moment(comparison.created_at, session.zone()), _cost(now)]
        if sentence := now.sentence():
            facts.append(sentence.rstrip("."))
        st.caption(literal(" · ".join(facts)), width="content")
        st.space("stretch")
        address.way_to_all()
        manage.draw(services, comparison)
    typed_text.once(comparison.variants)


def _cost(now: Standing) -> str:
    made = [one for one in now.takes.values() if one is not None and one.charge is not Charge.NO]
    # Real money and play money never stand in one sum.
    sums = [
        usd(sum((one.price_usd for one in made if one.gateway == gateway), Decimal(0)), gateway)
        for gateway in sorted({one.gateway for one in made})
    ]
    return " and ".join(sums or [usd(Decimal(0))])


def _missing(services: Services, comparison: Comparison, now: Standing) -> None:
    if not now.missing:
        return
    missing = len(now.missing)
    price = price_of_missing(comparison)
    with st.container(border=True, key="missing"):
        st.text(
            f"{count(missing, 'track')} of this comparison {'is' if missing == 1 else 'are'} not "
            "ordered yet."
        )
        st.button(
            f"Make {count(missing, 'track')} · {paying.price_text(services, price)}",
            key="compare_missing",
            type="primary",
            icon=":material/compare_arrows:",
            on_click=paid_clicks.order_missing,
            args=(services, comparison, missing, price),
        )
        paying.consequence(services, price)
