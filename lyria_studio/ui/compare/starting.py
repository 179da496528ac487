"""Ways into a comparison: from nothing, from a prompt, from tracks, from a verdict."""

from collections.abc import Sequence

import streamlit as st

from lyria_studio.comparisons import Sketch, usable
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.generation import Generation, new_intent_id
from lyria_studio.orders.from_comparison import compare_tracks
from lyria_studio.services import Services
from lyria_studio.ui import addressed, session
from lyria_studio.ui.compare import address, variant_form
from lyria_studio.ui.error_messages import keeping_input

STARTED = "compare_started"  # the comparison that a callback has just begun


def prompt_button(services: Services) -> None:
    """Beside the form of the Create screen: compare what stands in it."""
    st.button(
        "Compare this prompt",
        key="compare_prompt",
        icon=":material/compare_arrows:",
        type="tertiary",
        help="Make variants of it, hear them in step, and let people vote blind. "
        "Nothing is ordered yet.",
        on_click=keeping_input(_of_form),
        args=(services,),
    )
    _go()


def generation_button(services: Services, generation: Generation, key: str) -> None:
    """Draw the button that starts a comparison with a generation as take 1 of A.

    Args:
        services: the services.
        generation: what becomes A.
        key: of the button.
    """
    st.button(
        "Compare",
        key=f"compare-{key}",
        icon=":material/compare_arrows:",
        type="tertiary",
        help="Its prompt becomes variant A, and its track is used again. Nothing is ordered yet.",
        on_click=keeping_input(of_tracks),
        args=(services, [generation]),
    )
    _go()


def these_button(services: Services, generations: Sequence[Generation], key: str) -> None:
    """Draw the button that opens the tracks of an order as a free comparison.

    Args:
        services: the services.
        generations: the takes and models of the order; nothing is drawn for fewer than two that
            have a track or will get one.
        key: names the place.
    """
    if sum(map(usable, generations)) < 2:
        return
    st.button(
        "Compare these",
        key=f"compare-these-{key}",
        icon=":material/compare_arrows:",
        type="tertiary",
        on_click=keeping_input(compare_these),
        args=(services, generations),
    )
    _go()


def compare_these(services: Services, generations: Sequence[Generation]) -> None:
    """Make a comparison of tracks that exist; for callbacks. `go_there` or a button opens it."""
    st.session_state[STARTED] = compare_tracks(services.library, generations).id


def of_tracks(services: Services, generations: Sequence[Generation]) -> None:
    """Begin with generations that exist; for callbacks."""
    _begin(services, Sketch.of_generations(generations))


def of_winner(services: Services, comparison: Comparison, letter: str, test_id: str) -> None:
    """Continue with a variant of a comparison, after a test of it; for callbacks.

    Args:
        services: the services.
        comparison: as it is stored.
        letter: the variant to continue with.
        test_id: the listening test that led to this.
    """
    _begin(services, Sketch.of_winner(comparison, letter, test_id))


def of_repeat(services: Services, comparison: Comparison) -> None:
    """Repeat a comparison with new takes; for callbacks."""
    _begin(services, Sketch.of_repeat(comparison))


def _of_form(services: Services) -> None:
    # Read when the click arrives: the last words may have been typed right before it.
    draft = session.draft()
    if draft.prompt.strip():
        _begin(services, Sketch.of_draft(draft))
    else:
        st.session_state[STARTED] = address.NEW


def _begin(services: Services, sketch: Sketch) -> None:
    comparison_id = new_intent_id()
    variant_form.store(services.library, comparison_id, sketch)
    st.session_state[STARTED] = comparison_id


def go_there() -> None:
    """Show what a callback began, on the Compare screen itself."""
    if (begun := st.session_state.pop(STARTED, None)) is not None:
        address.show(begun)


def _go() -> None:
    if (begun := st.session_state.pop(STARTED, None)) is not None:
        addressed.switch(address.PAGE, {address.NAME: begun})
