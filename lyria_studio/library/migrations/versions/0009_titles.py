"""A short name for each generation; NULL where it follows from the prompt."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("generations", sa.Column("title", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("generations", "title")
