"""How many new listeners a listening test takes within an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "listening_tests",
        sa.Column("listeners_an_hour", sa.Integer(), server_default="60", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("listening_tests", "listeners_an_hour")
