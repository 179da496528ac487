"""/listen/{token}: a listening test for everyone who has its link, without key or account.

Nothing below this address can order, spend, or show anything else of the app.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from lyria_core import Charge, LyriaError
from lyria_studio.library.errors import (
    LibraryError,
    ListeningOver,
    ListeningRefused,
    NotHeard,
    NotPrepared,
    TooManyListeners,
    UnknownTest,
    UnknownTrial,
)
from lyria_studio.limits import TextTooLong
from lyria_studio.links import LinkError
from lyria_studio.listening import topic
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.web import listen_acts as acts
from lyria_studio.web.listen_guard import BadRequest, listener_id, read_fields, remember
from lyria_studio.web.listen_pages import (
    STATIC_FOLDER,
    closed_page,
    listening_page,
    page_script,
    page_version,
)
from lyria_studio.web.listen_sound import find_sound, sound_answer
from lyria_studio.web.listen_state import state_of

if TYPE_CHECKING:
    from lyria_studio.services import Services

__all__ = ["listen_routes"]

# What refuses a listener: a word for the page, and the status of the answer.
_REFUSALS: tuple[tuple[type[LibraryError], str, int], ...] = (
    (ListeningOver, "over", 409),
    (NotPrepared, "preparing", 409),
    (TooManyListeners, "too_many", 429),
    (UnknownTrial, "unknown", 404),
    (NotHeard, "not_heard", 422),
    (ListeningRefused, "refused", 409),
    (UnknownTest, "dead", 410),
    (LibraryError, "trouble", 503),
)
_NO_STORE = {"cache-control": "no-store"}

Act = Callable[["Services", ListeningTest, Request, dict[str, Any]], acts.Done]
Answer = Callable[["Services", ListeningTest, Request], Awaitable[Response]]


class _DeadLinkError(LyriaError):
    default_charge = Charge.NO
    default_advice = ""

    def __init__(self, title: str, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.title = title
        self.status = status


def listen_routes(get_services: Callable[[], Services]) -> Mount:
    """Build the routes.

    ``GET /listen/{token}`` is the page with its first state. Below it: ``GET state``,
    ``GET sound/{name}`` and the POSTs ``start``, ``vote``, ``undo`` and ``reveal``, which take a
    JSON object from the same origin and answer with the new state, or with
    ``{"error": a sentence, "code": a word}``.

    Args:
        get_services: gives the services; called at every request.
    """
    pages = _Pages(get_services)
    posts = {"start": acts.start, "vote": acts.vote, "undo": acts.undo, "reveal": acts.reveal}
    return Mount(
        "/listen",
        routes=[
            Route("/page/listen.js", _script, methods=["GET"]),
            Mount("/page", _Kept(directory=STATIC_FOLDER)),
            Route("/{token}", pages.page, methods=["GET"]),
            Route("/{token}/state", pages.answering(_state), methods=["GET"]),
            Route("/{token}/sound/{name}", pages.answering(_sound), methods=["GET"]),
            *(
                Route(f"/{{token}}/{name}", pages.answering(_posted(act)), methods=["POST"])
                for name, act in posts.items()
            ),
            # Other paths below this address must not fall through to the screens.
            Route("/{path:path}", _nothing),
        ],
    )


class _Pages:
    """Finds the test of a link, and explains why there is none."""

    def __init__(self, get_services: Callable[[], Services]) -> None:
        self._get_services = get_services

    async def page(self, request: Request) -> Response:
        services = await asyncio.to_thread(self._get_services)
        try:
            test = await asyncio.to_thread(_test, services, request)
            await asyncio.to_thread(_refuse_newcomer_if_over, services, test, request)
            state = await asyncio.to_thread(state_of, services, test, listener_id(request))
        except _DeadLinkError as error:
            return closed_page(error.title, str(error), error.status)
        except LibraryError:
            state = None  # the page asks again, and says what is wrong
        return listening_page(state)

    def answering(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            services = await asyncio.to_thread(self._get_services)
            try:
                test = await asyncio.to_thread(_test, services, request)
                return await answer(services, test, request)
            except _DeadLinkError as error:
                return _refusal("dead", str(error), error.status)
            except BadRequest as error:
                return _refusal("bad", str(error), error.status)
            except TextTooLong as error:
                return _refusal("too_long", f"{error} {error.advice}", 422)
            except LibraryError as error:
                word, status = next((w, s) for kind, w, s in _REFUSALS if isinstance(error, kind))
                return _refusal(word, str(error), status)

        return endpoint


async def _state(services: Services, test: ListeningTest, request: Request) -> Response:
    found = await asyncio.to_thread(state_of, services, test, listener_id(request))
    return JSONResponse(found, headers=_NO_STORE)


async def _sound(services: Services, test: ListeningTest, request: Request) -> Response:
    name = request.path_params["name"]
    found = await asyncio.to_thread(find_sound, services, test, listener_id(request), name)
    if found is None:
        return _refusal("unknown", "There is no such sound; load the page again.", 404)
    try:
        return await asyncio.to_thread(sound_answer, *found)
    except OSError:
        return _refusal("preparing", "Preparing the sounds.", 503)


def _posted(act: Act) -> Answer:
    async def answer(services: Services, test: ListeningTest, request: Request) -> Response:
        public_url = await asyncio.to_thread(lambda: services.public_url)
        fields = await read_fields(request, public_url)
        done, found = await asyncio.to_thread(_act, act, services, test, request, fields)
        if done.news is not None:
            services.events.publish(topic(test.id), done.news)
        response = JSONResponse(found | done.more, headers=_NO_STORE)
        if done.is_new:
            remember(response, request, done.listener_id, public_url)
        return response

    return answer


def _act(
    act: Act, services: Services, test: ListeningTest, request: Request, fields: dict[str, Any]
) -> tuple[acts.Done, dict[str, Any]]:
    """Do what was asked and return it with the new state, both of one transaction."""
    with services.library.transaction():
        done = act(services, test, request, fields)
        return done, state_of(services, test, done.listener_id)


async def _nothing(request: Request) -> Response:
    return closed_page("Not found", "There is no such page.", 404)


async def _script(request: Request) -> Response:
    return Response(page_script(), media_type="text/javascript", headers=_keeping(request.scope))


class _Kept(StaticFiles):
    """Files of the page."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        answer = super().file_response(*args, **named)
        answer.headers.update(_keeping(args[2]))
        return answer


