from collections.abc import Iterator

import pytest
from support.stub_gateway import StubGateway, tls_context


@pytest.fixture
def host() -> Iterator[StubGateway]:
    """A host of images on this machine, which the tests may reach as `https://media.test`."""
    with StubGateway(tls_context()) as stub:
        yield stub
