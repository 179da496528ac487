"""Where a key came from, why nothing was sent, callbacks, settlements; polls by their name."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases rename in place; Alembic would copy the whole table in SQLite.
    op.execute("ALTER TABLE generations RENAME COLUMN looks TO polls")
    op.add_column("generations", sa.Column("key_source", sa.String(length=16), nullable=True))
    op.add_column("generations", sa.Column("cause", sa.String(length=16), nullable=True))
    op.add_column(
        "generations", sa.Column("called_back_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("generations", sa.Column("settled_from", sa.JSON(), nullable=True))


def downgrade() -> None:
    for name in ("settled_from", "called_back_at", "cause", "key_source"):
        op.drop_column("generations", name)
    op.execute("ALTER TABLE generations RENAME COLUMN polls TO looks")
