"""Events on the way to the files are kept in order, and only while a file is missing."""

from __future__ import annotations

import pytest
from support.library_rows import in_state, job

from lyria_core import Job
from lyria_studio.library import Library, UnknownGeneration
from lyria_studio.model.generation import FetchKind
from lyria_studio.model.states import State


def finished(url: str) -> Job:
    return job("x", "COMPLETED", output={"media_url": [url]})


def test_events_are_kept_in_order_and_not_without_end(library: Library) -> None:
    one = in_state(library, State.DOWNLOADING)
    for number in range(100):
        library.jobs.fetches.note(
            one.id, FetchKind.FAILED, outcome=f"try {number}", http_status=403
        )
    kept = library.tracks.generation(one.id).fetches
    assert [fetch.outcome for fetch in kept] == [f"try {number}" for number in range(40, 100)]
    assert kept[0].http_status == 403
    assert kept[0].at.tzinfo is not None


@pytest.mark.parametrize("state", [one for one in State if one is not State.DOWNLOADING])
def test_only_what_is_being_fetched_has_such_events(library: Library, state: State) -> None:
    one = in_state(library, state)
    assert library.jobs.fetches.note(one.id, FetchKind.FAILED, outcome="403") is None
    assert library.jobs.fetches.readdress(one.id, finished("https://e.example/a")) is None
    assert library.tracks.generation(one.id) == one


def test_a_new_address_replaces_the_old_one(library: Library) -> None:
    one = in_state(library, State.DOWNLOADING)
    moved = library.jobs.fetches.readdress(one.id, finished("https://e.example/new"))
    assert moved is not None
    assert (moved.state, moved.charge) == (State.DOWNLOADING, one.charge)
    assert moved.media_urls == ("https://e.example/new",)
    again = library.jobs.fetches.readdress(one.id, finished("https://e.example/new"))
    assert again is not None
    assert [fetch.outcome for fetch in again.fetches] == [
        "The gateway gave a new address.",
        "The gateway gave the same address.",
    ]


def test_keeping_needs_a_file_that_arrived(library: Library) -> None:
    one = in_state(library, State.DOWNLOADING)
    library.jobs.fetches.note(one.id, FetchKind.DAMAGED, index=0, outcome="Silent.", file="a.mp3")
    assert not library.jobs.fetches.keep_as_is(one.id)  # it is still being fetched
    library.jobs.download_failed(one.id, error="Silent.")
    asks = library.tracks.generation(one.id)
    assert (asks.state, asks.set_aside) == (State.UNDELIVERED, {0: "a.mp3"})
    assert library.jobs.fetches.keep_as_is(one.id)
    assert library.tracks.generation(one.id).state is State.DOWNLOADING
    assert not library.jobs.fetches.keep_as_is(in_state(library, State.UNDELIVERED).id)
    with pytest.raises(UnknownGeneration):
        library.jobs.fetches.keep_as_is("nobody")
