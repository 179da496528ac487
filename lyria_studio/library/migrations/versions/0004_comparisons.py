"""Comparisons and listening tests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparisons",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("takes", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(length=64), nullable=True),
        sa.Column("parent_letter", sa.String(length=1), nullable=True),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["comparisons.id"],
            name=op.f("fk_comparisons_parent_id_comparisons"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparisons")),
    )
    op.create_index("ix_comparisons_newest", "comparisons", ["created_at", "id"], unique=False)
    op.create_index("ix_comparisons_parent", "comparisons", ["parent_id"], unique=False)
    op.create_table(
        "comparison_slots",
        sa.Column("comparison_id", sa.String(length=64), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("take", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation_id", sa.String(length=64), nullable=True),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.CheckConstraint("take >= 1", name=op.f("ck_comparison_slots_take_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["comparisons.id"],
            name=op.f("fk_comparison_slots_comparison_id_comparisons"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["generations.id"],
            name=op.f("fk_comparison_slots_generation_id_generations"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint(
            "comparison_id", "letter", "take", name=op.f("pk_comparison_slots")
        ),
    )
    op.create_index(
        "ix_comparison_slots_generation", "comparison_slots", ["generation_id"], unique=False
    )
    op.create_table(
        "listening_tests",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("comparison_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("host_name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("letters", sa.String(length=8), nullable=False),
        sa.Column("trials_per_listener", sa.Integer(), nullable=False),
        sa.Column("planned_votes", sa.Integer(), nullable=False),
        sa.Column("reveal", sa.String(length=32), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prepared", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("sides", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["comparisons.id"],
            name=op.f("fk_listening_tests_comparison_id_comparisons"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listening_tests")),
    )
    op.create_index(
        "ix_listening_tests_comparison",
        "listening_tests",
        ["comparison_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "listening_listeners",
        sa.Column("test_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["test_id"],
            ["listening_tests.id"],
            name=op.f("fk_listening_listeners_test_id_listening_tests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("test_id", "id", name=op.f("pk_listening_listeners")),
    )
    op.create_index(
        "ix_listening_listeners_address",
        "listening_listeners",
        ["test_id", "address_hash", "created_at"],
        unique=False,
    )
    op.create_table(
        "listening_trials",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("test_id", sa.String(length=64), nullable=False),
        sa.Column("listener_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_letter", sa.String(length=1), nullable=False),
        sa.Column("first_take", sa.Integer(), nullable=False),
        sa.Column("second_letter", sa.String(length=1), nullable=False),
        sa.Column("second_take", sa.Integer(), nullable=False),
        sa.Column("x_is", sa.String(length=8), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_from", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["test_id", "listener_id"],
            ["listening_listeners.test_id", "listening_listeners.id"],
            name=op.f("fk_listening_trials_test_id_listening_listeners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listening_trials")),
        sa.UniqueConstraint(
            "test_id",
            "listener_id",
            "number",
            name=op.f("uq_listening_trials_test_id_listener_id_number"),
        ),
    )
    op.create_table(
        "listening_votes",
        sa.Column("trial_id", sa.String(length=64), nullable=False),
        sa.Column("test_id", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("comment_at_s", sa.Float(), nullable=True),
        sa.Column("comment_on", sa.String(length=8), nullable=True),
        sa.Column("heard_first_s", sa.Float(), nullable=False),
        sa.Column("heard_second_s", sa.Float(), nullable=False),
        sa.Column("began_with", sa.String(length=8), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["test_id"],
            ["listening_tests.id"],
            name=op.f("fk_listening_votes_test_id_listening_tests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["listening_trials.id"],
            name=op.f("fk_listening_votes_trial_id_listening_trials"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("trial_id", name=op.f("pk_listening_votes")),
    )
    op.create_index(
        "ix_listening_votes_test", "listening_votes", ["test_id", "cast_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_listening_votes_test", table_name="listening_votes")
    op.drop_table("listening_votes")
    op.drop_table("listening_trials")
    op.drop_index("ix_listening_listeners_address", table_name="listening_listeners")
    op.drop_table("listening_listeners")
    op.drop_index("ix_listening_tests_comparison", table_name="listening_tests")
    op.drop_table("listening_tests")
    op.drop_index("ix_comparison_slots_generation", table_name="comparison_slots")
    op.drop_table("comparison_slots")
    op.drop_index("ix_comparisons_parent", table_name="comparisons")
    op.drop_index("ix_comparisons_newest", table_name="comparisons")
    op.drop_table("comparisons")
