"""A gateway that answers as a test tells it."""

from collections.abc import Iterator

import pytest
from support.stub_gateway import StubGateway


@pytest.fixture
def stub() -> Iterator[StubGateway]:
    """A gateway that only this test uses."""
    with StubGateway() as stub:
        yield stub
