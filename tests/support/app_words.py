"""The texts of a screen, for tests without a browser."""

from streamlit.testing.v1 import AppTest


def words(app: AppTest) -> str:
    """Return the texts of the plain elements on the screen, one a line."""
    plain = (app.title, app.header, app.text, app.caption, app.markdown, app.code)
    groups = (*plain, app.error, app.warning)
    return "\n".join(str(item.value) for group in groups for item in group)
