"""What can be done with one generation, by its state.

The work is done in callbacks, which run before the page is drawn: the page then shows the outcome
at once, and may write into fields that stand above the button.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from lyria_studio.audio import SILENCE_DBTP
from lyria_studio.composer_notes import sentences
from lyria_studio.model.generation import Fetch, Generation
from lyria_studio.outlook import Action
from lyria_studio.scores import fetch_midi, has_midi
from lyria_studio.services import Services
from lyria_studio.ui import addressed, builder, session, settling, softening, toasts
from lyria_studio.ui.compare import starting
from lyria_studio.ui.error_messages import keeping_input

CREATE = "create.py"


def draw(services: Services, generation: Generation, place: str, actions: Sequence[Action]) -> None:
    """Draw the buttons of one generation.

    Args:
        services: the services of this process.
        generation: whose buttons.
        place: the screen it stands on; part of the keys of its buttons.
        actions: what can be done now (`outlook`).
    """
    key = f"{place}-{generation.id}"
    with st.container(horizontal=True, gap="small", width="content"):
        again(generation, key)
        if place != "compare":
            starting.generation_button(services, generation, key)
        by_state(services, generation, key, actions)
        details(services, generation, key)


def again(generation: Generation, key: str) -> None:
    """Draw the button that puts a prompt and its settings into the form."""
    if st.button(
        "Use again",
        key=f"again-{key}",
        icon=":material/replay:",
        type="tertiary",
        help="Copies this prompt and its settings into the form. Free.",
        on_click=_use_again,
        args=(generation,),
    ):
        addressed.switch(CREATE)


def by_state(
    services: Services, generation: Generation, key: str, actions: Sequence[Action]
) -> None:
    """Draw the buttons that depend on how a generation stands.

    Args:
        services: the services of this process.
        generation: whose buttons.
        key: the end of their keys.
        actions: what can be done now (`outlook`).
    """
    for action in actions:
        if action is Action.SETTLE:
            settling.draw(services, generation, key)
        else:
            icon, act = _ACTS[action]
            _button(action, icon, f"{action.name.lower()}-{key}", act, services, generation)
    softening.offer(generation, key)


def _button(label: str, icon: str, key: str, act: Callable[..., None], *args: object) -> None:
    def then_all() -> None:
        act(*args)
        # What listens for news stands outside a fragment of results.
        st.rerun()

    st.button(label, key=key, icon=icon, type="tertiary", on_click=keeping_input(then_all))


def _use_again(generation: Generation) -> None:
    session.next_form()
    builder.replace(
        {
            "model": generation.model_id,
            "prompt": generation.prompt,
            "images": "\n".join(generation.images),
            "negative_prompt": generation.negative_prompt or "",
            "seed": "" if generation.seed is None else str(generation.seed),
            "takes": 1,
        },
        "An earlier prompt replaced your text.",
    )


def _cancel(services: Services, generation: Generation) -> None:
    if services.library.jobs.cancel(generation.id):
        toasts.later("Cancelled. Not charged.")
    else:
        toasts.later("Too late to cancel: already sent.")


def _ask(services: Services, ask: Callable[[str], bool], generation: Generation) -> None:
    if ask(generation.id):
        services.worker.wake()


def _check(services: Services, generation: Generation) -> None:
    _ask(services, services.library.jobs.poll_again, generation)


def _check_with_key(services: Services, generation: Generation) -> None:
    services.worker.check_with_key(generation.id, session.access(services))
    toasts.later("The gateway knows this order.")


def _fetch_again(services: Services, generation: Generation) -> None:
    _ask(services, services.library.jobs.retry_download, generation)


def _keep(services: Services, generation: Generation) -> None:
    _ask(services, services.library.jobs.fetches.keep_as_is, generation)


def _undo(services: Services, generation: Generation) -> None:
    services.library.jobs.settlements.undo(generation.id)
    services.worker.wake()


_ACTS: dict[Action, tuple[str, Callable[[Services, Generation], None]]] = {
    Action.CANCEL: (":material/cancel:", _cancel),
    Action.CHECK: (":material/refresh:", _check),
    Action.CHECK_WITH_KEY: (":material/key:", _check_with_key),
    Action.FETCH: (":material/cloud_download:", _fetch_again),
    Action.KEEP: (":material/check:", _keep),
    Action.UNDO: (":material/undo:", _undo),
}


def details(services: Services, generation: Generation, key: str) -> None:
    """Draw what is known of a generation, behind a button.

    Args:
        services: the services of this process.
        generation: what to describe.
        key: the end of the keys of its elements.
    """
    with st.popover("Details", icon=":material/info:", type="tertiary", key=f"details-{key}"):
        st.caption("Prompt")
        st.text(generation.prompt)
        if generation.negative_prompt:
            st.caption("Negative prompt")
            st.text(generation.negative_prompt)
        if generation.images:
            st.caption("Images")
            st.text("\n".join(generation.images))
        st.caption("Request id at the gateway")
        st.text(generation.request_id or "none was given")
        if generation.fetches:
            st.caption("Attempts to fetch the file")
            st.text("\n".join(map(_fetch, generation.fetches)))
        if generation.understood and (notes := sentences(generation.understood)):
            st.caption("What the sandbox's composer made of it")
            st.text("\n".join(notes))
        if has_midi(generation):
            st.download_button(
                "Download MIDI",
                data=lambda: fetch_midi(generation, services.sandbox_url),
                file_name=str(Path(generation.tracks[0].file_name).with_suffix(".mid")),
                mime="audio/midi",
                key=f"midi-{key}",
                icon=":material/piano:",
                on_click="ignore",
            )
        for track in generation.tracks:
            st.caption("Measured on the file as it arrived")
            st.text(_measured(track.duration_s, track.loudness_lufs, track.true_peak_dbtp))
            st.caption("Where the file is")
            st.text(str(track.path))


def _fetch(fetch: Fetch) -> str:
    there = fetch.at.astimezone(session.zone())
    return f"{there:%d %b, %H:%M:%S} · {fetch.outcome}"


def _measured(duration_s: float | None, loudness: float | None, peak: float | None) -> str:
    if duration_s is None:
        return "The file could not be measured; it is kept as it arrived."
    parts = [f"{duration_s:.1f} s"]
    if loudness is not None:
        parts.append(f"{loudness:.1f} LUFS")
    if peak == SILENCE_DBTP:
        parts.append("silent")
    elif peak is not None:
        parts.append(f"true peak {peak:.1f} dBTP")
    return ", ".join(parts)
