"""The verdict of a listening test, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from lyria_studio.audio import peaks_to_floats
from lyria_studio.audio.names import slug
from lyria_studio.evidence import TAKES_NEEDED
from lyria_studio.listening.remarks import Remark
from lyria_studio.listening.vote_results import Results, results
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.generation import Generation
from lyria_studio.model.listening_test import Listener, ListeningTest, Over
from lyria_studio.model.vote import Vote
from lyria_studio.phrases import count
from lyria_studio.reports import (
    Drawing,
    charts,
    how_sure,
    html_report,
    pdf_report,
    report,
    svg,
    votes_zip,
    waveform_chart,
)
from lyria_studio.services import Services
from lyria_studio.ui import session
from lyria_studio.ui.compare import starting, typed_text
from lyria_studio.ui.components import CHART, VERDICT
from lyria_studio.ui.error_messages import keeping_input

_VOTES_HELP = "Two tables for Excel: the votes, and what their columns mean. Times are in UTC."

FIRST = 3  # remarks beside the verdict
SHOWN = 16  # remarks on the screen; all of them are in the table of votes


def read(
    test: ListeningTest,
    votes: Sequence[Vote],
    listeners: Sequence[Listener],
    over: Over | None,
) -> Results:
    """Read the votes as evidence.

    Args:
        test: which test.
        votes: all its votes.
        listeners: all who opened its link.
        over: why it takes no more votes; None while it does.
    """
    return _read(_stamp(test, votes, listeners, over), test, votes, listeners)


def draw_headline(found: Results) -> None:
    """Draw the verdict in a headline and a sentence."""
    with st.container(key="verdict", gap="small"):
        VERDICT(
            key=f"verdict-{found.test.id}",
            data={
                "headline": found.headline,
                "sentence": found.sentence if found.votes else "Votes appear here as they come in.",
            },
        )


def draw_chart(found: Results) -> None:
    """Draw the main chart, where the votes may be seen."""
    if found.votes and not found.hidden:
        for main in charts(found)[:1]:
            _chart(main, f"{found.test.id}-main")


def draw_next(services: Services, comparison: Comparison, found: Results) -> None:
    """Draw what listeners wrote, the ways to go on, how sure the verdict is, and the files.

    Args:
        services: the services.
        comparison: what the test compares.
        found: what its votes say.
    """
    _remarks(found)
    _go_on(services, comparison, found)
    _how_sure(services, comparison, found)
    _downloads(services, comparison, found.test)


@st.cache_resource(max_entries=64, show_spinner=False)
def _read(
    stamp: tuple[object, ...],
    _test: ListeningTest,
    _votes: Sequence[Vote],
    _listeners: Sequence[Listener],
) -> Results:
    """Return the votes as evidence, cached by `stamp`: many letters take a while."""
    return results(_test, _votes, listeners=_listeners)


def _stamp(
    test: ListeningTest, votes: Sequence[Vote], listeners: Sequence[Listener], over: Over | None
) -> tuple[object, ...]:
    last = max((vote.cast_at for vote in votes), default=None)
    return test.id, len(votes), last, over, len(listeners)


def _chart(drawing: Drawing, key: str) -> None:
    with st.container(key=f"chart-{key}"):
        CHART(key=f"drawing-{key}", data={"svg": svg(drawing, name=f"chart-{key}")})


def _how_sure(services: Services, comparison: Comparison, found: Results) -> None:
    """Draw how it was judged and what else the votes show."""
    with st.expander("How sure?", icon=":material/query_stats:", key="how_sure"):
        for sentence in how_sure(found, [comparison.variant(one) for one in found.test.letters]):
            st.caption(sentence)
        for number, drawing in enumerate(charts(found)[1:]):
            _chart(drawing, f"{found.test.id}-{number}")
        if len(found.test.letters) == 2:
            one, other = map(comparison.variant, found.test.letters)
            typed_text.diff(one, other)
    if found.remarks:
        name = f"All {count(len(found.remarks), 'comment')}"
        with st.expander(name, icon=":material/comment:", key="all_remarks"):
            _all_remarks(services, found)


def _go_on(services: Services, comparison: Comparison, found: Results) -> None:
    with st.container(horizontal=True, gap="small", key="go_on"):
        for letter in found.test.letters:
            st.button(
                f"Continue with {letter}",
                key=f"keep-{letter}",
                type="primary" if letter == found.favourite else "secondary",
                icon=":material/arrow_forward:",
                help=f"Start a new comparison with {letter} as A. Its tracks are reused, $0.",
                on_click=keeping_input(starting.of_winner),
                args=(services, comparison, letter, found.test.id),
            )
        if not found.own and not found.abx and comparison.takes < TAKES_NEEDED:
            st.button(
                "Repeat with new takes",
                key="repeat",
                icon=":material/repeat:",
                help=f"Start a new comparison of the same prompts with {TAKES_NEEDED} new takes "
                "each. Nothing is ordered yet.",
                on_click=keeping_input(starting.of_repeat),
                args=(services, comparison),
            )


def _remarks(found: Results) -> None:
    """Draw the first comments."""
    if not found.remarks:
        return
    with st.container(key="remarks", gap="xsmall"):
        st.markdown("**What listeners wrote**")
        for number, remark in enumerate(found.remarks[:FIRST], start=1):
            typed_text.remark(number, remark.text, _about(remark))


def _all_remarks(services: Services, found: Results) -> None:
    """Further comments, and on the waveforms where in the track each belongs."""
    shown = found.remarks[:SHOWN]
    for number, remark in enumerate(shown[FIRST:], start=FIRST + 1):
        typed_text.remark(number, remark.text, _about(remark))
    if len(found.remarks) > SHOWN:
        st.caption(f"{len(found.remarks) - SHOWN} more are in the table of votes.")
    with st.container(key="waves", horizontal=True, gap="medium"):
        for number, drawing in enumerate(_waves(services, found, shown)):
            _chart(drawing, f"{found.test.id}-wave-{number}")


def _about(remark: Remark) -> str:
    return f"{remark.name}, {remark.place}" if remark.name else remark.place


def _waves(services: Services, found: Results, shown: Sequence[Remark]) -> list[Drawing]:
    """Return the waveforms of the takes that have timed comments, with their numbers."""
    marks: dict[str, list[tuple[int, float]]] = {}
    for number, remark in enumerate(shown, start=1):
        if remark.about is not None and remark.at_track_s is not None:
            marks.setdefault(remark.about.generation_id, []).append((number, remark.at_track_s))
    generations = services.library.tracks.generations(marks)
    names = {side.generation_id: f"{side.letter}, take {side.take}" for side in found.test.sides}
    return [
        waveform_chart(
            names.get(id_, ""),
            peaks_to_floats(track.peaks),
            track.duration_s or 0,
            marks[id_],
        )
        for id_, one in generations.items()
        for track in one.tracks[:1]
    ]


def _downloads(services: Services, comparison: Comparison, test: ListeningTest) -> None:
    """Draw the download buttons of the report and the votes, made on demand."""
    zone = session.zone()

    def gathered() -> tuple[Results, dict[str, Generation]]:
        library = services.library
        found = results(
            library.listening.test(test.id),
            library.listening.votes(test.id),
            listeners=library.listening.listeners(test.id),
        )
        return found, library.tracks.generations(side.generation_id for side in test.sides)

    def as_html() -> bytes:
        found, generations = gathered()
        return html_report(report(comparison, found, generations, zone=zone)).encode()

    def as_pdf() -> bytes:
        found, generations = gathered()
        return pdf_report(report(comparison, found, generations, zone=zone))

    def as_zip() -> bytes:
        library = services.library
        people = library.listening.listeners(test.id)
        names = {one.id: one.name for one in people}
        devices = {one.id: one.device for one in people}
        return votes_zip(library.listening.votes(test.id), names, devices)

    files: tuple[tuple[str, str, str, Callable[[], bytes], str | None], ...] = (
        ("Report (HTML)", "html", "text/html", as_html, None),
        ("Report (PDF)", "pdf", "application/pdf", as_pdf, None),
        ("Votes (CSV in a ZIP)", "zip", "application/zip", as_zip, _VOTES_HELP),
    )
    with st.container(horizontal=True, gap="small", key="downloads"):
        for label, suffix, media_type, make, explained in files:
            st.download_button(
                label,
                make,
                f"{slug(comparison.name)[:60] or 'comparison'}.{suffix}",
                media_type,
                key=f"download-{suffix}",
                icon=":material/download:",
                help=explained,
                on_click="ignore",
            )
