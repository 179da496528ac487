import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from support.library_rows import Clock, in_state, job, track

from lyria_core import Charge
from lyria_studio.library import Library, LibraryError, UnknownGeneration
from lyria_studio.model.states import State


def test_a_track_comes_back_as_it_was_stored(library: Library) -> None:
    one = in_state(library, State.DOWNLOADING)
    new = track(library.home / "tracks" / "output.mpeg")
    found = library.jobs.track_stored(one.id, new)
    assert found == library.tracks.generation(one.id)
    assert found.state is State.READY
    (stored,) = found.tracks
    assert library.tracks.track(stored.id) == stored
    for name in ("path", "file_name", "media_type", "size_bytes", "sha256", "duration_s"):
        assert getattr(stored, name) == getattr(new, name)
    assert stored.peaks == new.peaks
    assert (stored.loudness_lufs, stored.true_peak_dbtp) == (-14.0, -1.0)


def test_it_is_ready_when_every_file_has_arrived(library: Library) -> None:
    one = in_state(library, State.QUEUED)
    assert one.request_id
    output = {"media_url": ["https://x/a", "https://x/b"], "media_type": "audio/mpeg"}
    library.jobs.observed(one.id, job(one.request_id, "COMPLETED", output=output))
    library.jobs.track_stored(one.id, track(library.home / "b"), index=1)
    assert library.tracks.generation(one.id).state is State.DOWNLOADING
    library.jobs.track_stored(one.id, track(library.home / "a"), index=0)
    found = library.tracks.generation(one.id)
    assert found.state is State.READY
    assert [t.index for t in found.tracks] == [0, 1]


def test_storing_a_track_twice_keeps_the_first(library: Library) -> None:
    one = in_state(library, State.DOWNLOADING)
    with ThreadPoolExecutor(8) as pool:
        stored = list(
            pool.map(
                lambda n: library.jobs.track_stored(one.id, track(library.home / f"{n}.mpeg")),
                range(16),
            )
        )
    assert {one.tracks for one in stored} == {library.tracks.generation(one.id).tracks}
    assert len(stored[0].tracks) == 1


def test_a_track_needs_music_that_was_made(library: Library) -> None:
    one = in_state(library, State.QUEUED)
    with pytest.raises(LibraryError):
        library.jobs.track_stored(one.id, track(library.home / "a"))
    made = in_state(library, State.DOWNLOADING)
    with pytest.raises(LibraryError):
        library.jobs.track_stored(made.id, track(library.home / "a"), index=1)
    with pytest.raises(UnknownGeneration, match="no such generation"):
        library.jobs.track_stored("nobody", track(library.home / "a"))
    with pytest.raises(UnknownGeneration, match="no such track"):
        library.tracks.track("nobody")


def test_a_failed_download_is_tried_again_then_waits_for_a_person(
    library: Library, clock: Clock
) -> None:
    one = in_state(library, State.DOWNLOADING)
    later = clock.now + timedelta(hours=1)
    failed = library.jobs.download_failed(one.id, error="503", next_attempt_at=later)
    assert failed
    assert (failed.state, failed.download_failures, failed.next_attempt_at) == (
        State.DOWNLOADING,
        1,
        later,
    )
    given_up = library.jobs.download_failed(one.id, error="503", advice="Ask again.")
    assert given_up
    assert (given_up.state, given_up.download_failures, given_up.charge) == (
        State.UNDELIVERED,
        2,
        Charge.YES,
    )
    assert library.jobs.retry_download(one.id)
    again = library.tracks.generation(one.id)
    assert (again.download_failures, again.submits) == (0, 1)
    assert [due.id for due in library.jobs.due()] == [one.id]


def test_a_file_that_arrives_after_giving_up_is_welcome(library: Library) -> None:
    one = in_state(library, State.UNDELIVERED)
    library.jobs.track_stored(one.id, track(library.home / "a"))
    assert library.tracks.generation(one.id).state is State.READY


def test_the_folder_may_be_moved_with_its_tracks(tmp_path: Path) -> None:
    with Library(tmp_path / "old") as library:
        one = in_state(library, State.READY)
        inside = one.tracks[0].path.relative_to(library.home)
        outside = in_state(library, State.DOWNLOADING)
        library.jobs.track_stored(outside.id, track(tmp_path / "elsewhere.mpeg"))
    (tmp_path / "old").rename(tmp_path / "new")
    with Library(tmp_path / "new") as library:
        assert library.tracks.generation(one.id).tracks[0].path == tmp_path / "new" / inside
        assert library.tracks.generation(outside.id).tracks[0].path == tmp_path / "elsewhere.mpeg"


def test_orphans_are_old_files_that_no_track_names(library: Library, clock: Clock) -> None:
    folder = library.home / "tracks"
    one = in_state(library, State.DOWNLOADING)
    kept, old, fresh = (folder / name for name in ("a/kept.mpeg", "b/old.part", "c/fresh.part"))
    for file in (kept, old, fresh):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"abc")
        days = 0 if file is fresh else 3
        then = (clock.now - timedelta(days=days)).timestamp()
        os.utime(file, (then, then))
    library.jobs.track_stored(one.id, track(kept))
    assert library.tracks.orphans(folder) == [old]
