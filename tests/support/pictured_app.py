"""The app, with pictures that are painted on the spot in place of those of the internet.

No test may ask hosts out there, and the app rightly refuses images of this machine.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from support.image_files import image_file

from lyria_core import Fetched
from lyria_studio import services
from lyria_studio.host import Host
from lyria_studio.images import ImageChecks, fetch_image
from lyria_studio.ui.error_messages import show_failure
from lyria_studio.ui.inline_scripts import inline_script_sources
from lyria_studio.ui.secrets import app_secrets

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "studio.py"
COLOURS = ("teal", "orange", "indigo", "crimson")
PAINTED = "https://pictures.example/"


def painted(url: str) -> Fetched:
    """A picture for each address of the painted host; every other one is asked for."""
    if not url.startswith(PAINTED):
        return fetch_image(url)
    body = image_file("PNG", (320, 200), COLOURS[len(url) % len(COLOURS)])
    return Fetched(body=body, content_type="image/png", redirects=0)


class PaintedChecks(ImageChecks):
    """The checks of the app, with another source."""

    def __init__(self, on_change: Callable[[str], None]) -> None:
        super().__init__(on_change, fetch=painted)


setattr(services, "ImageChecks", PaintedChecks)  # noqa: B010 - in this process alone
host = Host(app_secrets, inline_script_sources())
host.adopt_server()

app = st.App(
    SCRIPT,
    routes=host.routes(),
    middleware=host.middleware(),
    lifespan=host.lifespan,
    on_script_error=show_failure,
)
