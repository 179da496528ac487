"""What stands on every screen: name, player bar, tabs and which gateway is in use."""

from collections.abc import Sequence
from pathlib import Path

from streamlit.navigation.page import StreamlitPage

from lyria_studio.services import Services
from lyria_studio.ui import payer, player, session
from lyria_studio.ui.components import PRESS

# A file of our own: a Material symbol would be fetched from another host.
ASSETS = Path(__file__).parents[1] / "assets"
ICON = ASSETS / "icon.svg"
LOGO = ASSETS / "logo.svg"


def draw(
    services: Services,
    screens: Sequence[StreamlitPage] = (),
    current: StreamlitPage | None = None,
) -> None:
    """Draw the player bar and the gateway that the next click uses.

    Args:
        services: the services of this process.
        screens: all there are; on a phone they are tabs at the bottom.
        current: the one that is shown.
    """
    player.draw_bar(
        [(screen.title, screen.url_path) for screen in screens],
        current.url_path if current else None,
    )
    PRESS(key="press")
    session.keep_zone(services)
    session.keep_choices()
    payer.draw(services)
