from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.worker.agenda import Agenda

ITEMS = st.sampled_from("abcdef")
STEPS = st.one_of(
    st.tuples(st.sampled_from(["put", "sooner"]), ITEMS, st.integers(0, 20)),
    st.tuples(st.just("discard"), ITEMS, st.just(0)),
    st.tuples(st.just("pop"), st.just(""), st.integers(0, 20)),
)


@given(st.lists(STEPS, max_size=100))
def test_it_behaves_like_a_dictionary_that_is_searched_for_its_smallest_time(
    steps: list[tuple[str, str, int]],
) -> None:
    agenda = Agenda()
    model: dict[str, int] = {}
    for what, item, at in steps:
        if what == "put":
            agenda.put(item, at)
            model[item] = at
        elif what == "sooner":
            agenda.put_if_sooner(item, at)
            model[item] = min(at, model.get(item, at))
        elif what == "discard":
            agenda.discard(item)
            model.pop(item, None)
        else:
            popped = agenda.pop_due(at)
            due = [time for time in model.values() if time <= at]
            assert (popped is None) == (not due)
            if popped is not None:
                assert model.pop(popped) == min(due)
        assert len(agenda) == len(model)
        assert agenda.next_at() == min(model.values(), default=None)


def test_equal_times_come_out_in_the_order_they_came_in() -> None:
    agenda = Agenda()
    for item in "cab":
        agenda.put(item, 1.0)
    assert [agenda.pop_due(1.0) for _ in range(4)] == ["c", "a", "b", None]
