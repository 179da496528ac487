"""Opening a listening test: blind for oneself, or for others by a link."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import streamlit as st

from lyria_core import InvalidRequest
from lyria_studio.comparisons import Standing
from lyria_studio.comparisons.invitation_plan import (
    QUESTIONS,
    attentive,
    default_trials,
    end_of_day,
    minutes,
    own_test,
    plan_sentence,
)
from lyria_studio.listening import topic
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.generation import new_intent_id
from lyria_studio.model.listening_test import (
    LISTENERS_AN_HOUR,
    MOST_LISTENERS_AN_HOUR,
    ListeningKind,
    NewTest,
    Reveal,
)
from lyria_studio.orders.from_comparison import load
from lyria_studio.services import Services
from lyria_studio.ui import session
from lyria_studio.ui.compare import excerpt
from lyria_studio.ui.error_messages import keeping_input, show_error

INVITER = "inviter"  # the draft that remembers who invites
NEXT = "next_test"
FORM = "invite"  # whether the form of an invitation is open
SHOWN = "shown_test"
NAMELESS = "invite_nameless"
ASK_DEVICE = "Ask: headphones or speaker?"
EXCLUDE = "Leave out listeners who contradict themselves"
KINDS = {
    ListeningKind.PREFERENCE: "Which is better?",
    ListeningKind.ABX: "Is there a difference at all? (ABX)",
}
REVEALS = {
    Reveal.AFTER_VOTE: "After each vote",
    Reveal.AT_END: "At the end of their own trials",
}


def draw(services: Services, comparison: Comparison, now: Standing) -> None:
    """Draw the two ways to open a test.

    Args:
        services: the services.
        comparison: as it is stored.
        now: how its takes stand.
    """
    if len(now.letters) < 2:
        st.caption("A blind test needs one finished take of two variants at least.")
        return
    with st.container(horizontal=True, gap="small", key="open_a_test"):
        st.button(
            "Listen blind yourself",
            key="listen_blind",
            icon=":material/headphones:",
            help="Pairs without letters, in random order, equally loud. You see your choices at "
            "the end.",
            on_click=keeping_input(_myself),
            args=(services, comparison, now.letters, _next_id()),
        )
    st.session_state.setdefault(FORM, False)
    form = st.expander(
        "Invite others by a link", icon=":material/group_add:", key=FORM, on_change="rerun"
    )
    if form.open:
        with form:
            _invitation(services, comparison, now)


def _invitation(services: Services, comparison: Comparison, now: Standing) -> None:
    with st.container(horizontal=True, gap="small", key="invite_who"):
        kind = st.selectbox(
            "What do you want to know?",
            list(KINDS),
            format_func=lambda one: KINDS[one],
            key="invite_kind",
            persist_state="session",
        )
        if kind is ListeningKind.PREFERENCE:
            st.text_input(
                "Question to the listeners",
                key="invite_question",
                placeholder=QUESTIONS[kind],
                persist_state="session",
                help="For instance: Which one fits the film better?",
            )
        name = st.text_input(
            "Who invites",
            value=_inviter(services),
            key="invite_name",
            placeholder="Your name or your team",
        )
    letters = _letters(kind, now)
    trials, listeners = _numbers(kind, comparison, letters)
    with st.container(horizontal=True, gap="small"):
        st.date_input(
            "Last day (optional)",
            value=None,
            min_value=datetime.now(session.zone()).date(),
            key="invite_end",
            width=190,
        )
        st.number_input(
            "New listeners per hour",
            1,
            MOST_LISTENERS_AN_HOUR,
            value=LISTENERS_AN_HOUR,
            key="invite_an_hour",
            width=190,
            help="Raise it for an event. The result says so.",
        )
        repeated = attentive(kind, trials)
        st.selectbox(
            "Tell listeners which was which",
            # A pair that comes twice would not be blind the second time.
            [Reveal.AT_END] if repeated else list(REVEALS),
            format_func=lambda one: REVEALS[one],
            index=int(not repeated and (kind is ListeningKind.ABX or comparison.takes > 1)),
            key=_reveal_key(repeated),
            persist_state="session",
            width=290,
        )
    st.pills(
        "Options",
        [ASK_DEVICE, EXCLUDE] if repeated else [ASK_DEVICE],
        selection_mode="multi",
        key=_options_key(repeated),
        persist_state="session",
        help="One pair comes twice with its sides exchanged. Whom to leave out is decided now, "
        "before votes are in."
        if repeated
        else None,
    )
    excerpt.draw(comparison, now, letters)
    st.caption(
        f"About {minutes(trials)} min for each. "
        + plan_sentence(kind, listeners, trials, len(letters), fewest_takes(now, letters))
    )
    few = len(letters) < 2 or (kind is ListeningKind.ABX and len(letters) != 2)
    st.button(
        "Open the test and get the link",
        key="invite_open",
        type="primary",
        icon=":material/link:",
        disabled=few,
        on_click=keeping_input(_others),
        args=(services, comparison, _next_id()),
    )
    if few:
        st.caption(
            "Choose exactly two variants." if kind is ListeningKind.ABX else "Choose two variants."
        )
    if st.session_state.pop(NAMELESS, False) and not name.strip():
        show_error(InvalidRequest("Nothing was opened.", advice="Say who invites."))


def fewest_takes(now: Standing, letters: Sequence[str]) -> int:
    """Return the fewest finished takes that one of these variants has."""
    return min((len(now.generations(letter)) for letter in letters), default=1)


def _letters(kind: ListeningKind, now: Standing) -> list[str]:
    ready = list(now.letters)
    if len(ready) == 2:
        return ready
    default = ready[:2] if kind is ListeningKind.ABX else ready
    chosen = st.pills(
        "Variants",
        ready,
        selection_mode="multi",
        default=default,
        key=f"invite_letters_{kind}",
        persist_state="session",
    )
    return [letter for letter in ready if letter in chosen]


def _numbers(kind: ListeningKind, comparison: Comparison, letters: list[str]) -> tuple[int, int]:
    with st.container(horizontal=True, gap="small"):
        trials = st.number_input(
            "Pairs for each listener",
            1,
            50,
            value=default_trials(kind, len(letters), comparison.takes),
            key=f"invite_trials_{kind}_{len(letters)}",
            width=190,
            persist_state="session",
        )
        listeners = st.number_input(
            "Listeners planned",
            1,
            1000,
            value=15,
            key="invite_listeners",
            width=190,
            persist_state="session",
        )
    return trials, listeners


def _reveal_key(repeated: bool) -> str:
    return f"invite_reveal_{repeated}"


def _options_key(repeated: bool) -> str:
    return f"invite_options_{repeated}"


def _next_id() -> str:
    return str(st.session_state.setdefault(NEXT, new_intent_id()))


def _inviter(services: Services) -> str:
    kept = services.library.tracks.draft(INVITER) or {}
    return str(kept.get("name", ""))


def _myself(
    services: Services, comparison: Comparison, letters: tuple[str, ...], test_id: str
) -> None:
    _open(services, own_test(test_id, comparison.id, letters))


def _others(services: Services, comparison: Comparison, test_id: str) -> None:
    """Read when the click arrives: the last field may have been filled in right before it."""
    state = st.session_state
    kind = ListeningKind(state["invite_kind"])
    stored, now = load(services.library, comparison.id)
    ready = list(now.letters)
    chosen = state.get(f"invite_letters_{kind}", ready) if len(ready) > 2 else ready
    letters = tuple(letter for letter in ready if letter in chosen)
    trials = int(state[f"invite_trials_{kind}_{len(letters)}"])
    day = state.get("invite_end")
    name = str(state.get("invite_name") or "").strip()
    question = str(state.get("invite_question") or "").strip()
    if not name:
        state[NAMELESS] = True
        return
    services.library.tracks.save_draft(INVITER, {"name": name})
    attention = attentive(kind, trials)
    options = state.get(_options_key(attention)) or []
    each = trials + attention
    starts, excerpt_s = excerpt.chosen(stored, now, letters)
    _open(
        services,
        NewTest(
            id=test_id,
            comparison_id=comparison.id,
            kind=kind,
            host_name=name,
            question=question if question and kind is ListeningKind.PREFERENCE else QUESTIONS[kind],
            letters=letters,
            trials_per_listener=each,
            planned_votes=each * int(state["invite_listeners"]),
            attention=attention,
            exclude_inconsistent=EXCLUDE in options,
            ask_device=ASK_DEVICE in options,
            starts=starts,
            excerpt_s=excerpt_s,
            reveal=Reveal(state[_reveal_key(attention)]),
            ends_at=end_of_day(day, session.zone()) if day else None,
            listeners_an_hour=int(state.get("invite_an_hour") or LISTENERS_AN_HOUR),
        ),
    )


def _open(services: Services, new: NewTest) -> None:
    test = services.library.listening.open_test(new)
    services.prepare_test(test.id)
    services.events.publish(topic(test.id), "opened")
    st.session_state[NEXT] = new_intent_id()
    st.session_state[SHOWN] = test.id
    st.session_state[FORM] = False


def origin() -> str | None:
    """Scheme and host under which the owner sees this app."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None
