"""Until when a former resident lived there, and when what they complain of happened (policy 2.8)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added plainly, without a copy of the table.
    op.add_column("case_file", sa.Column("lived_until", sa.Date()))
    op.add_column("case_file", sa.Column("matter_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("case_file", "matter_on")
    op.drop_column("case_file", "lived_until")