def _keeping(scope: Scope) -> dict[str, str]:
    """Return how long a browser keeps a file: for good if it was asked for by its version."""
    asked = scope["query_string"].decode("latin-1")
    known = asked == f"v={page_version()}"
    return {"cache-control": "public, max-age=31536000, immutable" if known else "no-cache"}


def _test(services: Services, request: Request) -> ListeningTest:
    try:
        test_id, nonce = services.signer.listen_test(request.path_params["token"])
    except LinkError:
        raise _DeadLinkError(
            "This link is not valid",
            "It may have been cut when it was copied. Ask whoever invited you to send it again.",
            404,
        ) from None
    try:
        return services.library.listening.test(test_id, nonce)
    except UnknownTest:
        raise _DeadLinkError(
            "This link no longer works",
            "Whoever invited you has withdrawn it. If you still want to listen, ask for a new one.",
            410,
        ) from None


def _refuse_newcomer_if_over(services: Services, test: ListeningTest, request: Request) -> None:
    """Refuse newcomers to a test that is over; those who took part may come back."""
    standing = services.library.listening.standing(test.id, listener_id(request))
    if standing.listener is None and standing.over is not None:
        raise _DeadLinkError("This listening test is over", standing.over, 410)


def _refusal(word: str, sentence: str, status: int) -> Response:
    return JSONResponse({"error": sentence, "code": word}, status_code=status, headers=_NO_STORE)
