"""What a screen says, for tests without a browser."""

from streamlit.testing.v1 import AppTest


def words(app: AppTest) -> str:
    """Everything that the screen says in plain elements, one a line."""
    groups = (app.title, app.header, app.text, app.caption, app.markdown, app.error, app.code)
    return "\n".join(str(item.value) for group in groups for item in group)
