"""News without a click: the page is drawn again when a generation on it changes."""

from collections.abc import Sequence

from lyria_studio.library import Generation
from lyria_studio.services import Services
from lyria_studio.ui.components import WATCH


def draw(services: Services, generations: Sequence[Generation]) -> None:
    """Listen for changes of the unfinished ones among these generations."""
    waiting = [generation.id for generation in generations if generation.state.active]
    address = f"events?ids={','.join(sorted(waiting))}" if waiting else ""
    WATCH(key="watch", data={"address": address}, on_changed_change=lambda: None)
