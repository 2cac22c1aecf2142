"""The first tables: arrivals, cases and what hangs on them, letters, events, and how far each door has read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WORDS = sa.String()
CODE = sa.String(length=32)
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _case_file()
    _message()
    _raw_content()
    _original()
    _party()
    _verdicting()
    _deadline()
    _task()
    _outbox()
    _case_event()
    _mailbox_position()
    _contact()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


TABLES = (
    "case_file",
    "message",
    "raw_content",
    "original",
    "party",
    "verdicting",
    "deadline",
    "task",
    "outbox",
    "case_event",
    "mailbox_position",
    "contact",
)


def _kept(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _open(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names]


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _case_file() -> None:
    op.create_table(
        "case_file",
        *_kept(sa.Integer(), "id"),
        *_kept(WORDS, "reference"),
        *_kept(CODE, "status"),
        *_open(WORDS, "category"),
        *_kept(sa.JSON(), "also"),
        *_open(WORDS, "reason"),
        *_kept(sa.JSON(), "flags"),
        *_open(CODE, "stage"),
        *_kept(WORDS, "team"),
        *_open(WORDS, "resident_name", "resident_address"),
        *_kept(WORDS, "channel_kind", "subject"),
        *_kept(WHEN, "received_at", "opened_at"),
        *_open(WHEN, "logged_at", "acknowledged_at", "defined_at"),
        *_open(sa.JSON(), "definition"),
        *_open(WHEN, "looked_at"),
        *_open(WORDS, "looked_by"),
        *_open(sa.Integer(), "related_case_id"),
        *_kept(sa.Integer(), "events"),
        *_kept(WORDS, "head_hash"),
        sa.ForeignKeyConstraint(["related_case_id"], ["case_file.id"], name=op.f("fk_case_file_related_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_file_reference")),
    )
    op.create_index("ix_case_file_status_received", "case_file", ["status", "received_at"])


def _message() -> None:
    op.create_table(
        "message",
        *_kept(sa.Integer(), "id"),
        *_kept(WORDS, "channel", "account", "external_id", "media_type"),
        *_kept(WHEN, "received_at", "accepted_at"),
        *_kept(WORDS, "raw_sha256"),
        *_kept(sa.Integer(), "raw_size"),
        *_open(WORDS, "mail_from"),
        *_kept(sa.JSON(), "rcpt_to"),
        *_open(WORDS, "peer", "folder"),
        *_open(sa.BigInteger(), "uidvalidity", "uid"),
        *_kept(CODE, "state"),
        *_kept(WHEN, "due_at"),
        *_kept(sa.Integer(), "attempts"),
        *_open(WORDS, "lease"),
        *_open(sa.Text(), "problem"),
        *_open(CODE, "disposition"),
        *_open(WORDS, "disposition_why"),
        *_open(sa.Integer(), "case_id", "duplicate_of"),
        *_open(WORDS, "sender_address", "sender_name", "header_id", "subject"),
        *_open(sa.Text(), "new_text"),
        *_open(WORDS, "repeat_key", "automatic", "trust"),
        *_kept(sa.JSON(), "attachment_names", "reading_problems"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_message_case_id_case_file")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["message.id"], name=op.f("fk_message_duplicate_of_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("channel", "account", "external_id", name=op.f("uq_message_channel_account_external_id")),
    )
    op.create_index("ix_message_came_to", "message", ["disposition"], **_only("state = 'handled'"))
    op.create_index(op.f("ix_message_case_id"), "message", ["case_id"])
    op.create_index("ix_message_due", "message", ["due_at", "id"], **_only("state = 'waiting'"))
    op.create_index(op.f("ix_message_header_id"), "message", ["header_id"])
    op.create_index(op.f("ix_message_raw_sha256"), "message", ["raw_sha256"])
    op.create_index(op.f("ix_message_repeat_key"), "message", ["repeat_key"])
    op.create_index("ix_message_shunted", "message", ["received_at"], **_only("state = 'shunted'"))


def _raw_content() -> None:
    op.create_table(
        "raw_content",
        *_kept(sa.Integer(), "message_id"),
        *_kept(sa.LargeBinary(), "body"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_raw_content_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_raw_content")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Mail is mostly base64, which does not shrink: measured, trying to compress it cost two thirds of a commit's work.
        op.execute("ALTER TABLE raw_content ALTER COLUMN body SET STORAGE EXTERNAL")


def _original() -> None:
    op.create_table(
        "original",
        *_kept(WORDS, "content_key"),
        *_kept(sa.Integer(), "message_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_original_message_id_message")),
        sa.PrimaryKeyConstraint("content_key", name=op.f("pk_original")),
    )


def _party() -> None:
    op.create_table(
        "party",
        *_kept(sa.Integer(), "id", "case_id"),
        *_kept(WORDS, "address"),
        *_open(WORDS, "name"),
        *_kept(WORDS, "role"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_party_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("case_id", "address", name=op.f("uq_party_case_id_address")),
    )
    op.create_index(op.f("ix_party_address"), "party", ["address"])


def _verdicting() -> None:
    op.create_table(
        "verdicting",
        *_kept(sa.Integer(), "id", "message_id"),
        *_open(sa.Integer(), "case_id"),
        *_kept(WHEN, "at"),
        *_kept(WORDS, "by"),
        *_open(WORDS, "model"),
        *_kept(WORDS, "input_sha256", "category"),
        *_kept(sa.JSON(), "also", "flags"),
        *_open(WORDS, "reason"),
        *_open(sa.Float(), "confidence"),
        *_kept(sa.JSON(), "scores"),
        *_kept(WORDS, "route"),
        *_kept(sa.Text(), "why"),
        *_kept(sa.JSON(), "evidence"),
        *_open(WORDS, "language"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_verdicting_case_id_case_file")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_verdicting_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicting")),
    )
    op.create_index(op.f("ix_verdicting_case_id"), "verdicting", ["case_id"])
    op.create_index(op.f("ix_verdicting_message_id"), "verdicting", ["message_id"])
    # ### end Alembic commands ###


def _deadline() -> None:
    op.create_table(
        "deadline",
        *_kept(sa.Integer(), "id", "case_id"),
        *_kept(WORDS, "rule", "provision"),
        *_kept(sa.Date(), "due_on"),
        *_kept(WHEN, "due_at"),
        *_kept(sa.Date(), "counted_from"),
        *_kept(sa.JSON(), "counted"),
        *_kept(WORDS, "calendar"),
        *_kept(WHEN, "set_at"),
        *_open(WHEN, "met_at", "superseded_at"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_deadline_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_case_id"), "deadline", ["case_id"])
    op.create_index("ix_deadline_open", "deadline", ["due_at"], **_only("met_at IS NULL AND superseded_at IS NULL"))


def _task() -> None:
    op.create_table(
        "task",
        *_kept(sa.Integer(), "id"),
        *_kept(WORDS, "kind"),
        *_open(sa.Integer(), "case_id", "message_id"),
        *_kept(WORDS, "team"),
        *_kept(sa.Text(), "why"),
        *_kept(sa.Boolean(), "danger"),
        *_kept(WHEN, "opened_at", "due_at"),
        *_open(WHEN, "closed_at"),
        *_open(WORDS, "closed_by", "outcome"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_task_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_case_id"), "task", ["case_id"])
    op.create_index(op.f("ix_task_message_id"), "task", ["message_id"])
    op.create_index("ix_task_kind_opened", "task", ["kind", "opened_at"])
    op.create_index("ix_task_open", "task", ["due_at"], **_only("closed_at IS NULL"))


def _outbox() -> None:
    op.create_table(
        "outbox",
        *_kept(sa.Integer(), "id", "case_id", "message_id"),
        *_kept(WORDS, "kind", "template", "way"),
        *_open(WORDS, "recipient"),
        *_kept(WORDS, "subject"),
        *_kept(sa.Text(), "text"),
        *_open(sa.Text(), "html"),
        *_kept(WORDS, "header_id"),
        *_open(WORDS, "in_reply_to"),
        *_kept(sa.JSON(), "references"),
        *_kept(sa.Boolean(), "automatic"),
        *_kept(CODE, "state"),
        *_open(WORDS, "rule"),
        *_kept(WHEN, "created_at", "next_at"),
        *_kept(sa.Integer(), "attempts"),
        *_open(WORDS, "lease"),
        *_open(WHEN, "sent_at"),
        *_open(sa.Text(), "answer"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_outbox_case_id_case_file")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_outbox_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("case_id", "kind", "message_id", name=op.f("uq_outbox_case_id_kind_message_id")),
        sa.UniqueConstraint("header_id", name=op.f("uq_outbox_header_id")),
    )
    op.create_index(op.f("ix_outbox_case_id"), "outbox", ["case_id"])
    op.create_index("ix_outbox_created", "outbox", ["created_at"])
    op.create_index("ix_outbox_due", "outbox", ["next_at", "id"], **_only("state = 'due'"))
    op.create_index("ix_outbox_recipient", "outbox", ["recipient", "created_at"])


def _case_event() -> None:
    op.create_table(
        "case_event",
        *_kept(sa.Integer(), "id", "case_id", "number"),
        *_kept(WHEN, "at"),
        *_kept(WORDS, "by", "kind"),
        *_kept(sa.Text(), "why", "details"),
        *_kept(WORDS, "previous_hash", "hash"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_event_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_case_event_case_id_number")),
    )


def _mailbox_position() -> None:
    op.create_table(
        "mailbox_position",
        *_kept(WORDS, "account", "folder"),
        *_kept(sa.BigInteger(), "uidvalidity", "uid"),
        sa.PrimaryKeyConstraint("account", "folder", name=op.f("pk_mailbox_position")),
    )


def _contact() -> None:
    op.create_table(
        "contact",
        *_kept(WORDS, "channel", "account"),
        *_open(WHEN, "good_at", "error_at"),
        *_open(sa.Text(), "error"),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_contact")),
    )
