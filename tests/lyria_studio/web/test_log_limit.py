import logging

import pytest

from lyria_studio.web.log_limit import LogLimit


def test_same_message_is_logged_a_few_times_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    LogLimit(most=3, window_s=60, clock=lambda: now[0]).apply_to("test.log_limit")
    log = logging.getLogger("test.log_limit")
    for number in range(1000):
        log.error("out of descriptors %s", number)
    log.error("something else")
    assert [one.getMessage() for one in caplog.records] == [
        "out of descriptors 0",
        "out of descriptors 1",
        "out of descriptors 2 (further ones are not logged for 60 s)",
        "something else",
    ]
    now[0] = 61
    log.error("out of descriptors %s", 1001)
    assert caplog.records[-1].getMessage() == "out of descriptors 1001"
