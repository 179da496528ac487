"""What a start finds of the last run: files and request ids."""

import os
from pathlib import Path

import pytest
from support.library_rows import in_state

from lyria_studio.library import Library
from lyria_studio.model.states import State
from lyria_studio.worker.rescue import Rescue
from lyria_studio.worker.tidy import tidy_copies, tidy_tracks

pytestmark = pytest.mark.slow


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


@pytest.mark.parametrize("state", [State.FAILED, State.READY, State.CANCELLED, State.QUEUED])
def test_what_a_generation_needs_no_more_is_deleted(tmp_path: Path, state: State) -> None:
    with Library(tmp_path) as library:
        one = in_state(library, state)
        kept = [put(track.path) for track in one.tracks]
        left = put(tmp_path / "tracks" / one.id / "lyria-3_1.part")
        assert tidy_tracks(library, tmp_path / "tracks") == [left]
    assert not left.exists()
    assert all(path.exists() for path in kept)
    assert left.parent.exists() == bool(kept)


@pytest.mark.parametrize("state", [State.DOWNLOADING, State.UNDELIVERED])
def test_a_part_for_resuming_a_download_is_kept(tmp_path: Path, state: State) -> None:
    with Library(tmp_path) as library:
        one = in_state(library, state)
        part = put(tmp_path / "tracks" / one.id / "lyria-3_1.part")
        whole = put(tmp_path / "tracks" / one.id / "lyria-3_1.mp3")
        assert tidy_tracks(library, tmp_path / "tracks") == []
    assert part.exists()
    assert whole.exists()


def test_music_of_a_library_that_was_lost_is_never_deleted(tmp_path: Path) -> None:
    music = put(tmp_path / "tracks" / "some-generation-1" / "lyria-3_1.mp3")
    loose = put(tmp_path / "tracks" / "my-own-copy.mp3")
    with Library(tmp_path) as library:
        assert tidy_tracks(library, tmp_path / "tracks") == []
    assert music.exists()
    assert loose.exists()


def test_copies_are_kept_for_a_week(tmp_path: Path) -> None:
    tidy_copies(tmp_path / "none")
    old, workshop, new = (tmp_path / name for name in ("old.mp3", ".copy-x/sound", "new.mp3"))
    for path in (put(old), put(workshop), put(new), workshop.parent):
        os.utime(path, (1000.0, 1000.0))
    os.utime(new, (2000.0, 2000.0))
    tidy_copies(tmp_path, now=1500.0 + 7 * 24 * 3600)
    assert [path.name for path in tmp_path.iterdir()] == ["new.mp3"]


def test_rescued_ids_come_back_and_a_torn_line_harms_nothing(tmp_path: Path) -> None:
    rescue = Rescue(tmp_path)
    assert list(rescue.kept()) == []
    rescue.keep("g1", "r1")
    rescue.keep("g2", "r2")
    with (tmp_path / "rescued-request-ids.jsonl").open("a") as file:
        file.write('{"generation_id": "g3", "requ')
    assert list(Rescue(tmp_path).kept()) == [("g1", "r1"), ("g2", "r2")]
    rescue.clear()
    assert list(rescue.kept()) == []


def test_a_rescue_that_fails_is_logged_and_raises_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Rescue(tmp_path / "nowhere").keep("g1", "lyria-3_1")
    assert "lyria-3_1" in caplog.text
