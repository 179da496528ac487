"""A wallet that runs out in the middle of a batch."""

from pathlib import Path

import pytest
from support.library_rows import takes
from support.stub_gateway import StubGateway, reply
from support.worker_rig import Jobs, rig

from lyria_core import Charge
from lyria_studio.model.generation import new_intent_id
from lyria_studio.model.states import State
from lyria_studio.orders.remainder import remainder
from lyria_studio.worker import SubmitRate

TOO_LITTLE = reply(402, {"error": "Insufficient Balance", "message": "Required: $0.04"})


@pytest.mark.parametrize("enough_for", [0, 1, 3, 7])
def test_a_batch_stops_at_the_first_refusal_for_want_of_credit(
    stub: StubGateway, tmp_path: Path, enough_for: int
) -> None:
    jobs = Jobs(stub, polls=1)
    stub.script("POST ", *[jobs.submit] * enough_for, TOO_LITTLE)
    with rig(tmp_path, stub.url, pace=lambda: SubmitRate(1000, 1000)) as house:
        ended = [house.ended(one) for one in house.order(8)]
        assert len(stub.posts) == enough_for + 1
        assert [one.state for one in ended] == [
            *[State.READY] * enough_for,
            State.REFUSED,
            *[State.CANCELLED] * (7 - enough_for),
        ]
        assert {one.charge for one in ended[enough_for:]} == {Charge.NO}
        rest = remainder(house.library.tracks.batch(ended[0].batch_id))
        assert len(rest.missing) == 8 - enough_for
        assert rest.price_usd == sum(one.price_usd for one in rest.missing)
        if enough_for == 3:
            assert rest.sentence == "3 of 8 made. Not enough credit for 5."
            assert rest.button == "Make the other 5"


def test_another_wallet_and_another_gateway_go_on(stub: StubGateway, tmp_path: Path) -> None:
    jobs = Jobs(stub, polls=1)
    with rig(tmp_path, stub.url, start=False) as house:
        (poor,) = house.order()
        (waiting,) = house.order()
        (other_wallet,) = house.library.jobs.order(takes(base_url=stub.url, fingerprint="a" * 32))
        (other_place,) = house.library.jobs.order(
            takes(base_url="https://other.example", fingerprint=house.access.fingerprint)
        )
        house.library.jobs.claim_for_submit(poor.id)
        house.library.jobs.out_of_credit(poor.id, error="Not enough credit.")
        states = [
            house.library.tracks.generation(one.id).state
            for one in (poor, waiting, other_wallet, other_place)
        ]
    assert states == [State.REFUSED, State.CANCELLED, State.INTENDED, State.INTENDED]
    assert jobs.polls == 1


def test_a_callback_outweighs_a_refusal_for_want_of_credit(
    stub: StubGateway, tmp_path: Path
) -> None:
    with rig(tmp_path, stub.url, start=False) as house:
        (one, next_one) = house.order(2)
        house.library.jobs.claim_for_submit(one.id)
        house.library.jobs.callbacks.received(one.id, "lyria-3_taken-0001")
        found = house.library.jobs.out_of_credit(one.id, error="Not enough credit.")
        assert found
        assert (found.state, found.charge) == (State.QUEUED, Charge.MAYBE)
        assert house.library.tracks.generation(next_one.id).state is State.INTENDED


def test_the_rest_is_ordered_under_new_ids_and_by_a_second_click_not_again(
    stub: StubGateway, tmp_path: Path
) -> None:
    with rig(tmp_path, stub.url, start=False) as house:
        batch = house.order(3, form_id=new_intent_id())
        house.library.jobs.claim_for_submit(batch[0].id)
        house.library.jobs.out_of_credit(batch[0].id, error="Not enough credit.")
        rest = remainder(house.library.tracks.batch(batch[0].batch_id))
        assert len(set(rest.ids)) == 3
        assert not set(rest.ids) & {one.id for one in batch}
        assert rest.ids == remainder(house.library.tracks.batch(batch[0].batch_id)).ids
        assert rest.sentence == "0 of 3 made. Not enough credit for 3."
        assert rest.button == "Make 3 tracks"
