"""What each door answered and what was kept, counted apart from the messages themselves, so that a missing one shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "outcome", name=op.f("pk_tally")),
    )
    # What came before this table was is counted once, from what is there.
    op.execute(
        "INSERT INTO tally (channel, account, outcome, number) "
        "SELECT channel, account, 'kept', count(*) FROM message GROUP BY channel, account"
    )


def downgrade() -> None:
    op.drop_table("tally")
