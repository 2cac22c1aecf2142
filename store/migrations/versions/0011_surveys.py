"""Who wants no invitation to a survey, and which cases ended lately (policy 10.2)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
CLOSED = sa.text("kind = 'closed'")


def upgrade() -> None:
    op.create_table(
        "survey_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_survey_stop_case_id_case_file")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_survey_stop_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_stop")),
    )
    op.create_index(op.f("ix_survey_stop_address"), "survey_stop", ["address"])
    op.create_index(op.f("ix_survey_stop_case_id"), "survey_stop", ["case_id"])
    op.create_index("ix_case_event_closed", "case_event", ["at", "case_id"], sqlite_where=CLOSED, postgresql_where=CLOSED)


def downgrade() -> None:
    op.drop_index("ix_case_event_closed", "case_event")
    op.drop_index(op.f("ix_survey_stop_case_id"), "survey_stop")
    op.drop_index(op.f("ix_survey_stop_address"), "survey_stop")
    op.drop_table("survey_stop")
