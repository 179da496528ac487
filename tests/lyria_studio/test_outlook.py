"""For every state, charge and key: the filter, the badge, the sentence and the buttons."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from support.library_rows import START, in_state

from lyria_core import Charge
from lyria_studio.library import Library
from lyria_studio.model.generation import Fetch, FetchKind, Generation
from lyria_studio.model.states import ACTIVE, State, StateGroup, group_of
from lyria_studio.outlook import Action, outlook

A, G = Action, StateGroup
NO, MAYBE, YES = Charge.NO, Charge.MAYBE, Charge.YES
KEY = (A.CHECK_WITH_KEY, A.SETTLE)

TABLE: list[tuple[State, Charge, dict[str, object], StateGroup, str, tuple[Action, ...]]] = [
    (State.INTENDED, MAYBE, {}, G.IN_PROGRESS, "Queued", (A.CANCEL,)),
    (State.INTENDED, MAYBE, {"waiting_for_key": True}, G.NEEDS_ACTION, "Needs action", (A.CANCEL,)),
    (State.SUBMITTING, MAYBE, {}, G.IN_PROGRESS, "Sending", ()),
    (State.QUEUED, MAYBE, {}, G.IN_PROGRESS, "Queued", ()),
    (State.QUEUED, MAYBE, {"waiting_for_key": True}, G.NEEDS_ACTION, "Needs action", KEY),
    (State.QUEUED, MAYBE, {"http_status": 401}, G.NEEDS_ACTION, "Needs action", KEY),
    (State.PROCESSING, MAYBE, {}, G.IN_PROGRESS, "Generating", ()),
    (State.PROCESSING, MAYBE, {"waiting_for_key": True}, G.NEEDS_ACTION, "Needs action", KEY),
    (State.PROCESSING, MAYBE, {"http_status": 403}, G.NEEDS_ACTION, "Needs action", KEY),
    (State.PROCESSING, MAYBE, {"http_status": 503}, G.IN_PROGRESS, "Generating", ()),
    (State.DOWNLOADING, YES, {}, G.IN_PROGRESS, "Downloading", ()),
    (State.DOWNLOADING, YES, {"error": "It failed."}, G.IN_PROGRESS, "Downloading", (A.FETCH,)),
    (State.READY, YES, {}, G.READY, "Ready", ()),
    (State.REFUSED, NO, {}, G.FAILED, "Failed", ()),
    (State.REFUSED, NO, {"settled_from": {}}, G.FAILED, "Failed", (A.UNDO,)),
    (State.FAILED, MAYBE, {}, G.NEEDS_ACTION, "Failed", (A.CHECK, A.SETTLE)),
    (State.FAILED, MAYBE, {"request_id": None}, G.NEEDS_ACTION, "Failed", (A.SETTLE,)),
    (State.FAILED, YES, {"settled_from": {}}, G.FAILED, "Failed", (A.UNDO,)),
    (State.FAILED, NO, {"settled_from": {}}, G.FAILED, "Failed", (A.UNDO,)),
    (State.ERROR, NO, {}, G.FAILED, "Failed", ()),
    (State.UNKNOWN, MAYBE, {}, G.NEEDS_ACTION, "Unknown", (A.SETTLE,)),
    (State.CANCELLED, NO, {}, G.FAILED, "Cancelled", ()),
    (State.CANCELLED, NO, {"cause": "credit"}, G.FAILED, "Not sent", ()),
    (State.CANCELLED, NO, {"cause": "key"}, G.FAILED, "Not sent", ()),
    (State.STALLED, MAYBE, {}, G.NEEDS_ACTION, "Needs action", (A.CHECK, A.SETTLE)),
    (State.STALLED, MAYBE, {"http_status": 401}, G.NEEDS_ACTION, "Needs action", KEY),
    (State.UNDELIVERED, YES, {}, G.NEEDS_ACTION, "Needs action", (A.FETCH,)),
]


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[State, Generation]:
    with Library(tmp_path_factory.mktemp("home")) as library:
        return {state: in_state(library, state) for state in State}


@pytest.mark.parametrize(
    ("state", "charge", "values", "group", "label", "actions"),
    TABLE,
    ids=[f"{state} {charge} {values}" for state, charge, values, *_ in TABLE],
)
def test_every_state_has_its_filter_badge_and_buttons(
    examples: dict[State, Generation],
    state: State,
    charge: Charge,
    values: dict[str, object],
    group: StateGroup,
    label: str,
    actions: tuple[Action, ...],
) -> None:
    one = replace(examples[state], charge=charge, **values)  # type: ignore[arg-type]
    found = outlook(one)
    assert (found.label.text, found.actions) == (label, actions)
    assert group is group_of(
        state, charge, waiting_for_key=one.waiting_for_key, http_status=one.http_status
    )


def test_the_table_has_every_state() -> None:
    assert {row[0] for row in TABLE} == set(State)


COMBINATIONS = [
    (state, charge, waiting, status, here)
    for state, charge, waiting, status, here in itertools.product(
        State, Charge, (False, True), (None, 202, 401, 403, 503), (False, True)
    )
    if not (waiting and state not in ACTIVE)
    and not (state in {State.UNKNOWN, State.STALLED} and charge is not MAYBE)
]


def test_no_sentence_names_an_action_without_its_button(
    examples: dict[State, Generation],
) -> None:
    for state, charge, waiting, status, here in COMBINATIONS:
        one = replace(examples[state], charge=charge, waiting_for_key=waiting, http_status=status)
        found = outlook(one, key_here=here)
        for words, action in (
            ("Check again", A.CHECK),
            ("Fetch it again", A.FETCH),
            ("then settle it", A.SETTLE),
        ):
            assert words not in found.sentence or action in found.actions, (one.state, found)
        if group_of(state, charge, waiting_for_key=waiting, http_status=status) is G.NEEDS_ACTION:
            assert found.actions, (state, charge)
            assert found.sentence


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("environment", "the API key that the app was started with"),
        ("secrets", "the API key in secrets.toml"),
        ("typed", "an API key typed in Settings"),
        (None, "another API key"),
    ],
)
@pytest.mark.parametrize("state", [State.INTENDED, State.QUEUED, State.PROCESSING, State.STALLED])
def test_an_order_without_its_key_says_where_that_came_from(
    examples: dict[State, Generation], state: State, source: str | None, words: str
) -> None:
    one = replace(
        examples[state], key_source=source, waiting_for_key=state in ACTIVE, http_status=None
    )
    assert words in outlook(one, key_here=False).sentence


@pytest.mark.parametrize("state", [State.QUEUED, State.PROCESSING, State.STALLED])
@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_shown_in_every_state_without_an_answer(
    examples: dict[State, Generation], state: State, status: int
) -> None:
    found = outlook(replace(examples[state], http_status=status))
    assert found.sentence == (
        "The key used for this order is no longer accepted. The track may be finished and paid."
    )


def asked(http_status: int | None) -> Fetch:
    """The gateway was asked where the files are now."""
    return Fetch(START, FetchKind.STATUS, "It was asked.", http_status=http_status)


@pytest.mark.parametrize(
    ("state", "charge", "values", "key_here", "offered"),
    [
        (State.QUEUED, MAYBE, {}, True, False),
        (State.QUEUED, MAYBE, {}, False, True),
        (State.QUEUED, MAYBE, {"http_status": 401}, True, True),
        (State.PROCESSING, MAYBE, {}, False, True),
        (State.PROCESSING, MAYBE, {"http_status": 403}, True, True),
        (State.STALLED, MAYBE, {}, True, False),
        (State.STALLED, MAYBE, {}, False, True),
        (State.STALLED, MAYBE, {"http_status": 401}, True, True),
        (State.FAILED, MAYBE, {}, False, True),
        (State.FAILED, YES, {}, False, False),
        (State.UNDELIVERED, YES, {}, True, False),
        (State.UNDELIVERED, YES, {}, False, True),
        # The media host refused, not the gateway.
        (State.UNDELIVERED, YES, {"http_status": 403}, True, False),
        (State.UNDELIVERED, YES, {"fetches": (asked(401),)}, True, True),
        (State.UNDELIVERED, YES, {"fetches": (asked(403), asked(None))}, True, False),
        # Nothing was sent, or there is no id to ask for.
        (State.INTENDED, MAYBE, {}, False, False),
        (State.UNKNOWN, MAYBE, {}, False, False),
        (State.READY, YES, {}, False, False),
        (State.ERROR, NO, {}, False, False),
        (State.REFUSED, NO, {}, False, False),
        (State.CANCELLED, NO, {}, False, False),
    ],
)
def test_current_key_can_check_every_job_without_an_answer(
    examples: dict[State, Generation],
    state: State,
    charge: Charge,
    values: dict[str, object],
    key_here: bool,
    offered: bool,
) -> None:
    one = replace(examples[state], charge=charge, **values)  # type: ignore[arg-type]
    found = outlook(one, key_here=key_here)
    assert (A.CHECK_WITH_KEY in found.actions) is offered
    if offered and charge is MAYBE:
        assert A.SETTLE in found.actions
    if state is State.UNDELIVERED:
        assert A.FETCH in found.actions


def test_the_filters_of_history_are_the_groups(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        for state, charge, values, *_ in TABLE:
            one = in_state(library, state)
            known = {k: v for k, v in values.items() if k in {"waiting_for_key", "http_status"}}
            with library._store.writing() as rows:
                rows.change(one.id, {state}, charge=charge, **known)
        everything = library.tracks.page(limit=100).items
        for group in StateGroup:
            page = library.tracks.page(limit=100, state=group)
            expected = {
                one.id
                for one in everything
                if group
                is group_of(
                    one.state,
                    one.charge,
                    waiting_for_key=one.waiting_for_key,
                    http_status=one.http_status,
                )
            }
            assert {one.id for one in page.items} == expected
            assert page.total == len(expected)
