"""The frame around every screen: navigation, the gateway that is in use, the style."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import addressed, dialogs, error_messages, frame, toasts, watch
from lyria_studio.ui.secrets import app_secrets

st.set_page_config(page_title="Lyria Studio", page_icon=frame.ICON, layout="wide")

screens = [
    st.Page(
        "create.py",
        title="Create",
        icon=":material/music_note_add:",
        default=True,
        help="Write a prompt, choose a model, see the price and get the track.",
    ),
    st.Page(
        "compare.py",
        title="Compare",
        icon=":material/compare_arrows:",
        help="Variants of a prompt, heard in step and judged blind.",
    ),
    st.Page(
        "history.py",
        title="History",
        icon=":material/library_music:",
        help="Every track and every attempt, with its prompt, its cost and how it went.",
    ),
    st.Page(
        "pricing.py",
        title="Pricing",
        icon=":material/payments:",
        help="What a track costs, what a number of tracks would cost, and what was spent.",
    ),
    st.Page(
        "settings.py",
        title="Settings",
        icon=":material/settings:",
        help="The gateway and its key, and where your tracks are kept.",
    ),
]
st.logo(frame.LOGO, size="large")
page = st.navigation(screens, position="top")
services = get_services(app_secrets)
watch.begin(services)
frame.draw(services, screens, page)
dialogs.begin()
addressed.follow(page.url_path)
error_messages.show_pending()
toasts.show()
page.run()
dialogs.finish()
watch.finish(services)
