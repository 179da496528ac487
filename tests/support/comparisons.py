"""Generations and variants as a comparison reads them, made without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from lyria_core import MODELS, Charge
from lyria_studio.comparisons import sent
from lyria_studio.model.comparison import LETTERS, Variant
from lyria_studio.model.generation import Generation, Track
from lyria_studio.model.states import State

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PIANO = "Calm piano waltz, 96 BPM, G major. Instrumental only."
HARP = "Calm harp waltz, 96 BPM, G major. Instrumental only."


def variants(*prompts: str, model: str = "lyria-3", **fields: object) -> tuple[Variant, ...]:
    """One variant for each prompt."""
    return tuple(
        Variant(letter, model, prompt, **fields)  # type: ignore[arg-type]
        for letter, prompt in zip(LETTERS, prompts, strict=False)
    )


def generation(
    variant: Variant,
    take: int = 1,
    *,
    id_: str | None = None,
    state: State = State.READY,
    gateway: str = "sandbox",
    duration_s: float = 30.0,
    loudness_lufs: float = -14.0,
) -> Generation:
    """A generation that was made by what a variant says."""
    asked = sent(variant)
    name = id_ or f"made-for-{variant.letter}{take}"
    track = Track(
        id=f"track-{name}",
        generation_id=name,
        index=0,
        path=Path("/nowhere"),
        file_name="x.mpeg",
        media_type="audio/mpeg",
        size_bytes=1,
        sha256="0" * 64,
        duration_s=duration_s,
        sample_rate_hz=48_000,
        channels=2,
        peaks=b"",
        loudness_lufs=loudness_lufs,
        true_peak_dbtp=-1.0,
        stored_at=NOW,
    )
    return Generation(
        id=name,
        batch_id=name,
        take=take,
        takes=take,
        session_id=None,
        created_at=NOW,
        updated_at=NOW,
        gateway=gateway,
        base_url="http://127.0.0.1",
        key_fingerprint="f",
        waiting_for_key=False,
        model_id=asked.model_id,
        prompt=asked.prompt.strip(),
        negative_prompt=asked.negative_prompt,
        seed=None if asked.seed is None else asked.seed + take - 1,
        images=asked.images,
        state=state,
        charge=Charge.YES,
        price_usd=Decimal("0.04"),
        error=None,
        advice=None,
        http_status=None,
        settled_by_person=False,
        submits=1,
        webhook=False,
        request_id=None,
        request_id_from=None,
        submitted_at=None,
        completed_at=None,
        made_in_s=None,
        media_urls=(),
        media_type=None,
        raw=None,
        next_attempt_at=None,
        polls=0,
        download_failures=0,
        tracks=(track,) if state is State.READY else (),
    )


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60
).filter(str.strip)


@st.composite
def any_variants(draw: st.DrawFn, least: int = 1) -> tuple[Variant, ...]:
    """Between one and six variants of any kind that could be sent."""
    count = draw(st.integers(least, len(LETTERS)))
    return tuple(
        replace(
            Variant(letter, draw(st.sampled_from(sorted(MODELS))), draw(texts)),
            negative_prompt=draw(st.none() | texts),
            seed=draw(st.none() | st.integers(0, 10_000)),
        )
        for letter in LETTERS[:count]
    )
