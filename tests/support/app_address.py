"""The address bar of a screen that is driven without a browser."""

import time

from streamlit.testing.v1 import AppTest

from lyria_studio.ui import addressed


def go_to(app: AppTest, **query: str) -> AppTest:
    """Go to another address of the open screen by Back or a link, as the browser tells of it."""
    app.query_params.clear()
    for name, text in query.items():
        app.query_params[name] = text
    app.session_state[addressed.VISIT] = (time.monotonic(), query)  # no visit had this number
    return app.run()
