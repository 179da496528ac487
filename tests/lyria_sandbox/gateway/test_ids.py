from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from lyria_sandbox.gateway.ids import REQUEST_ID, new_request_id, seed_of

models = st.sampled_from(["lyria-3-pro", "lyria-3", "lyria-2"])
moments = st.integers(0, 2**47)


@given(models, moments)
def test_an_id_is_the_model_and_a_uuid_of_version_7(model: str, now_ms: int) -> None:
    request_id = new_request_id(model, now_ms)

    assert REQUEST_ID.fullmatch(request_id)
    name, _, text = request_id.rpartition("_")
    value = uuid.UUID(text)
    assert name == model
    assert value.version == 7
    assert value.variant == uuid.RFC_4122
    assert value.int >> 80 == now_ms


@given(models, moments, moments)
def test_ids_sort_by_time(model: str, one: int, other: int) -> None:
    if one != other:
        assert (new_request_id(model, one) < new_request_id(model, other)) == (one < other)


def test_ids_and_seeds_of_one_moment_differ() -> None:
    ids = {new_request_id("lyria-3", 1) for _ in range(1000)}

    assert len(ids) == 1000
    assert len({seed_of(request_id) for request_id in ids}) == 1000


@given(st.text())
def test_a_seed_is_stable_and_unsigned(request_id: str) -> None:
    assert 0 <= seed_of(request_id) == seed_of(request_id) < 2**32
