"""Which points a remedy is for, whether an action was agreed, the resident's account, and findings told before the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added plainly and empty: seals leave out what is empty, so that rows of before stay as they were written.
    op.add_column("remedy", sa.Column("points", sa.JSON()))
    op.add_column("action", sa.Column("agreed", sa.Boolean()))
    op.add_column("action", sa.Column("agreed_how", sa.Text()))
    op.add_column("answer", sa.Column("account", sa.Text()))
    op.add_column("extension", sa.Column("findings", sa.JSON()))


def downgrade() -> None:
    op.drop_column("extension", "findings")
    op.drop_column("answer", "account")
    op.drop_column("action", "agreed_how")
    op.drop_column("action", "agreed")
    op.drop_column("remedy", "points")
