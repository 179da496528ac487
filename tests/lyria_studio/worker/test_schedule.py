from lyria_studio.worker.schedule import Kind, Place, Schedule
from lyria_studio.worker.submit_rate import SubmitRate

FREE = {Kind.SUBMIT: 8, Kind.POLL: 16, Kind.DELIVER: 8}
POLL = Place(Kind.POLL)


def fast() -> SubmitRate:
    return SubmitRate(1000, 1000)


def test_nothing_is_taken_before_its_time() -> None:
    schedule = Schedule(2.0, fast)
    schedule.put("a", POLL, 10.0)
    schedule.put("b", POLL, 12.0)
    assert schedule.take(9.0, FREE) == ([], 1.0)
    assert schedule.take(10.0, FREE) == ([(Kind.POLL, "a")], 2.0)


def test_no_more_is_taken_than_there_are_threads() -> None:
    schedule = Schedule(2.0, fast)
    for name in "abc":
        schedule.put(name, POLL, 0.0)
    ready, _ = schedule.take(1.0, FREE | {Kind.POLL: 2})
    assert [name for _, name in ready] == ["a", "b"]
    assert schedule.take(1.0, FREE | {Kind.POLL: 0})[0] == []


def test_a_kind_without_threads_holds_up_no_other() -> None:
    schedule = Schedule(2.0, fast)
    schedule.put("slow", Place(Kind.DELIVER), 0.0)
    schedule.put("quick", POLL, 0.0)
    ready, _ = schedule.take(1.0, FREE | {Kind.DELIVER: 0})
    assert ready == [(Kind.POLL, "quick")]


def test_two_polls_are_apart_in_all_threads() -> None:
    schedule = Schedule(2.0, fast)
    schedule.put("a", POLL, 0.0)
    schedule.take(5.0, FREE)
    schedule.done("a")
    schedule.put("a", POLL, 5.1)
    assert schedule.take(6.9, FREE)[0] == []
    assert schedule.take(7.0, FREE)[0] == [(Kind.POLL, "a")]


def test_a_poll_may_be_repeated_at_once() -> None:
    schedule = Schedule(2.0, fast)
    schedule.put("a", POLL, 0.0)
    schedule.take(5.0, FREE)
    schedule.done("a")
    schedule.put("a", POLL, 5.1, again=True)
    assert schedule.take(5.1, FREE)[0] == [(Kind.POLL, "a")]


def test_the_sooner_of_two_times_counts() -> None:
    schedule = Schedule(0.0, fast)
    schedule.put("a", POLL, 20.0)
    schedule.put("a", POLL, 10.0)
    schedule.put("a", POLL, 30.0)
    assert schedule.take(10.0, FREE)[0] == [(Kind.POLL, "a")]
    assert len(schedule) == 0


def test_what_is_worked_on_is_not_taken_twice() -> None:
    schedule = Schedule(0.0, fast)
    schedule.put("a", POLL, 0.0)
    schedule.take(0.0, FREE)
    assert not schedule.put("a", POLL, 0.0)
    assert schedule.take(100.0, FREE)[0] == []
    assert schedule.done("a")
    assert schedule.put("a", POLL, 0.0)
    assert schedule.take(100.0, FREE)[0] == [(Kind.POLL, "a")]
    assert not schedule.done("a")


def test_a_generation_is_in_one_queue_only() -> None:
    schedule = Schedule(0.0, fast)
    schedule.put("a", Place(Kind.SUBMIT, "x"), 0.0)
    schedule.put("a", POLL, 0.0)
    assert schedule.place("a") == POLL
    assert schedule.take(1.0, FREE)[0] == [(Kind.POLL, "a")]


def test_what_is_forgotten_is_never_taken() -> None:
    schedule = Schedule(0.0, fast)
    schedule.put("a", POLL, 0.0)
    schedule.forget("a")
    schedule.forget("a")
    assert schedule.take(1.0, FREE)[0] == []


def test_each_gateway_has_its_own_pace() -> None:
    schedule = Schedule(0.0, lambda: SubmitRate(per_s=1, burst=1))
    for gateway in "xy":
        for number in range(3):
            schedule.put(f"{gateway}{number}", Place(Kind.SUBMIT, gateway), 0.0)
    ready, wait_s = schedule.take(0.0, FREE)
    assert [name for _, name in ready] == ["x0", "y0"]
    assert wait_s == 1.0
    schedule.pace("x").refused(0.0, 30.0)
    ready, _ = schedule.take(1.0, FREE)
    assert [name for _, name in ready] == ["y1"]
