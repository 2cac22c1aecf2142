"""What the scanner said of residents' files, by what is in them, and which messages it has still to look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
UNSCANNED = sa.text("files_scanned_at IS NULL AND state <> 'waiting'")


def upgrade() -> None:
    op.create_table(
        "file_scan",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_scan")),
    )
    # Added plainly, without a copy of the table; what came before is looked at too, behind what comes new.
    op.add_column("message", sa.Column("files_scanned_at", WHEN))
    op.create_index("ix_message_unscanned", "message", ["id"], sqlite_where=UNSCANNED, postgresql_where=UNSCANNED)


def downgrade() -> None:
    op.drop_index("ix_message_unscanned", "message")
    op.drop_column("message", "files_scanned_at")
    op.drop_table("file_scan")
