import pytest

from lyria_core import Charge
from lyria_studio.model.states import ACTIVE, BEING_MADE, FINAL, TRANSITIONS, State, group_of


def test_every_state_says_where_it_leads() -> None:
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("charge", Charge)
@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize("http_status", [None, 202, 401, 403, 503])
def test_every_generation_is_in_a_group_of_its_state(
    state: State, charge: Charge, waiting: bool, http_status: int | None
) -> None:
    group = group_of(state, charge, waiting_for_key=waiting, http_status=http_status)
    assert state in group.states


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
        # Only a callback, a poll that a person asks for or a settlement that they undo leads on.
        assert TRANSITIONS[state] <= {State.UNKNOWN, State.STALLED, *BEING_MADE}
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
