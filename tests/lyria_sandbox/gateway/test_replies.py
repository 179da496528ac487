"""The bodies against the reference's own examples."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import MODELS
from lyria_sandbox.gateway import replies
from lyria_sandbox.gateway.job import Job, Status

pytestmark = pytest.mark.slow

REQUEST_ID = "lyria-3-pro_019d5721-c333-7002-426f-b50cf48bab67"


def milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def job(**fields: Any) -> Job:
    defaults: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "owner": "somebody",
        "model": "lyria-3-pro",
        "status": Status.QUEUED,
        "root_url": "https://gateway.example",
        "price_cents": 8,
        "created_ms": milliseconds("2026-04-04T06:15:23.699Z"),
        "updated_ms": milliseconds("2026-04-04T06:15:23.699Z"),
    }
    return Job(**(defaults | fields))


COMPLETED = job(
    status=Status.COMPLETED,
    updated_ms=milliseconds("2026-04-04T06:16:19.300Z"),
    completed_ms=milliseconds("2026-04-04T06:16:19.300Z"),
    files=("output.mpeg",),
    media_type="audio/mpeg",
)


def test_status_of_a_completed_job() -> None:
    assert replies.status_body(COMPLETED, "https://cdn.example") == {
        "request_id": REQUEST_ID,
        "status": "COMPLETED",
        "model_id": "lyria-3-pro",
        "error": None,
        "output": {
            "media_url": [f"https://cdn.example/media/v1/{REQUEST_ID}/output.mpeg"],
            "media_type": "audio/mpeg",
        },
        "created_at": "2026-04-04T06:15:23.699Z",
        "updated_at": "2026-04-04T06:16:20.000Z",
        "completed_at": "2026-04-04T06:16:20.000Z",
    }


def test_callback_of_a_completed_job_has_the_other_form_of_time() -> None:
    body = replies.callback_body(COMPLETED)

    assert body["created_at"] == "2026-04-04T06:15:23.699Z"
    assert body["updated_at"] == body["completed_at"] == "2026-04-04 06:16:20"
    assert body["output"]["media_url"] == [
        f"https://gateway.example/media/v1/{REQUEST_ID}/output.mpeg"
    ]
    assert body.keys() == replies.status_body(COMPLETED, "").keys()


def test_status_of_a_queued_job() -> None:
    assert replies.status_body(job(), "https://gateway.example") == {
        "request_id": REQUEST_ID,
        "status": "QUEUED",
        "model_id": "lyria-3-pro",
        "error": None,
        "output": None,
        "created_at": "2026-04-04T06:15:23.699Z",
        "updated_at": "2026-04-04T06:15:24.000Z",
        "completed_at": None,
    }


def test_callback_of_a_failed_job() -> None:
    failed = job(status=Status.ERROR, error="Description of the error", completed_ms=0)
    body = replies.callback_body(failed)

    assert body["status"] == "ERROR"
    assert body["error"] == "Description of the error"
    assert body["output"] is None


def test_accepted() -> None:
    assert replies.accepted_body(job()) == {
        "request_id": REQUEST_ID,
        "status": "QUEUED",
        "polling_url": f"https://gateway.example/v2/requests/status/{REQUEST_ID}",
    }


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("lyria-3-pro", "Your wallet does not have enough balance. Required: $0.08"),
        ("lyria-3", "Your wallet does not have enough balance. Required: $0.04"),
        ("lyria-2", "Your wallet does not have enough balance."),
    ],
)
def test_no_balance(model: str, message: str) -> None:
    refusal = replies.no_balance(MODELS[model])

    assert refusal.status == 402
    assert refusal.body == {"error": "Insufficient Balance", "message": message}


def test_model_not_found() -> None:
    assert replies.model_not_found("lyria-2").body == {
        "error": "Model not found",
        "message": "Model 'lyria-2' not found or is disabled",
    }


@given(
    created=st.integers(0, 4_000_000_000_000),
    took=st.integers(0, 10_000_000),
)
def test_no_job_seems_to_end_before_it_began(created: int, took: int) -> None:
    ended = created + took
    body = replies.status_body(
        job(created_ms=created, updated_ms=ended, completed_ms=ended, status=Status.ERROR), ""
    )
    callback = replies.callback_body(job(created_ms=created, updated_ms=ended, completed_ms=ended))

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["created_at"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", callback["completed_at"])
    began = datetime.fromisoformat(body["created_at"])
    assert began <= datetime.fromisoformat(body["completed_at"])
    assert began <= datetime.fromisoformat(callback["completed_at"]).replace(tzinfo=UTC)
    assert milliseconds(body["created_at"]) == created
    assert 0 <= milliseconds(body["completed_at"]) - ended < 1000
