"""What can be done with one generation, by its state.

The work is done in callbacks, which run before the page is drawn: the page then shows the outcome
at once, and may write into fields that stand above the button.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from lyria_core import Charge
from lyria_studio.composer_notes import sentences
from lyria_studio.model.generation import Fetch, Generation
from lyria_studio.model.states import State
from lyria_studio.scores import fetch_midi, has_midi
from lyria_studio.services import Services
from lyria_studio.ui import builder, session, softening
from lyria_studio.ui.compare import starting
from lyria_studio.ui.error_messages import keeping_input

CREATE = "create.py"


def draw(services: Services, generation: Generation, place: str) -> None:
    """The buttons of one generation.

    Args:
        services: the services.
        generation: which generation.
        place: where on the page, for keys that differ.
    """
    key = f"{place}-{generation.id}"
    with st.container(horizontal=True, gap="small", width="content"):
        if st.button(
            "Use again",
            key=f"again-{key}",
            icon=":material/replay:",
            type="tertiary",
            help="Put this prompt and these settings into the form. Nothing is ordered yet.",
            on_click=_use_again,
            args=(generation,),
        ):
            st.switch_page(CREATE)
        if place != "compare":
            starting.generation_button(services, generation, key)
        library = services.library
        match generation.state:
            case State.INTENDED:
                _button(
                    "Cancel", ":material/cancel:", f"cancel-{key}", _cancel, services, generation
                )
            case State.STALLED:
                _button(
                    "Look again",
                    ":material/refresh:",
                    f"look-{key}",
                    _ask,
                    services,
                    library.jobs.poll_again,
                    generation,
                )
            case State.UNDELIVERED:
                again, keep = library.jobs.retry_download, library.jobs.fetches.keep_as_is
                icon = ":material/cloud_download:"
                _button("Fetch again", icon, f"fetch-{key}", _ask, services, again, generation)
                if generation.set_aside:
                    icon = ":material/check:"
                    _button("Keep as it is", icon, f"keep-{key}", _ask, services, keep, generation)
            case State.UNKNOWN:
                _settle(services, generation, key)
            case State.FAILED if generation.charge is Charge.MAYBE:
                if generation.request_id is not None:
                    act = library.jobs.poll_again
                    icon = ":material/refresh:"
                    _button("Check again", icon, f"check-{key}", _ask, services, act, generation)
                _settle_failed(services, generation, key)
            case _:
                pass
        softening.offer(generation, key)
        _details(services, generation, key)


def _button(label: str, icon: str, key: str, act: Callable[..., None], *args: object) -> None:
    st.button(label, key=key, icon=icon, type="tertiary", on_click=keeping_input(act), args=args)


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
        st.toast("Cancelled. It had not been sent, so it costs nothing.")
    else:
        st.toast("Too late to cancel: it has just been sent.")


def _ask(services: Services, ask: Callable[[str], bool], generation: Generation) -> None:
    if ask(generation.id):
        services.worker.wake()


def _settle(services: Services, generation: Generation, key: str) -> None:
    with st.popover("Settle", icon=":material/help:", type="tertiary"):
        st.write(
            "The gateway may have taken this job. Look into your account there: if the job is "
            "listed, give its request id and the track is fetched; if not, mark it as not charged."
        )
        st.text_input(
            "Request id", key=f"request-{key}", placeholder=f"{generation.model_id}_019d…"
        )
        _button(
            "It was taken", ":material/check:", f"taken-{key}", _taken, services, generation, key
        )
        _button(
            "It was not charged",
            ":material/money_off:",
            f"free-{key}",
            _said,
            services,
            generation,
            False,
        )


def _settle_failed(services: Services, generation: Generation, key: str) -> None:
    with st.popover("Settle", icon=":material/help:", type="tertiary"):
        st.write(
            "The gateway took this job and could not make the track, and it does not say whether "
            "that was charged. Look into your account there, and tell what it shows."
        )
        for label, icon, charged in (
            ("It was charged", ":material/payments:", True),
            ("It was not charged", ":material/money_off:", False),
        ):
            name = f"charged-{charged}-{key}"
            _button(label, icon, name, _said, services, generation, charged)


def _taken(services: Services, generation: Generation, key: str) -> None:
    request_id = str(st.session_state.get(f"request-{key}", "")).strip()
    services.library.jobs.settle(generation.id, request_id=request_id)
    services.worker.wake()


def _said(services: Services, generation: Generation, charged: bool) -> None:
    services.library.jobs.settle(generation.id, charged=charged)


def _details(services: Services, generation: Generation, key: str) -> None:
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
        if generation.understood and (said := sentences(generation.understood)):
            st.caption("What the sandbox's composer made of it")
            st.text("\n".join(said))
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
    if peak is not None:
        parts.append(f"true peak {peak:.1f} dBTP")
    return ", ".join(parts)
