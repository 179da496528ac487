"""The bodies of the gateway, field by field as its reference shows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lyria_sandbox.gateway.catalogue import names_price
from lyria_sandbox.gateway.job import Status

if TYPE_CHECKING:
    from starlette.requests import Request

    from lyria_core import Model
    from lyria_sandbox.gateway.job import Job

MEDIA_DELETED = "The sandbox deleted this output to keep its disk under the bound."


class RefusalError(Exception):
    """An answer other than the one asked for.

    Attributes:
        status: The HTTP status.
        body: The JSON body.
        headers: Further headers.
    """

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def management(status: int, message: str, headers: dict[str, str] | None = None) -> RefusalError:
    """Return a refusal in the shape of Azure API Management, which fronts the live gateway.

    Args:
        status: HTTP status.
        message: A sentence for people.
        headers: Further headers.
    """
    return RefusalError(status, {"statusCode": status, "message": message}, headers)


def queue_system(status: int, error: str, message: str) -> RefusalError:
    """Return a refusal in the shape of the gateway's queue system.

    Args:
        status: HTTP status.
        error: Name of the error.
        message: A sentence for people.
    """
    return RefusalError(status, {"error": error, "message": message})


def invalid(message: str) -> RefusalError:
    """Return the 400 of a request that breaks the reference's table of parameters."""
    return queue_system(400, "Invalid request", message)


def model_not_found(model: str) -> RefusalError:
    """Return the 400 of an unknown or disabled model."""
    return queue_system(400, "Model not found", f"Model '{model[:80]}' not found or is disabled")


def no_key(present: bool) -> RefusalError:
    """Return the 401 of a missing or a wrong key.

    The texts are those that Azure API Management documents for subscription keys.
    """
    message = (
        "Access denied due to invalid subscription key. "
        "Make sure to provide a valid key for an active subscription."
        if present
        else "Access denied due to missing subscription key. "
        "Make sure to include subscription key when making requests to an API."
    )
    challenge = (
        'AzureApiManagementKey realm="sandbox",name="Ocp-Apim-Subscription-Key",type="header"'
    )
    return management(401, message, {"WWW-Authenticate": challenge})


def no_balance(model: Model) -> RefusalError:
    """Return the 402, with the amount for the models whose reference tells it."""
    message = "Your wallet does not have enough balance."
    if names_price(model):
        message += f" Required: ${model.price_usd}"
    return queue_system(402, "Insufficient Balance", message)


def forbidden() -> RefusalError:
    """Return the 403."""
    return queue_system(403, "Forbidden", "This key may not use the gateway.")


def limited(after_s: int) -> RefusalError:
    """Return the 429 with its Retry-After, in seconds."""
    return management(
        429,
        f"Rate limit is exceeded. Try again in {after_s} seconds.",
        {"Retry-After": str(after_s)},
    )


def internal_error() -> RefusalError:
    """Return the 500."""
    return management(500, "Internal server error")


def unknown_request(request_id: str) -> RefusalError:
    """Return the 404 of a request id that this key does not have."""
    return queue_system(404, "Request not found", f"Request '{request_id[:80]}' not found")


def root_url(request: Request) -> str:
    """Return the gateway's base URL as the client sees it, its mount prefix included."""
    prefix = request.scope.get("root_path", "").rstrip("/")
    return f"{request.url.scheme}://{request.url.netloc}{prefix}"


def accepted_body(job: Job) -> dict[str, Any]:
    """Return the body of the 202."""
    return {
        "request_id": job.request_id,
        "status": Status.QUEUED.value,
        "polling_url": f"{job.root_url}/v2/requests/status/{job.request_id}",
    }


def status_body(job: Job, root_url: str) -> dict[str, Any]:
    """Return the answer of the status endpoint.

    Args:
        job: The job.
        root_url: The gateway's base URL as the asking client sees it.
    """
    body = _job_body(job, root_url)
    body["created_at"] = _to_the_millisecond(job.created_ms)
    body["updated_at"] = _to_the_second(job.updated_ms)
    body["completed_at"] = None if job.completed_ms is None else _to_the_second(job.completed_ms)
    return body


def callback_body(job: Job) -> dict[str, Any]:
    """Return the payload of a webhook: the status body with the timestamps of its own example."""
    body = _job_body(job, job.root_url)
    body["created_at"] = _to_the_millisecond(job.created_ms)
    body["updated_at"] = _spaced(job.updated_ms)
    body["completed_at"] = None if job.completed_ms is None else _spaced(job.completed_ms)
    return body


def media_url(job: Job, root_url: str, name: str) -> str:
    """Return the URL of one output.

    Args:
        job: The job.
        root_url: The gateway's base URL as the client sees it.
        name: Name of the file.
    """
    return f"{root_url}/media/v1/{job.request_id}/{name}"


def _job_body(job: Job, root_url: str) -> dict[str, Any]:
    output = None
    if job.status is Status.COMPLETED:
        urls = [media_url(job, root_url, name) for name in job.files]
        output = {"media_url": urls, "media_type": job.media_type}
    body: dict[str, Any] = {
        "request_id": job.request_id,
        "status": job.status.value,
        "model_id": job.model,
        "error": MEDIA_DELETED if job.media_deleted else job.error,
        "output": output,
    }
    if job.understood is not None:
        # Not in the reference: what the composer made of the prompt. Clients may ignore it.
        body["understood"] = job.understood
    return body


def _to_the_millisecond(ms: int) -> str:
    return _utc(ms).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _to_the_second(ms: int) -> str:
    return f"{_up_to_the_second(ms):%Y-%m-%dT%H:%M:%S}.000Z"


def _spaced(ms: int) -> str:
    return f"{_up_to_the_second(ms):%Y-%m-%d %H:%M:%S}"


def _up_to_the_second(ms: int) -> datetime:
    # The reference tells later times in whole seconds. Rounded down, a job that takes no time would
    # seem to end before it was created.
    return _utc(-(-ms // 1000) * 1000)


def _utc(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
