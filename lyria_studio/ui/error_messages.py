"""What a person sees when something fails that nobody foresaw."""

import logging

import streamlit as st

from lyria_studio.wording import literal

log = logging.getLogger("lyria_studio")


def show_failure(error: Exception) -> bool:
    """Show a sentence instead of a traceback; the log gets the kind of the error and its place.

    The text of the error stays out of the log: it may hold what a person typed.
    """
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("%s at %s", type(error).__name__, " > ".join(frames[-6:]))
    st.error(
        "This screen could not be drawn. Nothing you ordered is lost: it goes on in the "
        "background, and History shows it. Reload the page to try again.",
        title="Something went wrong here",
        icon=":material/error:",
    )
    return True


def show_refusal(message: str, advice: str | None) -> None:
    """Show why something was not done and what to do next."""
    st.error(literal(" ".join(filter(None, (message, advice)))))
