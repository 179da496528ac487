"""Thin client of the Lyria models behind the Pixazo gateway.

Order a track, watch it being made, fetch its file; never pay twice for one order and never lose a
paid one:

    with LyriaClient(api_key) as client:
        job = client.submit(MusicRequest("lyria-3", "Calm folk, 90 BPM, instrumental only."))
        path = client.download(client.wait(job.request_id), "music")
"""

from lyria_core._addresses import is_loopback, is_public, is_public_or_loopback
from lyria_core._catalogue import (
    LIVE_BASE_URL,
    MODELS,
    Model,
    Parameter,
    read_models,
    use_models,
)
from lyria_core._charge import Charge
from lyria_core._client import LyriaClient
from lyria_core._errors import (
    AuthenticationError,
    CatalogueError,
    DownloadFailed,
    DownloadReason,
    FetchFailed,
    FetchReason,
    InsufficientBalance,
    InvalidRequest,
    JobFailed,
    LyriaError,
    NotSent,
    RateLimited,
    Refusal,
    StatusUnavailable,
    SubmitUnknown,
    WaitTimeout,
)
from lyria_core._ids import checked_request_id
from lyria_core._job import Job, parse_callback, parse_job, parse_timestamp
from lyria_core._polling import next_look
from lyria_core._public import Fetched, fetch_public
from lyria_core._reading import Status
from lyria_core._request import MusicRequest
from lyria_core._webhook import Webhook

__all__ = [
    "LIVE_BASE_URL",
    "MODELS",
    "AuthenticationError",
    "CatalogueError",
    "Charge",
    "DownloadFailed",
    "DownloadReason",
    "FetchFailed",
    "FetchReason",
    "Fetched",
    "InsufficientBalance",
    "InvalidRequest",
    "Job",
    "JobFailed",
    "LyriaClient",
    "LyriaError",
    "Model",
    "MusicRequest",
    "NotSent",
    "Parameter",
    "RateLimited",
    "Refusal",
    "Status",
    "StatusUnavailable",
    "SubmitUnknown",
    "WaitTimeout",
    "Webhook",
    "checked_request_id",
    "fetch_public",
    "is_loopback",
    "is_public",
    "is_public_or_loopback",
    "next_look",
    "parse_callback",
    "parse_job",
    "parse_timestamp",
    "read_models",
    "use_models",
]
