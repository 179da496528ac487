"""What a listener does: start, vote, undo, reveal."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from lyria_studio.library.errors import UnknownTrial
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.model.vote import Choice, NewVote, Place
from lyria_studio.web.listen_guard import BadRequest, address_hash, listener_id, new_listener_id

if TYPE_CHECKING:
    from lyria_studio.services import Services

__all__ = ["Done", "reveal", "start", "undo", "vote"]

_PLACES: dict[str, Place] = {"first": "first", "second": "second"}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it.

    Attributes:
        listener_id: whose state the page is shown now.
        is_new: whether the browser has to be told that id.
        more: what the page is told beside the state.
        news: what the owner's screen is told once it is stored; None: nothing.
    """

    listener_id: str
    is_new: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    news: str | None = None


def start(
    services: Services, test: ListeningTest, request: Request, fields: dict[str, Any]
) -> Done:
    """Let a listener in; one who returns continues.

    Args:
        services: the services.
        test: which test.
        request: of the listener.
        fields: what the page sent.
    """
    listener = _known(services, test, request) or new_listener_id()
    name = _text(fields, "name")
    device = str(fields.get("device"))
    services.library.listening.begin_listening(
        test.id,
        listener,
        address_hash(request, services.signer, test.id),
        name,
        device if device in ("headphones", "speaker") else None,
    )
    return Done(listener, is_new=True, news="listener")


def vote(services: Services, test: ListeningTest, request: Request, fields: dict[str, Any]) -> Done:
    """Cast a vote. The same vote again, as after a lost answer, changes nothing and is no error.

    Args:
        services: the services.
        test: which test.
        request: of the listener.
        fields: what the page sent.
    """
    listener, trial_id = _own_trial(services, test, request, fields)
    try:
        choice = Choice(str(fields.get("choice")))
    except ValueError:
        raise BadRequest(400, "This is not one of the answers.") from None
    heard = fields.get("heard")
    if not isinstance(heard, list) or len(heard) < 2:
        raise BadRequest(400, "What was heard is missing.")
    cast = services.library.listening.vote(
        trial_id,
        listener,
        NewVote(
            choice=choice,
            heard_first_s=_number(heard[0]),
            heard_second_s=_number(heard[1]),
            reason=_text(fields, "reason"),
            comment=_text(fields, "comment"),
            comment_at_s=None if fields.get("at_s") is None else _number(fields["at_s"]),
            comment_on=_PLACES.get(str(fields.get("on"))),
            began_with=_PLACES.get(str(fields.get("began"))),
        ),
    )
    more = {"repeated": cast.repeated, "differs": cast.differs}
    return Done(listener, more=more, news=None if cast.repeated else "vote")


def undo(services: Services, test: ListeningTest, request: Request, fields: dict[str, Any]) -> Done:
    """Take back the last vote, once, however often it is requested.

    Args:
        services: the services.
        test: which test.
        request: of the listener.
        fields: what the page sent.
    """
    listener, trial_id = _own_trial(services, test, request, fields)
    services.library.listening.undo_vote(test.id, listener, trial_id)
    return Done(listener, news="undo")


def reveal(
    services: Services, test: ListeningTest, request: Request, fields: dict[str, Any]
) -> Done:
    """Reveal one trial to its listener or, without a trial, all of them.

    Args:
        services: the services.
        test: which test.
        request: of the listener.
        fields: what the page sent.
    """
    if fields.get("trial") is None:
        listener, trial_id = _listener(services, test, request), None
    else:
        listener, trial_id = _own_trial(services, test, request, fields)
    services.library.listening.reveal(test.id, listener, trial_id)
    return Done(listener)


def _known(services: Services, test: ListeningTest, request: Request) -> str | None:
    """Return the id in the cookie, unless it is forged or the listener was deleted."""
    known = listener_id(request)
    return known if services.library.listening.standing(test.id, known).listener else None


def _listener(services: Services, test: ListeningTest, request: Request) -> str:
    known = _known(services, test, request)
    if known is None:
        raise UnknownTrial("Open the link of the listening test again to begin.")
    return known


def _own_trial(
    services: Services, test: ListeningTest, request: Request, fields: dict[str, Any]
) -> tuple[str, str]:
    listener = _listener(services, test, request)
    trial_id = fields.get("trial")
    if not isinstance(trial_id, str):
        raise BadRequest(400, "The pair is missing.")
    if services.library.listening.trial(trial_id, listener).test_id != test.id:
        raise UnknownTrial("This is not one of your pairs; load the page again.")
    return listener, trial_id


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadRequest(400, f"The {name} is not text.")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRequest(400, "A time is not a number.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or number < 0:
        raise BadRequest(400, "A time is not a number of seconds.")
    return number
