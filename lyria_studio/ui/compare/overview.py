"""The list of comparisons, and the ways to begin one."""

from decimal import Decimal

import streamlit as st

from lyria_studio.comparisons import Sketch, Standing, model_name, price_of
from lyria_studio.comparisons.lessons import step_of
from lyria_studio.model.comparison import Comparison, ComparisonCursor, Variant
from lyria_studio.model.generation import new_intent_id
from lyria_studio.orders.from_comparison import load
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import paying, player, session
from lyria_studio.ui.compare import address, paid_clicks, picker, typed_text
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal, moment

SHOWN = 20
PLAYED = 2  # variants of a comparison that can be played in the list
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
        with st.expander("Compare existing tracks", icon=":material/library_music:"):
            picker.draw_several(services)
    for comparison in comparisons:
        _row(services, comparison)
    with st.container(horizontal=True, gap="small"):
        if BEFORE in st.session_state:
            st.button("Newest", key="compare_newest", on_click=_turn, args=(None,))
        if len(comparisons) == SHOWN:
            last = comparisons[-1]
            cursor = ComparisonCursor(last.created_at, last.id)
            st.button("Older", key="compare_older", on_click=_turn, args=(cursor,))


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
            "**Which prompt is better?** Make two variants that differ in one thing. Play them in "
            "sync at equal loudness, then invite people to vote blind by a link."
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
    _, now = load(services.library, comparison.id)
    with st.container(
        border=True,
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        key=f"comparison-{comparison.id}",
    ):
        with st.container(
            horizontal=True,
            vertical_alignment="center",
            gap="xxsmall",
            width="content",
            key=f"plays-{comparison.id}",
        ):
            for letter in now.letters[:PLAYED]:
                one = now.generations(letter)[0]
                typed_text.letter(letter)
                place = f"{comparison.id}{letter}-"
                player.draw_small(services, one, one.tracks[0], "Comparisons", place)
        with st.container(gap=None):
            address.way_to(comparison.id, f"**{typed_text.plain(comparison.name)}**", "open")
            st.caption(literal(_facts(comparison, now)))
        _status(services, comparison, now)


def _facts(comparison: Comparison, now: Standing) -> str:
    models = dict.fromkeys(model_name(one.model_id) for one in comparison.variants)
    facts = [", ".join(models), f"{count(comparison.takes, 'take')} each"]
    if comparison.ordered and not now.whole:
        facts.append(now.sentence().rstrip("."))
    facts.append(moment(comparison.created_at, session.zone()))
    return " · ".join(facts)


def _status(services: Services, comparison: Comparison, now: Standing) -> None:
    """How far a comparison is, and its winner once the votes name one."""
    if not comparison.ordered:
        st.badge("Draft", icon=":material/edit:", color="gray")
    elif now.making:
        st.badge("Generating", icon=":material/hourglass_top:", color="blue")
    elif now.failed:
        st.badge("Needs action", icon=":material/error:", color="orange")
    elif now.missing:
        st.badge("Not ordered yet", icon=":material/edit:", color="gray")
    else:
        tests = services.library.listening.tests(comparison.id)
        step = step_of(services.library, comparison)
        if step.found is not None:
            winner = step.found.favourite
            st.caption(count(step.found.listeners, "listener"), width="content")
            st.badge(
                f"{winner} is preferred" if winner else step.found.headline,
                icon=":material/check:" if winner else ":material/balance:",
                color="green" if winner else "gray",
            )
        elif tests:
            st.badge("Test open", icon=":material/hearing:", color="blue")
        else:
            st.badge("Ready", icon=":material/check:", color="gray")
