"""Compare: which prompt is better, and can we know?"""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui.compare import address, maker, overview, starting, stylesheet, view

services = get_services()

stylesheet.draw()
starting.go_there()
match address.chosen(services.library):
    case None:
        st.title("Compare")
        overview.draw(services)
    case address.Chosen(comparison_id, ordered=True):
        view.draw(services, comparison_id)
    case address.Chosen(comparison_id):
        maker.draw(services, comparison_id)
