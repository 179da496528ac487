"""Secrets of the app as Streamlit finds them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError


def app_secrets() -> Mapping[str, Any]:
    """Return what `.streamlit/secrets.toml` holds; empty where there is none."""
    try:
        return st.secrets.to_dict()
    except StreamlitSecretNotFoundError:
        return {}
