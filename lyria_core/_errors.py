"""The exceptions of the client, and the root of every error that a person is told.

LyriaError
├── InvalidRequest         refused, here or by the gateway (400); not charged
├── AuthenticationError    the key was not accepted (401, 403); not charged
├── InsufficientBalance    the wallet holds too little (402); not charged
├── RateLimited            too many requests (429); not charged
├── NotSent                the gateway was never reached; not charged
├── SubmitUnknown          the request left, its answer was lost; perhaps charged
├── StatusUnavailable      a poll brought no answer; the job continues
├── WaitTimeout            a job did not finish in time; it continues
├── JobFailed              the gateway could not make the track
├── DownloadFailed         the track is made and paid, its file did not arrive
├── FetchFailed            a file that belongs to no job was not fetched
└── CatalogueError         a file of models has a mistake

Each carries one sentence for a person (``str(error)``), one more on what to do (``advice``), and
what it cost (``charge``). None holds the API key or the prompt, and all of them pickle.

An application derives its own errors from ``LyriaError`` too, so that one handler can show them
all. A subclass sets ``default_charge`` and ``default_advice``.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypedDict, Unpack

from lyria_core._charge import Charge

if TYPE_CHECKING:
    from lyria_core._job import Job


class Refusal(StrEnum):
    """Why a gateway would refuse every further request with the same key, too."""

    CREDIT = "credit"  # the wallet is empty or the quota used up, whatever HTTP status says so
    KEY = "key"


class _Common(TypedDict, total=False):
    """The keyword arguments of every ``LyriaError``."""

    charge: Charge | None
    http_status: int | None
    request_id: str | None
    advice: str | None


class LyriaError(Exception):
    """Something went wrong; this says what, what it cost and what to do.

    Args:
        message: One sentence for a person.
        charge: What the failure cost; ``None`` stands for the class's ``default_charge``.
        http_status: The HTTP status of the gateway or the media host, if there was one.
        request_id: The gateway's id of the job, if it is known.
        advice: One sentence on what to do next; ``None`` stands for ``default_advice``.

    Attributes:
        refusal: Why further requests with the same key would be refused, too; ``None``: it is
            about this request alone.
    """

    default_charge: ClassVar[Charge] = Charge.MAYBE
    default_advice: ClassVar[str] = "Try again later."
    refusal: Refusal | None = None

    def __init__(
        self,
        message: str,
        *,
        charge: Charge | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.charge = self.default_charge if charge is None else charge
        self.http_status = http_status
        self.request_id = request_id
        self.advice = self.default_advice if advice is None else advice


class InvalidRequest(LyriaError):  # noqa: N818 - the name says what happened
    """The gateway does not accept the request; nothing was made and nothing was charged."""

    default_charge = Charge.NO
    default_advice = "Correct the request and try again."


class AuthenticationError(LyriaError):
    """The API key was not accepted, or may not do this.

    On submit nothing was charged. On a poll of a job submitted before, ``charge`` is ``MAYBE``:
    the job continues without being seen.
    """

    default_charge = Charge.NO
    default_advice = "Check the API key, and that it may use this model."
    refusal: Refusal | None = Refusal.KEY


class InsufficientBalance(LyriaError):  # noqa: N818 - the name says what happened
    """The wallet holds too little for the request; nothing was made and nothing was charged.

    Attributes:
        required: The amount the gateway asks for in US dollars, if it names one.
    """

    default_charge = Charge.NO
    default_advice = "Top up and try again."
    refusal: Refusal | None = Refusal.CREDIT

    def __init__(
        self,
        message: str,
        *,
        required: Decimal | None = None,
        **common: Unpack[_Common],
    ) -> None:
        super().__init__(message, **common)
        self.required = required


class _Retriable(LyriaError):  # noqa: N818 - the name says what happened
    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        **common: Unpack[_Common],
    ) -> None:
        super().__init__(message, **common)
        self.retry_after = retry_after


class RateLimited(_Retriable):
    """The gateway asks to slow down. A submit refused like this was not accepted and not charged.

    Attributes:
        retry_after: Seconds to wait before the next request, if the gateway says so.
    """

    default_charge = Charge.NO
    default_advice = "Wait a moment and try again."


class NotSent(LyriaError):  # noqa: N818 - the name says what happened
    """The gateway was never reached: no byte of the request left, so nothing was charged."""

    default_charge = Charge.NO
    default_advice = "Check the network connection and try again."


class SubmitUnknown(LyriaError):  # noqa: N818 - the name says what happened
    """The request left and its answer was lost: it may have been accepted and charged.

    Never send it again unasked: that may pay twice. If ``request_id`` is set, the id could be read
    from the answer, and the job can be watched under it.
    """

    default_charge = Charge.MAYBE
    default_advice = (
        "Do not send it again before your gateway account shows whether this request was taken."
    )


class StatusUnavailable(_Retriable):
    """A poll brought no usable answer; the job itself continues, poll again.

    Attributes:
        retry_after: Seconds to wait before the next poll, if the gateway says so.
    """

    default_charge = Charge.MAYBE
    default_advice = "Check again in a few seconds. Checking is free."


class _OfJob(LyriaError):  # noqa: N818 - the name says what happened
    def __init__(self, message: str, *, job: Job | None = None, **common: Unpack[_Common]) -> None:
        super().__init__(message, **common)
        self.job = job


class WaitTimeout(_OfJob):
    """The job did not finish in the time given. It did not fail: it continues.

    Attributes:
        job: The job at the last successful poll, or ``None`` if there was none.
    """

    default_charge = Charge.MAYBE
    default_advice = "Check again later under the same request id. Checking is free."


class JobFailed(_OfJob):
    """The gateway took the job and could not make the track.

    ``charge`` is ``NO`` for the status ERROR (the reference: "System error — not charged") and
    ``MAYBE`` for FAILED, where the reference does not say.

    Attributes:
        job: The job as the gateway reported it.
    """

    default_charge = Charge.MAYBE
    default_advice = (
        "Change the prompt or try again later. A new try is a new order at its own price."
    )


class DownloadReason(StrEnum):
    """Why the file of a finished job was not fetched."""

    ADDRESS = "address"  # it no longer gives the file: poll the job for another one
    NOT_AUDIO = "not audio"  # neither audio nor a picture: often a page that says why
    PICTURE = "picture"  # an image or a video
    OTHER = "other"


class DownloadFailed(LyriaError):  # noqa: N818 - the name says what happened
    """The file of a finished job did not arrive. The track is paid.

    Downloading again is free and submits nothing.

    Attributes:
        reason: Why.
    """

    default_charge = Charge.YES
    default_advice = "Download it again later. That is free."
    reason: DownloadReason = DownloadReason.OTHER


class FetchReason(StrEnum):
    """Why a file from the open internet was not fetched."""

    NOT_AN_ADDRESS = "not an address"
    NOT_HTTPS = "not https"
    CREDENTIALS = "credentials"  # a user name or password stands in the address
    PRIVATE = "private"  # the host is, or resolves to, an address that is not public
    NAME = "name"  # the host's name was not found
    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMEOUT = "timeout"
    LOST = "lost"  # cut short, or not HTTP
    REDIRECTS = "redirects"  # too many
    STATUS = "status"  # the host answered, but not with the file
    TOO_LARGE = "too large"


class FetchFailed(LyriaError):  # noqa: N818 - the name says what happened
    """A file from the open internet was not fetched. It has nothing to do with a job.

    Attributes:
        reason: Why.
        redirects: How many redirects had been followed.
    """

    default_charge = Charge.NO
    default_advice = "Check the address in a browser."

    def __init__(
        self,
        message: str,
        *,
        reason: FetchReason = FetchReason.LOST,
        redirects: int = 0,
        **common: Unpack[_Common],
    ) -> None:
        super().__init__(message, **common)
        self.reason = reason
        self.redirects = redirects


class CatalogueError(LyriaError):
    """A file of models has a mistake; the message names the file and the key."""

    default_charge = Charge.NO
    default_advice = "Correct the file, then start again."
