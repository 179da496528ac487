"""What a person sees when something fails, foreseen or not."""

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from lyria_core import Charge, LyriaError
from lyria_studio.wording import literal

P = ParamSpec("P")
_PENDING = "error_of_callback"
_COSTS = {Charge.MAYBE: "It may have been charged.", Charge.YES: "It was charged."}

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
    if isinstance(error, LyriaError):
        show_error(error)
    else:
        st.error(
            "This screen could not be drawn. What was stored before is in History. Reload the "
            "page to try again.",
            title="Something went wrong here",
            icon=":material/error:",
        )
    return True


def show_error(error: LyriaError) -> None:
    """Show what happened, what it cost where the message does not say, and what to do next."""
    cost = "" if "charged" in error.message or error.charge is Charge.NO else _COSTS[error.charge]
    st.error(literal(" ".join(filter(None, (error.message, cost, error.advice)))))


def keeping_input(callback: Callable[P, None]) -> Callable[P, None]:
    """Wrap a widget's callback: an error is shown on the screen, which is drawn as it was.

    Without this Streamlit would draw nothing but the error, and forget what was typed.
    """

    @functools.wraps(callback)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except LyriaError as error:
            st.session_state[_PENDING] = error

    return wrapped


def show_pending() -> None:
    """Show the error of the callback that led to this run, if there was one."""
    if error := st.session_state.pop(_PENDING, None):
        show_error(error)
