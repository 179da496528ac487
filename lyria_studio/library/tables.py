"""The tables of the library. A change here needs a migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from lyria_core import Charge
from lyria_studio.library.types import EnumText, Money, UtcDateTime
from lyria_studio.model.states import State

__all__ = [
    "GATEWAYS",
    "drafts",
    "generations",
    "metadata",
    "preferences",
    "purses",
    "templates",
    "tracks",
]

GATEWAYS = ("live", "sandbox")
"""The two purses: real money and play money."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

generations = Table(
    "generations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("batch_id", String(64), nullable=False),
    Column("take", Integer, nullable=False),
    Column("takes", Integer, nullable=False),
    Column("session_id", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # where it goes, and with which key
    Column("gateway", String(16), nullable=False),
    Column("base_url", Text, nullable=False),
    Column("key_fingerprint", String(64), nullable=False),
    Column("key_source", String(16)),
    Column("waiting_for_key", Boolean, nullable=False),
    # what was asked for
    Column("model_id", String(64), nullable=False),
    Column("prompt", Text, nullable=False),
    Column("prompt_folded", Text, nullable=False),
    Column("title", Text),
    Column("negative_prompt", Text),
    Column("seed", BigInteger),
    Column("images", JSON, nullable=False),
    # how it stands
    Column("state", EnumText(State), nullable=False),
    Column("charge", EnumText(Charge), nullable=False),
    Column("price_usd", Money, nullable=False),
    Column("error", Text),
    Column("advice", Text),
    Column("http_status", Integer),
    Column("cause", String(16)),
    Column("settled_by_person", Boolean, nullable=False),
    # What stood here before a person settled it, to undo that; NULL where nothing is to undo.
    Column("settled_from", JSON),
    # the POST and what came of it
    Column("submits", Integer, nullable=False),
    Column("webhook", Boolean, nullable=False),
    Column("called_back_at", UtcDateTime),
    Column("request_id", Text),
    Column("request_id_from", String(16)),
    Column("submitted_at", UtcDateTime),
    Column("completed_at", UtcDateTime),
    Column("made_in_s", Float),
    Column("media_urls", JSON, nullable=False),
    Column("media_type", Text),
    Column("raw", JSON),
    # when to act next; NULL where there is nothing to do
    Column("next_attempt_at", UtcDateTime),
    Column("polls", Integer, nullable=False),
    Column("download_failures", Integer, nullable=False),
    Column("fetches", JSON),
    # An id is unique at its gateway; rows without one (NULL) do not collide.
    UniqueConstraint("base_url", "request_id"),
    CheckConstraint("price_usd >= 0", name="price_not_negative"),
    CheckConstraint("take >= 1 AND take <= takes", name="take_in_takes"),
    # History, newest first, by key; the id breaks ties.
    Index("ix_generations_newest", "created_at", "id"),
    Index("ix_generations_model_newest", "model_id", "created_at", "id"),
    Index("ix_generations_state_newest", "state", "created_at", "id"),
    Index("ix_generations_batch", "batch_id", "take"),
    Index("ix_generations_session", "session_id"),
    Index("ix_generations_due", "next_attempt_at"),
    # Budgets and spending are answered from this index alone.
    Index(
        "ix_generations_ledger", "gateway", "created_at", "model_id", "charge", "state", "price_usd"
    ),
    Index("ix_generations_durations", "model_id", "gateway", "completed_at", "made_in_s"),
)

tracks = Table(
    "tracks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column(
        "generation_id",
        String(64),
        ForeignKey("generations.id", ondelete="RESTRICT"),
        nullable=False,
    ),
    Column("position", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    # What was measured; NULL where the file could not be measured: it is kept all the same.
    Column("duration_s", Float),
    Column("sample_rate_hz", Integer),
    Column("channels", Integer),
    Column("peaks", LargeBinary, nullable=False),
    Column("loudness_lufs", Float),
    Column("true_peak_dbtp", Float),
    Column("stored_at", UtcDateTime, nullable=False),
    UniqueConstraint("generation_id", "position"),
)

purses = Table(
    "purses",
    metadata,
    # One row a gateway (the migration makes them), locked while an order is weighed against the
    # budget: with many writers two orders would otherwise both see the same money left.
    Column("gateway", String(16), primary_key=True),
    Column("orders", BigInteger, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("fields", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_drafts_updated_at", "updated_at"),
)

templates = Table(
    "templates",
    metadata,
    # A person's own starting points; the studio's come with its code.
    Column("id", String(64), primary_key=True),
    Column("fields", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
