import pytest

from lyria_studio.model.states import ACTIVE, FINAL, TRANSITIONS, State, StateGroup


def test_every_state_says_where_it_leads() -> None:
    assert set(TRANSITIONS) == set(State)


def test_every_state_is_in_exactly_one_group() -> None:
    grouped = [state for group in StateGroup for state in group.states]
    assert sorted(grouped) == sorted(State)


def test_only_an_intent_is_ever_submitted() -> None:
    """So a POST whose outcome is unknown cannot be sent again by any path but a sure refusal."""
    assert {state for state in State if State.SUBMITTING in TRANSITIONS[state]} == {State.INTENDED}
    assert {state for state in State if State.INTENDED in TRANSITIONS[state]} == {State.SUBMITTING}


def test_music_that_was_paid_for_can_only_be_delivered() -> None:
    reachable, frontier = {State.DOWNLOADING}, {State.DOWNLOADING}
    while frontier:
        frontier = {t for state in frontier for t in TRANSITIONS[state]} - reachable
        reachable |= frontier
    assert reachable == {State.DOWNLOADING, State.UNDELIVERED, State.READY}


@pytest.mark.parametrize("state", State)
def test_no_state_is_a_dead_end_unless_it_is_final(state: State) -> None:
    if state.final:
        # Only a callback, or a poll that a person asks for, shows that there is a job after all.
        assert TRANSITIONS[state] <= {State.QUEUED}
    else:
        assert TRANSITIONS[state]
    assert not (state in ACTIVE and state in FINAL)


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_from_the_intent(state: State) -> None:
    reachable, frontier = {State.INTENDED}, {State.INTENDED}
    while frontier:
        frontier = {t for one in frontier for t in TRANSITIONS[one]} - reachable
        reachable |= frontier
    assert state in reachable
