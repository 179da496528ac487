from datetime import UTC, datetime, timedelta

import pytest
from support.library_rows import START, Clock, in_state, job

from lyria_core import Charge
from lyria_studio.library import Library
from lyria_studio.library._steps import made_in_s
from lyria_studio.model.states import State


def test_all_that_was_made_is_kept(library: Library, clock: Clock) -> None:
    one = in_state(library, State.PROCESSING)
    assert one.request_id
    urls = [f"https://media.example/{n}.mpeg" for n in range(3)]
    done = library.jobs.observed(
        one.id,
        job(
            one.request_id,
            "COMPLETED",
            output={"media_url": urls, "media_type": "audio/mpeg", "understood": {"tempo": 90}},
            created_at="2026-05-22T13:17:32.110Z",
            completed_at="2026-05-22 13:19:23",
        ),
    )
    assert done
    assert done.media_urls == tuple(urls)
    assert done.media_type == "audio/mpeg"
    assert done.charge is Charge.YES
    assert done.understood == {"tempo": 90}
    assert done.completed_at == datetime(2026, 5, 22, 13, 19, 23, tzinfo=UTC)
    assert done.made_in_s == pytest.approx(110.89)
    assert done.next_attempt_at == clock.now


def test_without_times_of_the_gateway_our_own_clock_tells_how_long_it_took(
    library: Library, clock: Clock
) -> None:
    one = in_state(library, State.QUEUED)
    assert one.request_id
    clock.forward(seconds=42)
    done = library.jobs.observed(one.id, job(one.request_id, "COMPLETED"))
    assert done
    assert done.made_in_s == 42
    assert library.tracks.recent_durations("lyria-3", "live") == [42]


@pytest.mark.parametrize(
    ("created_at", "completed_at", "ours_s", "expected_s"),
    [
        ("2026-06-01T12:00:00Z", "2026-06-01 12:01:50", 120, 110),
        ("2026-06-01T12:00:00Z", "2026-06-01T12:01:50Z", 120, 110),
        ("2026-06-01T12:00:00Z", "2026-06-01T17:31:50", 120, 120),  # 330 minutes: India
        ("2026-06-01T12:00:00Z", "2026-06-01 05:01:50", 120, 120),  # 420 minutes back
        ("2026-06-01T12:00:00Z", "2026-06-01 17:31:50", 8 * 3600, None),  # asleep meanwhile
        ("2026-06-01T12:00:00Z", "2026-06-01 12:01:50", 8 * 3600, 110),
        ("2026-06-01T12:00:00Z", "2026-06-01 12:20:00", 1210, 1200),  # slow, and both say so
        ("2026-06-01T12:00:00Z", "2026-06-01 12:01:50", -86_400, 110),  # our clock was set back
        ("2026-06-01T12:00:00Z", "2026-06-01 17:31:50", -86_400, None),
        (None, None, -86_400, None),
        (None, None, 365 * 86_400, None),
        (None, None, 42, 42),
    ],
)
def test_a_duration_is_kept_only_where_the_clocks_agree(
    created_at: str | None, completed_at: str | None, ours_s: float, expected_s: float | None
) -> None:
    done = job("lyria-3_1", "COMPLETED", created_at=created_at, completed_at=completed_at)
    assert made_in_s(done, START, START + timedelta(seconds=ours_s)) == expected_s


def test_the_latest_durations_come_first_and_only_of_this_model_and_gateway(
    library: Library, clock: Clock
) -> None:
    for model, gateway, seconds in [
        ("lyria-3", "live", 10),
        ("lyria-3", "live", 20),
        ("lyria-3", "live", 30),
        ("lyria-3", "sandbox", 1),
        ("lyria-2", "live", 99),
    ]:
        one = in_state(library, State.QUEUED, model=model, gateway=gateway)
        assert one.request_id
        clock.forward(seconds=seconds)
        library.jobs.observed(one.id, job(one.request_id, "COMPLETED"))
    assert library.tracks.recent_durations("lyria-3", "live") == [30, 20, 10]
    assert library.tracks.recent_durations("lyria-3", "live", n=2) == [30, 20]
    assert library.tracks.recent_durations("lyria-3-pro", "live") == []


def test_a_status_that_goes_backwards_changes_no_state(library: Library, clock: Clock) -> None:
    one = in_state(library, State.PROCESSING)
    assert one.request_id
    later = clock.now + timedelta(seconds=5)
    after = library.jobs.observed(one.id, job(one.request_id, "QUEUED"), next_attempt_at=later)
    assert after
    assert (after.state, after.polls, after.next_attempt_at) == (
        State.PROCESSING,
        one.polls + 1,
        later,
    )


def test_a_poll_without_an_answer_is_remembered_until_the_next(
    library: Library, clock: Clock
) -> None:
    one = in_state(library, State.PROCESSING)
    assert one.request_id
    failed = library.jobs.poll_failed(one.id, clock.now, error="It rests.", http_status=503)
    assert failed
    assert (failed.error, failed.http_status) == ("It rests.", 503)
    seen = library.jobs.observed(one.id, job(one.request_id))
    assert seen
    assert (seen.error, seen.http_status) == (None, None)


def test_what_a_failure_says_is_shown(library: Library) -> None:
    one = in_state(library, State.FAILED)
    assert one.error == "The model failed."
    other = in_state(library, State.QUEUED)
    assert other.request_id
    silent = library.jobs.observed(other.id, job(other.request_id, "ERROR"), advice="Try again.")
    assert silent
    assert (silent.state, silent.charge, silent.advice) == (
        State.ERROR,
        Charge.NO,
        "Try again.",
    )
    assert silent.error


def test_due_is_sorted_by_urgency_and_ends_at_the_limit(library: Library, clock: Clock) -> None:
    ids = []
    for seconds in (30, 10, 20):
        one = in_state(library, State.QUEUED)
        library.jobs.poll_failed(one.id, clock.now + timedelta(seconds=seconds))
        ids.append(one.id)
    now = clock.now + timedelta(seconds=25)
    assert [due.id for due in library.jobs.due(now)] == [ids[1], ids[2]]
    assert [due.id for due in library.jobs.due(now, limit=1)] == [ids[1]]


def test_what_waits_for_its_key_goes_on_when_that_very_key_is_given(library: Library) -> None:
    one = in_state(library, State.QUEUED, fingerprint="a" * 32)
    other = in_state(library, State.QUEUED, fingerprint="b" * 32)
    for waiting in (one, other):
        after = library.jobs.wait_for_key(waiting.id)
        assert after
        assert after.waiting_for_key
    assert library.jobs.due() == []
    assert library.jobs.key_arrived("a" * 32, "sandbox") == 0
    assert library.jobs.key_arrived("a" * 32, "live") == 1
    assert [due.id for due in library.jobs.due()] == [one.id]
    assert library.tracks.generation(other.id).waiting_for_key


def test_music_that_is_made_is_fetched_without_the_key(library: Library) -> None:
    one = in_state(library, State.DOWNLOADING)
    assert library.jobs.wait_for_key(one.id) is None
    assert [due.id for due in library.jobs.due()] == [one.id]
