from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import MODELS
from lyria_sandbox import SandboxSettings
from lyria_sandbox.gateway.timetable import PACES, timetable

jobs = st.tuples(st.sampled_from(list(MODELS)), st.text())


@given(st.sampled_from(list(PACES)), jobs, st.floats(0, 3600))
def test_times_are_ordered_bounded_below_and_repeat(
    pace: str, job: tuple[str, str], at_least_s: float
) -> None:
    times = timetable(pace, *job, at_least_s)

    assert 0 <= times.processing_s <= times.finished_s
    assert times.finished_s >= at_least_s
    assert times == timetable(pace, *job, at_least_s)


@given(jobs)
def test_instant_waits_for_nothing(job: tuple[str, str]) -> None:
    assert timetable("instant", *job).finished_s == 0


@given(jobs)
def test_demo_takes_a_few_seconds(job: tuple[str, str]) -> None:
    assert 3 <= timetable("demo", *job).finished_s <= 8


@given(jobs)
def test_realistic_takes_as_long_as_the_models(job: tuple[str, str]) -> None:
    assert 15 <= timetable("realistic", *job).finished_s <= 120


@pytest.mark.parametrize("wrong", [{"pace": "slow"}, {"renderers": 0}])
def test_settings_refuse_what_makes_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SandboxSettings(home=Path("unused"), **wrong)  # type: ignore[arg-type]  # wrong on purpose
