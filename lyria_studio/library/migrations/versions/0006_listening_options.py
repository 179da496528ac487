"""What a listening test is told beforehand, and from which test a comparison was continued."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("comparisons", sa.Column("parent_test_id", sa.String(length=64)))
    for name in ("attention", "exclude_inconsistent", "ask_device"):
        op.add_column(
            "listening_tests",
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    for name in ("excerpt_start_s", "excerpt_s"):
        op.add_column("listening_tests", sa.Column(name, sa.Float()))
    op.add_column("listening_trials", sa.Column("repeats", sa.Integer()))
    op.add_column("listening_listeners", sa.Column("device", sa.String(length=16)))


def downgrade() -> None:
    op.drop_column("listening_listeners", "device")
    op.drop_column("listening_trials", "repeats")
    for name in ("excerpt_s", "excerpt_start_s", "ask_device", "exclude_inconsistent", "attention"):
        op.drop_column("listening_tests", name)
    op.drop_column("comparisons", "parent_test_id")
