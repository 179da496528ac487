"""The routes next to the screens: tracks, changes, callbacks, listening tests; and their guards."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from lyria_studio.web.audio import audio_route
from lyria_studio.web.host_guard import HostGuard, HostPolicy
from lyria_studio.web.linked_files import LinkedFiles
from lyria_studio.web.listen import listen_routes
from lyria_studio.web.qr import qr_svg
from lyria_studio.web.security_headers import SecurityHeaders, content_security_policy
from lyria_studio.web.session_cookie import SessionCookie
from lyria_studio.web.stream import events_route
from lyria_studio.web.template_samples import samples_route
from lyria_studio.web.webhook import webhook_route

if TYPE_CHECKING:
    from lyria_studio.services import Services

__all__ = [
    "HostGuard",
    "HostPolicy",
    "LinkedFiles",
    "SecurityHeaders",
    "SessionCookie",
    "content_security_policy",
    "qr_svg",
    "routes",
    "samples_route",
]


def routes(get_services: Callable[[], "Services"]) -> list[BaseRoute]:
    """Return the routes.

    Args:
        get_services: gives the services; called at every request, never before the first.
    """
    return [
        audio_route(get_services),
        events_route(get_services),
        webhook_route(get_services),
        listen_routes(get_services),
    ]
