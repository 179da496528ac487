"""The app with a library whose clock a test sets.

The file that LYRIA_TEST_CLOCK names holds the time as ISO text; from there the clock goes on.
"""

import functools
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import streamlit as st

from lyria_studio import services
from lyria_studio.host import Host
from lyria_studio.library import Library
from lyria_studio.ui.error_messages import show_failure
from lyria_studio.ui.inline_scripts import inline_script_sources
from lyria_studio.ui.secrets import app_secrets

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "studio.py"
CLOCK = Path(os.environ["LYRIA_TEST_CLOCK"])


def now() -> datetime:
    """The time that the test set, and what has passed since."""
    passed = time.time() - CLOCK.stat().st_mtime
    return datetime.fromisoformat(CLOCK.read_text()) + timedelta(seconds=passed)


setattr(services, "Library", functools.partial(Library, clock=now))  # noqa: B010 - here alone
host = Host(app_secrets, inline_script_sources())
host.services()
host.adopt_server()

app = st.App(
    SCRIPT,
    routes=host.routes(),
    middleware=host.middleware(),
    lifespan=host.lifespan,
    on_script_error=show_failure,
)
