"""Chat: conversations, fetched files, questions, holds and linked identities; short letters with buttons and their receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")
TALKED = sa.text("conversation IS NOT NULL")
ADDED = {
    "message": ("conversation", "about", "act", "withdrawn_at", "quiet_until"),
    "outbox": ("short", "buttons", "progress", "progress_at"),
}


def upgrade() -> None:
    # Added plainly, without a copy of the table: the tables are large, and SQLite adds columns in place.
    for name in ("conversation", "about", "act"):
        op.add_column("message", sa.Column(name, sa.String()))
    op.add_column("message", sa.Column("withdrawn_at", WHEN))
    op.add_column("message", sa.Column("quiet_until", WHEN))
    op.create_index("ix_message_talk", "message", ["conversation", "id"], sqlite_where=TALKED, postgresql_where=TALKED)
    op.add_column("outbox", sa.Column("short", sa.Text()))
    op.add_column("outbox", sa.Column("buttons", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("outbox", sa.Column("progress", sa.String()))
    op.add_column("outbox", sa.Column("progress_at", WHEN))
    _conversations()
    _files()
    _identities()
    _doors()


def downgrade() -> None:
    for name in ("refused_requests", "standing_trouble", "identity_link", "hold", "letter_part"):
        op.drop_table(name)
    for name in ("question", "media_content", "media_file", "conversation"):
        op.drop_table(name)
    op.drop_index("ix_message_talk", "message")
    for table, names in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.drop_column(name)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _id(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("heard_at", WHEN, nullable=False),
        sa.Column("closed_at", WHEN),
        sa.Column("closed_why", sa.String()),
        sa.Column("case_id", sa.Integer()),
        sa.Column("spoke_at", WHEN),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_conversation")),
        _to("conversation", "case_id", "case_file"),
    )
    op.create_table(
        "question",
        *_id("question"),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("answered_at", WHEN),
        sa.Column("answer", sa.String()),
        sa.Column("answered_by", sa.Integer()),
        _to("question", "case_id", "case_file"),
        _to("question", "message_id", "message"),
        _to("question", "answered_by", "message"),
    )
    op.create_index(op.f("ix_question_conversation"), "question", ["conversation"])
    op.create_index(op.f("ix_question_case_id"), "question", ["case_id"])
    op.create_table(
        "letter_part",
        *_id("letter_part"),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.String()),
        _to("letter_part", "letter_id", "outbox"),
    )
    op.create_index(op.f("ix_letter_part_letter_id"), "letter_part", ["letter_id"])
    op.create_index(op.f("ix_letter_part_provider_id"), "letter_part", ["provider_id"])


def _files() -> None:
    op.create_table(
        "media_file",
        *_id("media_file"),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.String()),
        sa.Column("type", sa.String()),
        sa.Column("said_size", sa.BigInteger()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger()),
        sa.Column("sha256", sa.String()),
        sa.Column("problem", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", WHEN, nullable=False),
        sa.Column("lease", sa.String()),
        sa.Column("kept_at", WHEN),
        _to("media_file", "message_id", "message"),
    )
    op.create_index(op.f("ix_media_file_message_id"), "media_file", ["message_id"])
    op.create_index("ix_media_file_due", "media_file", ["next_at", "id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "media_content",
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_media_content")),
        _to("media_content", "media_id", "media_file"),
    )


def _identities() -> None:
    op.create_table(
        "hold",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_hold")),
    )
    op.create_table(
        "identity_link",
        *_id("identity_link"),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.Column("linked_at", WHEN, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer()),
        sa.Column("undone_at", WHEN),
        sa.Column("undone_by", sa.String()),
        sa.Column("undone_why", sa.Text()),
        _to("identity_link", "case_id", "case_file"),
    )
    op.create_index(op.f("ix_identity_link_first"), "identity_link", ["first"])
    op.create_index(op.f("ix_identity_link_second"), "identity_link", ["second"])


def _doors() -> None:
    op.create_table(
        "refused_requests",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_refused_requests")),
    )
    op.create_table(
        "standing_trouble",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("since", WHEN, nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "matter", name=op.f("pk_standing_trouble")),
    )
