"""The first tables: generations, tracks, purses and preferences."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "generations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("take", sa.Integer(), nullable=False),
        sa.Column("takes", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("key_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("waiting_for_key", sa.Boolean(), nullable=False),
        sa.Column("model_id", sa.String(length=64), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("prompt_folded", sa.Text(), nullable=False),
        sa.Column("negative_prompt", sa.Text(), nullable=True),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("images", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("charge", sa.String(length=32), nullable=False),
        sa.Column("price_usd", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("settled_by_person", sa.Boolean(), nullable=False),
        sa.Column("submits", sa.Integer(), nullable=False),
        sa.Column("webhook", sa.Boolean(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("request_id_from", sa.String(length=16), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_in_s", sa.Float(), nullable=True),
        sa.Column("media_urls", sa.JSON(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("raw", sa.JSON(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("download_failures", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_usd >= 0", name=op.f("ck_generations_price_not_negative")),
        sa.CheckConstraint(
            "take >= 1 AND take <= takes", name=op.f("ck_generations_take_in_takes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generations")),
        sa.UniqueConstraint(
            "base_url", "request_id", name=op.f("uq_generations_base_url_request_id")
        ),
    )
    op.create_index("ix_generations_batch", "generations", ["batch_id", "take"], unique=False)
    op.create_index("ix_generations_due", "generations", ["next_attempt_at"], unique=False)
    op.create_index(
        "ix_generations_durations",
        "generations",
        ["model_id", "gateway", "completed_at", "made_in_s"],
        unique=False,
    )
    op.create_index(
        "ix_generations_ledger",
        "generations",
        ["gateway", "created_at", "model_id", "charge", "state", "price_usd"],
        unique=False,
    )
    op.create_index(
        "ix_generations_model_newest", "generations", ["model_id", "created_at", "id"], unique=False
    )
    op.create_index("ix_generations_newest", "generations", ["created_at", "id"], unique=False)
    op.create_index("ix_generations_session", "generations", ["session_id"], unique=False)
    op.create_index(
        "ix_generations_state_newest", "generations", ["state", "created_at", "id"], unique=False
    )
    op.create_table(
        "preferences",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_preferences")),
    )
    purses = op.create_table(
        "purses",
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("gateway", name=op.f("pk_purses")),
    )
    op.bulk_insert(purses, [{"gateway": "live", "orders": 0}, {"gateway": "sandbox", "orders": 0}])
    op.create_table(
        "tracks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("generation_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=True),
        sa.Column("sample_rate_hz", sa.Integer(), nullable=True),
        sa.Column("channels", sa.Integer(), nullable=True),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("loudness_lufs", sa.Float(), nullable=True),
        sa.Column("true_peak_dbtp", sa.Float(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["generations.id"],
            name=op.f("fk_tracks_generation_id_generations"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracks")),
        sa.UniqueConstraint(
            "generation_id", "position", name=op.f("uq_tracks_generation_id_position")
        ),
    )


def downgrade() -> None:
    for table in ("tracks", "preferences", "purses", "generations"):
        op.drop_table(table)
