"""The tables of comparisons and listening tests. A change here needs a migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from lyria_studio.library.tables import metadata
from lyria_studio.library.types import EnumText, UtcDateTime
from lyria_studio.model.listening_test import ListeningKind, Reveal
from lyria_studio.model.vote import Choice

__all__ = [
    "comparison_slots",
    "comparisons",
    "listening_listeners",
    "listening_tests",
    "listening_trials",
    "listening_votes",
]

comparisons = Table(
    "comparisons",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("takes", Integer, nullable=False),
    # What was learned stays when the comparison it was learned from is deleted.
    Column("parent_id", String(64), ForeignKey("comparisons.id", ondelete="SET NULL")),
    Column("parent_letter", String(1)),
    Column("parent_test_id", String(64)),
    Column("variants", JSON, nullable=False),
    Index("ix_comparisons_newest", "created_at", "id"),
    Index("ix_comparisons_parent", "parent_id"),
)

comparison_slots = Table(
    "comparison_slots",
    metadata,
    Column(
        "comparison_id",
        String(64),
        ForeignKey("comparisons.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("letter", String(1), primary_key=True),
    Column("take", Integer, primary_key=True, autoincrement=False),
    Column("generation_id", String(64), ForeignKey("generations.id", ondelete="RESTRICT")),
    Column("earlier", JSON, nullable=False),
    CheckConstraint("take >= 1", name="take_counts_from_one"),
    Index("ix_comparison_slots_generation", "generation_id"),
)

listening_tests = Table(
    "listening_tests",
    metadata,
    Column("id", String(64), primary_key=True),
    Column(
        "comparison_id",
        String(64),
        ForeignKey("comparisons.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("kind", EnumText(ListeningKind), nullable=False),
    Column("host_name", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("letters", String(8), nullable=False),
    Column("trials_per_listener", Integer, nullable=False),
    Column("planned_votes", Integer, nullable=False),
    Column("reveal", EnumText(Reveal), nullable=False),
    Column("ends_at", UtcDateTime),
    Column("nonce", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("prepared", Text),
    Column("problem", Text),
    Column("attention", Boolean, nullable=False, server_default=false()),
    Column("exclude_inconsistent", Boolean, nullable=False, server_default=false()),
    Column("ask_device", Boolean, nullable=False, server_default=false()),
    Column("excerpt_start_s", Float),
    Column("excerpt_s", Float),
    # As they were when the test was opened: a take that is replaced later changes no test.
    Column("sides", JSON, nullable=False),
    Column("listeners_an_hour", Integer, nullable=False, server_default="60"),
    Index("ix_listening_tests_comparison", "comparison_id", "created_at"),
)

listening_listeners = Table(
    "listening_listeners",
    metadata,
    Column(
        "test_id",
        String(64),
        ForeignKey("listening_tests.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("id", String(64), primary_key=True),
    Column("name", Text),
    Column("address_hash", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("device", String(16)),
    Index("ix_listening_listeners_address", "test_id", "address_hash", "created_at"),
)

listening_trials = Table(
    "listening_trials",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("test_id", String(64), nullable=False),
    Column("listener_id", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("first_letter", String(1), nullable=False),
    Column("first_take", Integer, nullable=False),
    Column("second_letter", String(1), nullable=False),
    Column("second_take", Integer, nullable=False),
    Column("x_is", String(8)),
    Column("repeats", Integer),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("heard_from", UtcDateTime),
    ForeignKeyConstraint(
        ["test_id", "listener_id"],
        ["listening_listeners.test_id", "listening_listeners.id"],
        ondelete="CASCADE",
    ),
    UniqueConstraint("test_id", "listener_id", "number"),
)

listening_votes = Table(
    "listening_votes",
    metadata,
    # The key itself forbids a second vote for a trial.
    Column(
        "trial_id",
        String(64),
        ForeignKey("listening_trials.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column(
        "test_id",
        String(64),
        ForeignKey("listening_tests.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("choice", EnumText(Choice), nullable=False),
    Column("reason", Text),
    Column("comment", Text),
    Column("comment_at_s", Float),
    Column("comment_on", String(8)),
    Column("heard_first_s", Float, nullable=False),
    Column("heard_second_s", Float, nullable=False),
    Column("began_with", String(8)),
    Column("cast_at", UtcDateTime, nullable=False),
    Column("revealed_at", UtcDateTime),
    Index("ix_listening_votes_test", "test_id", "cast_at"),
)
