"""The list of comparisons, and the ways to begin one."""

from decimal import Decimal

import streamlit as st

from lyria_core import MODELS
from lyria_studio.comparisons import Sketch, price_of
from lyria_studio.comparisons.lessons import step_of
from lyria_studio.model.comparison import Comparison, ComparisonCursor, Variant
from lyria_studio.model.generation import new_intent_id
from lyria_studio.orders.from_comparison import load
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import paying, session
from lyria_studio.ui.compare import address, paid_clicks, picker, typed_text
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal, moment

SHOWN = 20
FIRST = "first_comparison"
BEFORE = "compare_before"  # where the list begins, for whoever turned its page
FIRST_SKETCH = Sketch(
    tuple(
        Variant(
            letter,
            session.FIRST_MODEL,
            f"Calm {instrument} waltz, 96 BPM, G major, warm and unhurried. "
            "Instrumental only, no vocals.",
        )
        for letter, instrument in (("A", "piano"), ("B", "harp"))
    ),
    name="Piano or harp?",
)


def draw(services: Services) -> None:
    """Draw the comparisons, newest first, or an introduction if there are none."""
    comparisons = _page(services)
    if not comparisons and not services.library.listening.comparisons(limit=1):
        _lesson(services)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "New comparison",
            key="compare_new",
            type="primary" if comparisons else "secondary",
            icon=":material/add:",
            on_click=address.show,
            args=(address.NEW,),
        )
    if services.library.tracks.latest(1):
        with st.expander("Compare tracks that you have", icon=":material/library_music:"):
            picker.draw_several(services)
    for comparison in comparisons:
        _row(services, comparison)
    with st.container(horizontal=True, gap="small"):
        if BEFORE in st.session_state:
            st.button("Newest", key="compare_newest", on_click=_turn, args=(None,))
        if len(comparisons) == SHOWN:
            last = comparisons[-1]
            cursor = ComparisonCursor(last.created_at, last.id)
            st.button("Older ones", key="compare_older", on_click=_turn, args=(cursor,))


def _page(services: Services) -> list[Comparison]:
    return services.library.listening.comparisons(SHOWN, st.session_state.get(BEFORE))


def _turn(before: ComparisonCursor | None) -> None:
    if before is None:
        st.session_state.pop(BEFORE, None)
    else:
        st.session_state[BEFORE] = before


def _lesson(services: Services) -> None:
    _, price = price_of(FIRST_SKETCH, {})
    with st.container(border=True, key="lesson"):
        st.markdown(
            "**Which prompt is better?** Make two variants that differ in one thing, hear them in "
            "step and equally loud, and let people vote by a link without knowing which is which. "
            "The result says what the votes carry, and no more."
        )
        typed_text.diff(FIRST_SKETCH.variants[0], FIRST_SKETCH.variants[1])
        st.button(
            f"Make this comparison · {paying.price_text(services, price)}",
            key="first_comparison_button",
            type="primary",
            icon=":material/auto_awesome:",
            on_click=keeping_input(_first),
            args=(services, price),
        )
        paid_clicks.draw_answers()


def _first(services: Services, price: Decimal) -> None:
    if services.library.listening.comparisons(limit=1):
        # Made in another tab, or by the first half of a double click.
        st.toast("There is a comparison already, so nothing was ordered.")
        return
    comparison_id = str(st.session_state.setdefault(FIRST, new_intent_id()))
    paid_clicks.place(services, comparison_id, FIRST_SKETCH, price)


def _row(services: Services, comparison: Comparison) -> None:
    with st.container(border=True, key=f"comparison-{comparison.id}", gap="xsmall"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            address.way_to(comparison.id, f"**{typed_text.plain(comparison.name)}**", "open")
            if not comparison.ordered:
                st.badge("Not ordered yet", icon=":material/edit:", color="gray")
        st.caption(literal(_facts(services, comparison)))


def _facts(services: Services, comparison: Comparison) -> str:
    models = dict.fromkeys(
        MODELS[one.model_id].name if one.model_id in MODELS else one.model_id
        for one in comparison.variants
    )
    facts = [
        count(len(comparison.variants), "variant"),
        f"{count(comparison.takes, 'take')} each",
        ", ".join(models),
    ]
    if comparison.ordered:
        _, now = load(services.library, comparison.id)
        if not now.whole:
            facts.append(now.sentence().rstrip("."))
        if (step := step_of(services.library, comparison)).found is not None:
            facts.append(step.summary)
    facts.append(moment(comparison.created_at, session.zone()))
    return " · ".join(facts)
