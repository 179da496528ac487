"""Making a comparison: its variants, what to beware of, and the price of the click."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from lyria_core import MODELS
from lyria_studio.comparisons import (
    Sketch,
    cautions_of_variants,
    fits,
    price_of,
    price_split,
    usable,
)
from lyria_studio.evidence import TAKES_NEEDED
from lyria_studio.model.comparison import Variant
from lyria_studio.model.draft import MAX_SEED, MAX_TAKES
from lyria_studio.model.generation import Generation
from lyria_studio.money import usd
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import paying, session, tab
from lyria_studio.ui.compare import address, manage, paid_clicks, picker, typed_text, variant_form
from lyria_studio.ui.components import LIVE_DIFF
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal

ADVICE = "Change one thing."
PLACEHOLDER = "Warm lo-fi hip hop, 80 BPM, D minor, Rhodes and jazz guitar. Instrumental only."


def draw(services: Services, comparison_id: str) -> None:
    """Draw the variants side by side and below them the button with its price."""
    with st.container(horizontal=True, vertical_alignment="center", key="compare_head"):
        st.title("New comparison")
        address.way_to_all()
    variant_form.draw_undo()
    variant_form.bring_in(services.library, comparison_id)
    sketch = variant_form.read()
    known = variant_form.kept_generations(services.library, sketch)
    with st.container(key="variants"):
        for variant in sketch.variants:
            _variant(services, sketch, variant, known)
    with st.container(key="order"):
        _order(services, comparison_id, known)
    variant_form.keep(services, comparison_id, variant_form.read())
    first, *others = (one.letter for one in sketch.variants)
    LIVE_DIFF(
        key="live_diff",
        data={
            "first": variant_form.key(first, "prompt"),
            "others": {variant_form.key(one, "prompt"): f"diff-{one}" for one in others},
            "same": f"{typed_text.SAME} {first}. {ADVICE}",
        },
    )
    tab.draw(
        address.NEW if address.is_fresh(comparison_id) else comparison_id,
        variant_form.texts(),
        ("compare_order", "compare_confirm"),
        lambda _, lost: variant_form.take_back(lost),
        shown=["comparison_takes"],
    )


def _variant(
    services: Services, sketch: Sketch, variant: Variant, known: Mapping[str, Generation]
) -> None:
    letter = variant.letter
    models, prompts = variant_form.key(letter, "model"), variant_form.key(letter, "prompt")
    with st.container(border=True, key=f"variant-{letter}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            typed_text.letter(letter)
            st.selectbox(
                f"Model of {letter}",
                list(MODELS),
                format_func=lambda id_: f"{MODELS[id_].name} · {usd(MODELS[id_].price_usd)}",
                index=list(MODELS).index(variant_form.initial(models, next(iter(MODELS)))),
                key=models,
                persist_state="session",
                label_visibility="collapsed",
                width=190,
            )
            st.space("stretch")
            picker.button(letter)
            if len(sketch.variants) > 1:
                st.button(
                    f"Remove {letter}",
                    key=f"remove-{letter}",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=_remove,
                    args=(letter,),
                )
        picker.draw_for(services, letter)
        st.text_area(
            f"Prompt of {letter}",
            value=variant_form.initial(prompts),
            key=prompts,
            persist_state="session",
            height=112,
            placeholder=PLACEHOLDER if letter == "A" else "The prompt of A, with one change",
            label_visibility="collapsed",
            on_change=variant_form.follow_a if letter == "A" else "rerun",
        )
        _fields(sketch, letter)
        now = variant_form.read()
        current = next(one for one in now.variants if one.letter == letter)
        if letter != "A":
            with st.container(key=f"diff-{letter}"):
                typed_text.diff(now.variants[0], current, ADVICE)
        _taken_over(services, now, current, known)


def _fields(sketch: Sketch, letter: str) -> None:
    model = MODELS[st.session_state[variant_form.key(letter, "model")]]
    if model.supports_negative_prompt or model.supports_seed:
        with st.container(horizontal=True, gap="small"):
            if model.supports_negative_prompt:
                st.text_input(
                    f"Negative prompt of {letter} (optional)",
                    value=variant_form.initial(variant_form.key(letter, "negative")),
                    key=variant_form.key(letter, "negative"),
                    persist_state="session",
                    placeholder="vocals, drums",
                    help="Nouns, separated by commas.",
                )
            if model.supports_seed:
                st.number_input(
                    f"Seed of {letter} (optional)",
                    0,
                    MAX_SEED - MAX_TAKES,
                    value=variant_form.initial(variant_form.key(letter, "seed"), None),
                    step=1,
                    key=variant_form.key(letter, "seed"),
                    persist_state="session",
                    placeholder="chance",
                    width=190,
                    help="The same seed for all variants leaves only your change to be heard. "
                    "Several takes count up from it.",
                )
    if model.supports_images and any(variant.images for variant in sketch.variants):
        st.text_area(
            f"Images of {letter} (addresses, one a line)",
            value=variant_form.initial(variant_form.key(letter, "images")),
            key=variant_form.key(letter, "images"),
            persist_state="session",
            height=70,
        )


def _taken_over(
    services: Services, sketch: Sketch, variant: Variant, known: Mapping[str, Generation]
) -> None:
    """Show which takes exist already, and which no longer fit the typed words."""
    gateway = session.access(services).gateway
    there, other, elsewhere = [], False, False
    for take in range(1, sketch.takes + 1):
        one = known.get(sketch.kept.get((variant.letter, take), ""))
        if one is not None and usable(one):
            if fits(one, variant, take):
                there.append(str(take))
                elsewhere = elsewhere or one.gateway != gateway
            else:
                other = True
    if there:
        takes = "Take" if len(there) == 1 else "Takes"
        st.caption(rf"{takes} {' and '.join(there)} of {variant.letter}: already made, \$0.")
        if elsewhere:
            st.caption(
                "That track is a demo track and the new ones will be Lyria's. That alone could "
                "decide."
                if gateway == "live"
                else "That track is Lyria's and the new ones will be demo tracks. That alone "
                "could decide."
            )
    elif other:
        st.caption(
            f"{variant.letter} has changed, so its track is not used. Restore the prompt to use it."
        )


def _another(sketch: Sketch) -> None:
    if sketch.full:
        st.caption("Six variants is the most.", width="content")
        return
    letter = "ABCDEF"[len(sketch.variants)]
    st.button(
        f"Add {letter} as a copy of A",
        key="another",
        icon=":material/add:",
        on_click=_add,
    )


def _order(services: Services, comparison_id: str, known: Mapping[str, Generation]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="order_fields"):
        _another(variant_form.read())
        st.text_input(
            "Name (optional)",
            value=variant_form.initial("comparison_name"),
            key="comparison_name",
            persist_state="session",
            placeholder="Piano or harp",
        )
        st.number_input(
            "Takes of each variant",
            1,
            MAX_TAKES,
            value=variant_form.initial("comparison_takes", "min"),
            key="comparison_takes",
            persist_state="session",
            width=190,
            help=f"Each take is paid. Takes of one prompt differ: {TAKES_NEEDED} or more compare "
            "the prompts, fewer only the recordings.",
        )
        sketch = variant_form.read()
        tracks, price = price_of(sketch, known)
        gateway = session.access(services).gateway
        label = (
            f"Make {count(tracks, 'track')} · {price_split(sketch, known)}{usd(price, gateway)}"
            if tracks
            else "Create comparison · free"
        )
        st.button(
            literal(label),
            key="compare_order",
            type="primary",
            icon=":material/compare_arrows:",
            disabled=len(sketch.variants) < 2,
            on_click=keeping_input(paid_clicks.order),
            args=(services, comparison_id, price),
        )
        if tracks and len(sketch.variants) > 1 and sketch.takes > 1:
            less, cheaper = price_of(replace(sketch, takes=1), known)
            st.button(
                f"Make only 1 take each · "
                f"{paying.price_text(services, cheaper) if less else 'free'}",
                key="one_take",
                type="tertiary",
                on_click=_one_take,
            )
    paid_clicks.draw_answers()
    if len(sketch.variants) < 2:
        st.caption("A comparison needs two variants.")
    elif tracks:
        paying.consequence(services, price)
    if not sketch.blank:
        _cautions(sketch, sandbox=gateway == "sandbox")
        manage.draw_discard(services, comparison_id)


def _cautions(sketch: Sketch, *, sandbox: bool) -> None:
    cautions = cautions_of_variants(sketch.variants, sketch.takes, sandbox=sandbox)
    if not cautions:
        return
    with st.container(key="cautions", gap="xsmall"):
        for caution in cautions:
            st.caption(literal(caution.text))


def _one_take() -> None:
    variant_form.fill(replace(variant_form.read(), takes=1))


def _add() -> None:
    variant_form.fill(variant_form.read().with_another())


def _remove(letter: str) -> None:
    variant_form.replace_with(variant_form.read().without(letter), f"{letter} was removed.")
