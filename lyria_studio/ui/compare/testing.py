"""The listening tests of a comparison: their links, how far they are, and what they show."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import streamlit as st

from lyria_studio.comparisons import Standing
from lyria_studio.comparisons.lessons import of_one_kind, pooled_results
from lyria_studio.listening import topic
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.listening_test import Listener, ListeningKind, ListeningTest, Over
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import session, watch
from lyria_studio.ui.compare import invitations, verdict
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.web.qr import qr_svg
from lyria_studio.wording import moment

KINDS = {ListeningKind.PREFERENCE: "Preference test", ListeningKind.ABX: "ABX test"}
ENDED = {
    Over.CLOSED: "Closed",
    Over.TIME: "Ended on its last day",
    Over.VOTES: "All votes are in",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def draw(services: Services, comparison: Comparison, now: Standing) -> None:
    """Draw the ways to open a test, and the chosen test: the newest by default.

    Args:
        services: the services.
        comparison: as it is stored.
        now: how its takes stand.
    """
    tests = services.library.listening.tests(comparison.id)
    watch.also([topic(test.id) for test in tests])
    if tests:
        test = _chosen(tests)
        _test(services, comparison, test, len(tests))
        _together(services, test, tests)
    st.header("Blind tests")
    invitations.draw(services, comparison, now)


def _together(services: Services, test: ListeningTest, tests: list[ListeningTest]) -> None:
    """Draw several tests of one kind as one."""
    counts = services.library.listening.vote_counts([one.id for one in tests])
    alike = [one for one in of_one_kind(test, tests) if counts[one.id]]
    if len(alike) > 1:
        found = pooled_results(services.library, alike)
        st.text(f"All {len(alike)} tests together: {found.headline}. {found.sentence}")


def _chosen(tests: list[ListeningTest]) -> ListeningTest:
    known = {test.id: test for test in tests}
    if st.session_state.get(invitations.SHOWN) not in known:
        st.session_state[invitations.SHOWN] = tests[0].id
    if len(tests) == 1:
        return tests[0]
    chosen = st.selectbox(
        "Test",
        list(known),
        key=invitations.SHOWN,
        format_func=lambda id_: _label(known[id_]),
    )
    return known[chosen]


def _label(test: ListeningTest) -> str:
    who = "Yourself" if test.for_oneself else "Others"
    return f"{who} · {test.question} · {moment(test.created_at, session.zone())}"


def _test(services: Services, comparison: Comparison, test: ListeningTest, number: int) -> None:
    """Draw what the votes say, and beside it the comments and the next steps."""
    votes = services.library.listening.votes(test.id)
    listeners = services.library.listening.listeners(test.id)
    over = test.over_reason(datetime.now(UTC), len(votes))
    found = verdict.read(test, votes, listeners, over)
    with st.container(horizontal=True, gap="small", key="test"):
        with st.container(border=True, key="verdict_card", gap="small"):
            verdict.draw_headline(found)
            verdict.draw_chart(found)
            facts = _facts(test, len(votes), listeners)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                _badge(test, over)
                st.text(test.question, width="content")
                st.caption(facts, width="content")
            if number > 1:
                st.caption(f"1 of {number} tests")
            if over is None and not votes:
                _entrance(services, test)
            elif over is None:
                # Who comes back wants to see what the votes say.
                with st.expander("Link and closing", icon=":material/link:", key="entrance"):
                    _entrance(services, test)
        if votes and not found.hidden:
            with st.container(border=True, key="next_card", gap="small"):
                verdict.draw_next(services, comparison, found)


def _badge(test: ListeningTest, over: Over | None) -> None:
    if over is not None:
        st.badge(ENDED[over], icon=":material/check:", color="gray")
    elif test.problem:
        st.badge("Not prepared", icon=":material/error:", color="red")
    elif test.prepared is None:
        st.badge("Preparing", icon=":material/hourglass_top:", color="blue")
    else:
        st.badge("Open", icon=":material/hearing:", color="green")


def _facts(test: ListeningTest, votes: int, listeners: list[Listener]) -> str:
    done = sum(one.finished_at is not None for one in listeners)
    facts = [f"{votes} of {test.planned_votes} votes"]
    if not test.for_oneself:
        people = count(len(listeners), "listener")
        facts += [KINDS[test.kind], people] if listeners else [KINDS[test.kind]]
        if done < len(listeners):
            facts.append(f"{done} finished")
    if test.ends_at:
        facts.append(f"ends {moment(test.ends_at, session.zone())}")
    return " · ".join(facts)


def _entrance(services: Services, test: ListeningTest) -> None:
    """Draw how listeners come in, and how the owner stops them."""
    if test.problem:
        st.error(test.problem)
        st.button(
            "Prepare it again",
            key="prepare_again",
            icon=":material/refresh:",
            on_click=keeping_input(_prepare),
            args=(services, test),
        )
    elif test.prepared is None:
        st.caption("Making blind copies: same length, same loudness, no names.")
    url = services.listen_url(test, invitations.origin())
    if test.for_oneself:
        if test.prepared is not None:
            st.link_button("Start listening", url, icon=":material/headphones:", type="primary")
    else:
        _link(url)
    with st.container(horizontal=True, gap="small"):
        _close(services, test)
        if not test.for_oneself:
            _revoke(services, test)


def _link(url: str) -> None:
    with st.container(horizontal=True, gap="medium", key="invitation"):
        with st.container(gap="xsmall", key="invitation_link"):
            st.caption("Link for listeners: no key, no account, works on a phone")
            st.code(url, language=None, wrap_lines=True)
            st.link_button("See it as a listener", url, icon=":material/open_in_new:")
            if (urlsplit(url).hostname or "") in LOOPBACK:
                st.caption(
                    "This link works on this computer only. To invite others, set the public "
                    "address on the Settings screen."
                )
        with st.container(key="invitation_code", width=148):
            st.image(qr_svg(url), width=148, alt="QR code of the link for listeners")


def _close(services: Services, test: ListeningTest) -> None:
    with st.popover("Close the test", icon=":material/lock:", type="tertiary"):
        st.text(
            "It takes no more votes and cannot be opened again. A test that ends before its plan "
            "is judged more strictly."
        )
        st.button(
            "Close it for good",
            key="close_test",
            on_click=keeping_input(_closed),
            args=(services, test),
        )


def _revoke(services: Services, test: ListeningTest) -> None:
    with st.popover("Revoke the link", icon=":material/link_off:", type="tertiary"):
        st.text(
            "The link that you gave away stops working at once, also for listeners in the middle. "
            "You get a new one; the votes stay."
        )
        st.button(
            "Revoke it", key="revoke_test", on_click=keeping_input(_revoked), args=(services, test)
        )


def _prepare(services: Services, test: ListeningTest) -> None:
    services.prepare_test(test.id)


def _closed(services: Services, test: ListeningTest) -> None:
    _act(services, test, services.library.listening.close_test, "closed")


def _revoked(services: Services, test: ListeningTest) -> None:
    _act(services, test, services.library.listening.revoke_test, "revoked")


def _act(services: Services, test: ListeningTest, act: Callable[[str], object], what: str) -> None:
    act(test.id)
    services.events.publish(topic(test.id), what)
