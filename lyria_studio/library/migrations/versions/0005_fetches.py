"""What went wrong with the files of a generation, and what was done about it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("generations", sa.Column("fetches", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("generations", "fetches")
