"""What people may do with a track, and the watermark in it; for Settings and beside downloads."""

import streamlit as st

WATERMARK = (
    "Every Lyria track carries SynthID, an inaudible watermark that marks it as made by AI. "
    "It stays after cutting and after conversion to MP3. Demo tracks have none."
)
USE = (
    "Your gateway's API terms and Google's use policy say what you may publish or sell. "
    "Artist names and known lyrics are blocked."
)
LINKS = {
    "API terms (Pixazo)": "https://www.pixazo.ai/api-terms-of-use",
    "Use policy (Google)": "https://policies.google.com/terms/generative-ai/use-policy",
    "About SynthID": "https://deepmind.google/models/synthid/",
}


def draw() -> None:
    """Draw both explanations with their links."""
    st.markdown(USE)
    st.markdown(WATERMARK)
    with st.container(horizontal=True, gap="medium"):
        for name, address in LINKS.items():
            st.markdown(f"[{name}]({address})", width="content")
