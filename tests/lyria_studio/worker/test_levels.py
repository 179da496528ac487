"""Loudness and true peak come after the track: nobody waits for them, and no crash loses them."""

import io
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.library_rows import in_state, track
from support.stub_gateway import StubGateway
from support.worker_rig import Jobs, rig, sound

from lyria_studio.audio import SILENCE_DBTP, Measured, measure
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.worker import levels

pytestmark = pytest.mark.slow


def stored(library: Library, name: str, data: bytes | None) -> Generation:
    """A READY generation whose process ended before its track was measured."""
    one = in_state(library, State.DOWNLOADING)
    path = library.home / "tracks" / one.id / name
    path.parent.mkdir(parents=True)
    if data is not None:
        path.write_bytes(data)
    new = replace(track(path), loudness_lufs=None, true_peak_dbtp=None)
    return library.jobs.track_stored(one.id, new)


def test_a_track_is_ready_before_its_levels_are_measured(
    stub: StubGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_ready = threading.Event()

    def late(path: Path) -> Measured:
        assert seen_ready.wait(30)
        return measure(path)

    monkeypatch.setattr(levels, "measure", late)
    Jobs(stub)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        ready = studio.ended(one)
        (first,) = ready.tracks
        assert (ready.state, first.lacks_levels) == (State.READY, True)
        assert (len(first.peaks), first.duration_s is not None) == (2000, True)
        told = studio.events.heard.count((one.id, State.READY))
        seen_ready.set()
        (then,) = studio.measured(one).tracks
        assert studio.events.heard.count((one.id, State.READY)) == told + 1
    found = measure(then.path)
    assert then == replace(
        first, loudness_lufs=found.loudness_lufs, true_peak_dbtp=found.true_peak_dbtp
    )


def test_the_next_start_measures_what_a_crash_left(stub: StubGateway, tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        gone = stored(library, "gone.mp3", None)
        damaged = stored(library, "damaged.mp3", b"no sound at all" * 100)
        whole = stored(library, "whole.mp3", sound())
    with rig(tmp_path, stub.url) as studio:
        (measured,) = studio.measured(whole).tracks
        assert measured.loudness_lufs is not None
        for one in (gone, damaged):
            assert studio.library.tracks.generation(one.id) == one
    assert studio.events.heard == [(whole.id, State.READY)]


def test_a_measured_track_is_not_measured_again(
    stub: StubGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "measure", lambda path: pytest.fail(f"measured {path}"))
    with Library(tmp_path) as library:
        one = in_state(library, State.READY)
        assert library.tracks.without_levels() == []
    with rig(tmp_path, stub.url) as studio:
        studio.worker.stop(30)
        assert studio.events.heard == []
        assert studio.library.tracks.generation(one.id) == one


def test_a_silent_track_that_is_kept_is_measured_once(
    stub: StubGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence = io.BytesIO()
    soundfile.write(silence, np.zeros(48_000), 48_000, format="WAV")
    with Library(tmp_path) as library:
        one = stored(library, "silent.wav", silence.getvalue())
    with rig(tmp_path, stub.url) as studio:
        (kept,) = studio.measured(one).tracks
        assert (kept.loudness_lufs, kept.true_peak_dbtp) == (None, SILENCE_DBTP)
    monkeypatch.setattr(levels, "measure", lambda path: pytest.fail(f"measured {path}"))
    with rig(tmp_path, stub.url) as studio:
        studio.worker.stop(30)
        assert studio.library.tracks.without_levels() == []
