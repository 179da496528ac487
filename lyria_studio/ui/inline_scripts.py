"""The scripts in Streamlit's own page, so that the security policy can allow just them."""

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
