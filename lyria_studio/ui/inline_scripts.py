"""The scripts of Streamlit's own page: those the policy allows, and those to fetch early."""

import base64
import hashlib
import re
from pathlib import Path

from streamlit.file_util import get_static_dir


def inline_script_sources() -> list[str]:
    """Return one `'sha256-…'` source for each inline script of the installed Streamlit's page."""
    page = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    ]


# What the screens are drawn with. Streamlit fetches each when the first of its kind is drawn, and
# what stands below jumps when it comes.
_WIDGETS = (
    "BaseButton",
    "BidiComponent",
    "Button",
    "ButtonGroup",
    "ComponentInstance",
    "Html",
    "Input",
    "LinkButton",
    "Metric",
    "NumberInput",
    "PageLink",
    "Pagination",
    "Radio",
    "Selectbox",
    "StreamlitMarkdown",
    "Text",
    "TextArea",
    "TextField",
    "TextInput",
)


def widget_scripts() -> list[str]:
    """Return the addresses of the scripts that draw the widgets, relative to a screen."""
    scripts = (Path(get_static_dir()) / "static" / "js").glob("*.js")
    return sorted(
        f"./static/js/{script.name}"
        for script in scripts
        if script.name.partition(".")[0] in _WIDGETS
    )
