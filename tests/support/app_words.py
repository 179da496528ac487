"""The texts of a screen, for tests without a browser."""

from streamlit.testing.v1 import AppTest


def words(app: AppTest) -> str:
    """Return the texts of the plain elements on the screen, one a line."""
    groups = (app.title, app.header, app.text, app.caption, app.markdown, app.error, app.code)
    return "\n".join(str(item.value) for group in groups for item in group)
