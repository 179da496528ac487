"""A sandbox for the tests of its HTTP API."""

from collections.abc import Iterator

import pytest
from support.sandboxes import Client, serve_sandbox


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a sandbox that only this module uses."""
    with serve_sandbox(tmp_path_factory.mktemp("sandbox")) as served:
        yield served
