"""A wallet that runs out, or a key that is refused, in the middle of a batch."""

from pathlib import Path

import pytest
from support.library_rows import takes
from support.stub_gateway import Action, StubGateway, reply
from support.worker_rig import Jobs, rig

from lyria_core import Charge, Refusal
from lyria_studio.model.generation import new_intent_id
from lyria_studio.model.states import State
from lyria_studio.orders.remainder import remainder
from lyria_studio.worker import SubmitRate

pytestmark = pytest.mark.slow

TOO_LITTLE = reply(402, {"error": "Insufficient Balance", "message": "Required: $0.04"})


@pytest.mark.parametrize("enough_for", [0, 1, 3, 7])
def test_a_batch_stops_at_the_first_refusal_for_want_of_credit(
    stub: StubGateway, tmp_path: Path, enough_for: int
) -> None:
    jobs = Jobs(stub, polls=1)
    stub.script("POST ", *[jobs.submit] * enough_for, TOO_LITTLE)
    with rig(tmp_path, stub.url, pace=lambda: SubmitRate(1000, 1000)) as studio:
        ended = [studio.ended(one) for one in studio.order(8)]
        assert len(stub.posts) == enough_for + 1
        assert [one.state for one in ended] == [
            *[State.READY] * enough_for,
            State.REFUSED,
            *[State.CANCELLED] * (7 - enough_for),
        ]
        assert {one.charge for one in ended[enough_for:]} == {Charge.NO}
        rest = remainder(studio.library.tracks.batch(ended[0].batch_id))
        assert rest
        assert len(rest.missing) == 8 - enough_for
        assert rest.price_usd == sum(one.price_usd for one in rest.missing)
        if enough_for == 3:
            assert rest.sentence == "3 of 8 made. Not enough credit for 5."
            assert rest.button == "Make the other 5"


EMPTY, NO_KEY = "Not enough credit for", "API key refused for"


@pytest.mark.parametrize(
    ("answer", "state", "sentence"),
    [
        (TOO_LITTLE, State.REFUSED, f"2 of 8 made. {EMPTY} 6."),
        (reply(402, b"<html>"), State.REFUSED, f"2 of 8 made. {EMPTY} 6."),
        (reply(403, {"message": "Wallet is empty"}), State.REFUSED, f"2 of 8 made. {EMPTY} 6."),
        (reply(429, {"error": "Quota exceeded"}), State.REFUSED, f"2 of 8 made. {EMPTY} 6."),
        (reply(401, {"message": "Access denied"}), State.REFUSED, f"2 of 8 made. {NO_KEY} 6."),
        (reply(403, {"message": "Forbidden"}), State.REFUSED, f"2 of 8 made. {NO_KEY} 6."),
        # Here nobody knows what the one that was sent has cost.
        (reply(200, {"code": 402, "msg": "No"}), State.UNKNOWN, f"3 of 8 sent. {EMPTY} 5."),
        (reply(200, {"msg": "Top up"}), State.UNKNOWN, f"3 of 8 sent. {EMPTY} 5."),
        (reply(200, {"code": 401}), State.UNKNOWN, f"3 of 8 sent. {NO_KEY} 5."),
    ],
    ids=[
        "402",
        "402 that is not JSON",
        "403 empty wallet",
        "429 quota",
        "401",
        "403",
        "200 code 402",
        "200 top up",
        "200 code 401",
    ],
)
def test_a_refusal_of_key_or_wallet_in_any_form_stops_the_batch(
    stub: StubGateway, tmp_path: Path, answer: Action, state: State, sentence: str
) -> None:
    jobs = Jobs(stub, polls=1)
    stub.script("POST ", jobs.submit, jobs.submit, answer)
    with rig(tmp_path, stub.url, pace=lambda: SubmitRate(1000, 1000)) as studio:
        ended = [studio.ended(one) for one in studio.order(8)]
        rest = remainder(studio.library.tracks.batch(ended[0].batch_id))
    assert len(stub.posts) == 3
    assert [one.state for one in ended[2:]] == [state, *[State.CANCELLED] * 5]
    assert {one.charge for one in ended[3:]} == {Charge.NO}
    assert rest
    assert (rest.sentence, rest.told_by) == (sentence, ended[2].id)


@pytest.mark.parametrize(
    "answer",
    [
        reply(400, {"message": "The prompt names an artist"}),
        reply(429, {"message": "Slow down"}),
        reply(500, {"message": "Internal error"}),
    ],
    ids=["400", "429", "500"],
)
def test_what_is_wrong_with_one_take_stops_no_other(
    stub: StubGateway, tmp_path: Path, answer: Action
) -> None:
    jobs = Jobs(stub, polls=1)
    stub.script("POST ", answer, jobs.submit)
    with rig(tmp_path, stub.url, pace=lambda: SubmitRate(1000, 1000)) as studio:
        ended = [studio.ended(one) for one in studio.order(2)]
        assert remainder(studio.library.tracks.batch(ended[0].batch_id)) is None
    assert ended[1].state is State.READY


def test_another_wallet_and_another_gateway_go_on(stub: StubGateway, tmp_path: Path) -> None:
    jobs = Jobs(stub, polls=1)
    with rig(tmp_path, stub.url, start=False) as studio:
        (poor,) = studio.order()
        (waiting,) = studio.order()
        (other_wallet,) = studio.library.jobs.order(takes(base_url=stub.url, fingerprint="a" * 32))
        (other_place,) = studio.library.jobs.order(
            takes(base_url="https://other.example", fingerprint=studio.access.fingerprint)
        )
        studio.library.jobs.claim_for_submit(poor.id)
        studio.library.jobs.refusals.stop(poor.id, Refusal.CREDIT, certain=True)
        states = [
            studio.library.tracks.generation(one.id).state
            for one in (poor, waiting, other_wallet, other_place)
        ]
    assert states == [State.REFUSED, State.CANCELLED, State.INTENDED, State.INTENDED]
    assert jobs.polls == 1


def test_a_callback_outweighs_a_refusal_for_want_of_credit(
    stub: StubGateway, tmp_path: Path
) -> None:
    with rig(tmp_path, stub.url, start=False) as studio:
        (one, next_one) = studio.order(2)
        studio.library.jobs.claim_for_submit(one.id)
        studio.library.jobs.callbacks.received(one.id, "lyria-3_taken-0001")
        found = studio.library.jobs.refusals.stop(one.id, Refusal.CREDIT, certain=True)
        assert found
        assert (found.state, found.charge) == (State.QUEUED, Charge.MAYBE)
        assert studio.library.tracks.generation(next_one.id).state is State.INTENDED


def test_the_rest_is_ordered_under_new_ids_and_by_a_second_click_not_again(
    stub: StubGateway, tmp_path: Path
) -> None:
    with rig(tmp_path, stub.url, start=False) as studio:
        batch = studio.order(3, form_id=new_intent_id())
        studio.library.jobs.claim_for_submit(batch[0].id)
        studio.library.jobs.refusals.stop(batch[0].id, Refusal.CREDIT, certain=True)
        rest = remainder(studio.library.tracks.batch(batch[0].batch_id))
        assert rest
        assert len(set(rest.ids)) == 3
        assert not set(rest.ids) & {one.id for one in batch}
        assert rest == remainder(studio.library.tracks.batch(batch[0].batch_id))
        assert rest.sentence == "0 of 3 made. Not enough credit for 3."
        assert rest.button == "Make 3 tracks"
