from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.worker.submit_rate import SubmitRate


def leave(pace: SubmitRate, start: float, count: int) -> list[float]:
    """Times at which submits leave if each goes as soon as it may."""
    now = start
    times: list[float] = []
    while len(times) < count:
        now += pace.wait(now)
        if pace.take(now):
            times.append(now)
    return times


def test_a_burst_leaves_at_once_and_the_rest_at_the_rate() -> None:
    times = leave(SubmitRate(per_s=10, burst=3), 100.0, 6)
    assert [round(t - 100, 6) for t in times] == [0, 0, 0, 0.1, 0.2, 0.3]


def test_after_a_refusal_no_order_is_sent_early() -> None:
    pace = SubmitRate(per_s=10, burst=3)
    pace.refused(100.0, 7.5)
    assert pace.wait(100.0) == 7.5
    assert not pace.take(107.4)
    assert pace.take(107.5)


def test_a_refusal_halves_the_rate_and_ends_the_burst() -> None:
    pace = SubmitRate(per_s=10, burst=3)
    pace.refused(100.0, 1.0)
    times = leave(pace, 101.0, 3)
    assert [round(t - 101, 6) for t in times] == [0, 0.2, 0.4]


def test_refusals_that_were_on_their_way_together_count_once() -> None:
    pace = SubmitRate(per_s=10, burst=3)
    for late in range(5):
        pace.refused(100.0 + late / 100, 2.0)
    assert pace.per_s == 5


def test_the_longest_wait_asked_for_holds() -> None:
    pace = SubmitRate()
    pace.refused(100.0, 30.0)
    pace.refused(101.0, 2.0)
    assert pace.wait(101.0) == 29.0


def test_the_rate_comes_back_with_accepted_submits() -> None:
    pace = SubmitRate(per_s=10)
    for second in range(100):
        pace.refused(second * 100.0, 0.0)
    assert pace.per_s == 0.2
    for _ in range(50):
        pace.accepted()
    assert pace.per_s == 10


@given(
    per_s=st.floats(0.5, 100),
    burst=st.floats(1, 50),
    asked=st.lists(st.floats(0, 5), min_size=1, max_size=200),
)
def test_never_more_than_the_burst_and_the_rate_allow(
    per_s: float, burst: float, asked: list[float]
) -> None:
    pace = SubmitRate(per_s, burst)
    now, left = 0.0, 0
    for pause in asked:
        now += pause
        left += pace.take(now)
        assert left <= burst + now * per_s + 1e-6
