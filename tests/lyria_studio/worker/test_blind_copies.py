import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.comparison_rows import new_test
from support.listening_tests import opened, prepared, sounding_comparison
from support.worker_rig import HeardEvents

from lyria_studio.listening import topic
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.services import Services
from lyria_studio.settings import Settings
from lyria_studio.worker.blind_copies import blind_copies

pytestmark = pytest.mark.slow


def open_services(home: Path) -> Services:
    return Services(Settings(home=home), HeardEvents())


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = open_services(tmp_path)
    yield services
    services.stop()


def just_opened(services: Services, **fields: object) -> ListeningTest:
    comparison = sounding_comparison(services.library)
    return services.library.listening.open_test(new_test(comparison, **fields))


def folders(services: Services) -> list[str]:
    blind = services.settings.home / "blind"
    return sorted(path.name for path in blind.iterdir()) if blind.exists() else []


def test_an_opened_test_gets_its_blind_copies_and_says_so(services: Services) -> None:
    test = opened(services, takes=2)
    assert test.prepared is not None
    assert test.problem is None
    copies = blind_copies(services.settings.home / "blind" / test.prepared)
    assert sorted(copies.copies) == ["A1", "A2", "B1", "B2"]
    assert isinstance(services.events, HeardEvents)
    assert (topic(test.id), "prepared") in services.events.heard


def test_asking_again_makes_nothing_again(services: Services) -> None:
    test = just_opened(services)
    for _ in range(20):
        services.prepare_test(test.id)
    assert services.preparations.wait(60)
    first = services.library.listening.test(test.id)
    prepared(services, test.id)
    assert services.library.listening.test(test.id) == first
    assert folders(services) == [first.prepared]


def test_what_a_stop_left_undone_is_done_at_the_next_start(tmp_path: Path) -> None:
    services = open_services(tmp_path)
    tests = [just_opened(services) for _ in range(3)]
    closed = just_opened(services)
    services.library.listening.close_test(closed.id)
    for test in tests:
        services.prepare_test(test.id)
    services.stop()
    assert all(not name.startswith(".making") for name in folders(services))

    services = open_services(tmp_path)
    services.start("http://127.0.0.1:9/sandbox")
    assert services.preparations.wait(60)
    found = [services.library.listening.test(test.id).prepared for test in tests]
    assert folders(services) == sorted(str(name) for name in found)
    assert services.library.listening.test(closed.id).prepared is None
    services.stop()


def test_a_problem_is_a_sentence_and_can_be_tried_again(services: Services) -> None:
    test = just_opened(services)
    path = services.library.tracks.track(test.sides[1].track_id).path
    content = path.read_bytes()
    path.write_bytes(b"not a sound")
    prepared(services, test.id)
    broken = services.library.listening.test(test.id)
    assert broken.problem == "The file of take 1 of B cannot be read; choose another track."
    assert broken.prepared is None
    assert services.library.listening.preparations()[0] == []
    path.write_bytes(content)
    prepared(services, test.id)
    mended = services.library.listening.test(test.id)
    assert mended.prepared is not None
    assert mended.problem is None


def test_copies_that_are_gone_are_made_again(services: Services) -> None:
    test = opened(services)
    services.preparations.remove([str(test.prepared)])
    assert folders(services) == []
    prepared(services, test.id)
    assert folders(services) == [services.library.listening.test(test.id).prepared]


def test_only_folders_of_copies_are_removed(services: Services, tmp_path: Path) -> None:
    test = opened(services)
    services.preparations.remove(["..", "", "../secrets", "x" * 32])
    assert folders(services) == [test.prepared]
    assert (tmp_path / "secrets").is_dir()


def test_preparing_a_deleted_test_does_nothing(services: Services) -> None:
    prepared(services, "gone")
    assert folders(services) == []


def test_what_nobody_needs_any_more_is_cleared_away_at_start(services: Services) -> None:
    kept, deleted = opened(services), opened(services)
    services.library.listening.delete_comparison(deleted.comparison_id, votes_too=True)
    blind = services.settings.home / "blind"
    for name in (".making-crashed", ".making-by-another", "0" * 32, "notes"):
        (blind / name).mkdir()
    for path in blind.iterdir():
        if path.name not in (".making-by-another", "0" * 32):
            os.utime(path, (0, 0))
    services.preparations.resume()
    expected = [".making-by-another", "0" * 32, "notes", str(kept.prepared)]
    assert folders(services) == sorted(expected)
