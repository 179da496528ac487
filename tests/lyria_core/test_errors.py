"""Exceptions are values that travel between threads and processes."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest
from support.stub_gateway import job_body

import lyria_core
from lyria_core import (
    AuthenticationError,
    CatalogueError,
    Charge,
    DownloadFailed,
    FetchFailed,
    FetchReason,
    InsufficientBalance,
    InvalidRequest,
    JobFailed,
    LyriaError,
    NotSent,
    RateLimited,
    StatusUnavailable,
    SubmitUnknown,
    WaitTimeout,
    parse_job,
)

JOB = parse_job(job_body("lyria-2_1", "FAILED"))
COMMON = {"http_status": 418, "request_id": "lyria-2_1", "advice": "Do this."}


@pytest.mark.parametrize(
    ("error", "charge"),
    [
        (InvalidRequest("Said."), Charge.NO),
        (AuthenticationError("Said."), Charge.NO),
        (InsufficientBalance("Said.", required=Decimal("0.08")), Charge.NO),
        (RateLimited("Said.", retry_after=7.5), Charge.NO),
        (NotSent("Said."), Charge.NO),
        (SubmitUnknown("Said."), Charge.MAYBE),
        (StatusUnavailable("Said.", retry_after=1.0), Charge.MAYBE),
        (WaitTimeout("Said.", job=JOB), Charge.MAYBE),
        (JobFailed("Said.", job=JOB), Charge.MAYBE),
        (DownloadFailed("Said."), Charge.YES),
        (FetchFailed("Said.", reason=FetchReason.NAME), Charge.NO),
        (CatalogueError("Said."), Charge.NO),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, LyriaError) else "",
)
def test_error_survives_pickling_and_copying(error: LyriaError, charge: Charge) -> None:
    assert error.charge is charge
    assert (str(error), error.message) == ("Said.", "Said.")
    assert error.advice.endswith(".")
    error.http_status, error.request_id = 418, "lyria-2_1"
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
        assert type(again) is type(error)
        assert vars(again) == vars(error)
        assert str(again) == "Said."


def test_every_field_can_be_given() -> None:
    error = JobFailed("Said.", charge=Charge.NO, job=JOB, **COMMON)  # type: ignore[arg-type]
    assert (error.charge, error.http_status, error.advice) == (Charge.NO, 418, "Do this.")
    assert error.job == JOB


class DiskFull(LyriaError):  # noqa: N818 - says what happened
    default_charge = Charge.NO
    default_advice = "Free some space."


def test_error_of_an_application_carries_message_advice_and_charge() -> None:
    error = DiskFull("Nothing was sent.")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (again.message, again.advice, again.charge) == (
        "Nothing was sent.",
        "Free some space.",
        Charge.NO,
    )


@pytest.mark.parametrize("kind", [LyriaError, InsufficientBalance, RateLimited, FetchFailed])
def test_unknown_field_of_an_error_is_a_programming_error(kind: type[LyriaError]) -> None:
    with pytest.raises(TypeError):
        kind("Said.", price=1)  # type: ignore[call-arg]


def test_every_error_is_public_and_documented() -> None:
    public = [
        cls
        for cls in _below(LyriaError)
        if cls.__module__.startswith("lyria_core.") and not cls.__name__.startswith("_")
    ]
    assert {cls.__name__ for cls in public} <= set(lyria_core.__all__)
    assert len(public) == 12
    assert all(cls.__doc__ for cls in public)


def _below(cls: type[LyriaError]) -> set[type[LyriaError]]:
    return {cls for sub in cls.__subclasses__() for cls in {sub, *_below(sub)}}
