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


def _kept(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _case_file() -> None:
    op.create_table(
        "case_file",
        _kept("id", sa.Integer()),
        _kept("reference", WORDS),
        _kept("status", CODE),
        sa.Column("category", WORDS),
        _kept("also", sa.JSON()),
        sa.Column("reason", WORDS),
        _kept("flags", sa.JSON()),
        sa.Column("stage", CODE),
        _kept("team", WORDS),
        sa.Column("resident_name", WORDS),
        sa.Column("resident_address", WORDS),
        _kept("channel_kind", WORDS),
        _kept("subject", WORDS),
        _kept("received_at", WHEN),
        _kept("opened_at", WHEN),
        sa.Column("logged_at", WHEN),
        sa.Column("acknowledged_at", WHEN),
        sa.Column("defined_at", WHEN),
        sa.Column("definition", sa.JSON()),
        sa.Column("looked_at", WHEN),
        sa.Column("looked_by", WORDS),
        sa.Column("related_case_id", sa.Integer()),
        _kept("events", sa.Integer()),
        _kept("head_hash", WORDS),
        sa.ForeignKeyConstraint(["related_case_id"], ["case_file.id"], name=op.f("fk_case_file_related_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_file_reference")),
    )
    op.create_index("ix_case_file_status_received", "case_file", ["status", "received_at"])


def _message() -> None:
    op.create_table(
        "message",
        _kept("id", sa.Integer()),
        _kept("channel", WORDS),
        _kept("account", WORDS),
        _kept("external_id", WORDS),
        _kept("media_type", WORDS),
        _kept("received_at", WHEN),
        _kept("accepted_at", WHEN),
        _kept("raw_sha256", WORDS),
        _kept("raw_size", sa.Integer()),
        sa.Column("mail_from", WORDS),
        _kept("rcpt_to", sa.JSON()),
        sa.Column("peer", WORDS),
        sa.Column("folder", WORDS),
        sa.Column("uidvalidity", sa.BigInteger()),
        sa.Column("uid", sa.BigInteger()),
        _kept("state", CODE),
        _kept("due_at", WHEN),
        _kept("attempts", sa.Integer()),
        sa.Column("lease", WORDS),
        sa.Column("problem", sa.Text()),
        sa.Column("disposition", CODE),
        sa.Column("disposition_why", WORDS),
        sa.Column("case_id", sa.Integer()),
        sa.Column("duplicate_of", sa.Integer()),
        sa.Column("sender_address", WORDS),
        sa.Column("sender_name", WORDS),
        sa.Column("header_id", WORDS),
        sa.Column("subject", WORDS),
        sa.Column("new_text", sa.Text()),
        sa.Column("repeat_key", WORDS),
        sa.Column("automatic", WORDS),
        sa.Column("trust", WORDS),
        _kept("attachment_names", sa.JSON()),
        _kept("reading_problems", sa.JSON()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_message_case_id_case_file")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["message.id"], name=op.f("fk_message_duplicate_of_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("channel", "account", "external_id", name=op.f("uq_message_channel_account_external_id")),
    )
    op.create_index("ix_message_came_to", "message", ["state", "disposition"])
    op.create_index(op.f("ix_message_case_id"), "message", ["case_id"])
    op.create_index("ix_message_due", "message", ["due_at", "id"], **_only("state = 'waiting'"))
    op.create_index(op.f("ix_message_header_id"), "message", ["header_id"])
    op.create_index(op.f("ix_message_raw_sha256"), "message", ["raw_sha256"])
    op.create_index(op.f("ix_message_repeat_key"), "message", ["repeat_key"])
    op.create_index("ix_message_shunted", "message", ["received_at"], **_only("state = 'shunted'"))


def _raw_content() -> None:
    op.create_table(
        "raw_content",
        _kept("message_id", sa.Integer()),
        _kept("body", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_raw_content_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_raw_content")),
    )


def _original() -> None:
    op.create_table(
        "original",
        _kept("content_key", WORDS),
        _kept("message_id", sa.Integer()),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_original_message_id_message")),
        sa.PrimaryKeyConstraint("content_key", name=op.f("pk_original")),
    )


def _party() -> None:
    op.create_table(
        "party",
        _kept("id", sa.Integer()),
        _kept("case_id", sa.Integer()),
        _kept("address", WORDS),
        sa.Column("name", WORDS),
        _kept("role", WORDS),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_party_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("case_id", "address", name=op.f("uq_party_case_id_address")),
    )
    op.create_index(op.f("ix_party_address"), "party", ["address"])


def _verdicting() -> None:
    op.create_table(
        "verdicting",
        _kept("id", sa.Integer()),
        _kept("message_id", sa.Integer()),
        sa.Column("case_id", sa.Integer()),
        _kept("at", WHEN),
        _kept("by", WORDS),
        sa.Column("model", WORDS),
        _kept("input_sha256", WORDS),
        _kept("category", WORDS),
        _kept("also", sa.JSON()),
        _kept("flags", sa.JSON()),
        sa.Column("reason", WORDS),
        sa.Column("confidence", sa.Float()),
        _kept("scores", sa.JSON()),
        _kept("route", WORDS),
        _kept("why", sa.Text()),
        _kept("evidence", sa.JSON()),
        sa.Column("language", WORDS),
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
        _kept("id", sa.Integer()),
        _kept("case_id", sa.Integer()),
        _kept("rule", WORDS),
        _kept("provision", WORDS),
        _kept("due_on", sa.Date()),
        _kept("due_at", WHEN),
        _kept("counted_from", sa.Date()),
        _kept("counted", sa.JSON()),
        _kept("calendar", WORDS),
        _kept("set_at", WHEN),
        sa.Column("met_at", WHEN),
        sa.Column("superseded_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_deadline_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_case_id"), "deadline", ["case_id"])
    op.create_index("ix_deadline_open", "deadline", ["due_at"], **_only("met_at IS NULL AND superseded_at IS NULL"))


def _task() -> None:
    op.create_table(
        "task",
        _kept("id", sa.Integer()),
        _kept("kind", WORDS),
        sa.Column("case_id", sa.Integer()),
        sa.Column("message_id", sa.Integer()),
        _kept("team", WORDS),
        _kept("why", sa.Text()),
        _kept("danger", sa.Boolean()),
        _kept("opened_at", WHEN),
        _kept("due_at", WHEN),
        sa.Column("closed_at", WHEN),
        sa.Column("closed_by", WORDS),
        sa.Column("outcome", WORDS),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_task_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_case_id"), "task", ["case_id"])
    op.create_index(op.f("ix_task_message_id"), "task", ["message_id"])
    op.create_index("ix_task_open", "task", ["due_at"], **_only("closed_at IS NULL"))


def _outbox() -> None:
    op.create_table(
        "outbox",
        _kept("id", sa.Integer()),
        _kept("case_id", sa.Integer()),
        _kept("message_id", sa.Integer()),
        _kept("kind", WORDS),
        _kept("template", WORDS),
        _kept("way", WORDS),
        sa.Column("recipient", WORDS),
        _kept("subject", WORDS),
        _kept("text", sa.Text()),
        sa.Column("html", sa.Text()),
        _kept("header_id", WORDS),
        sa.Column("in_reply_to", WORDS),
        _kept("reference_ids", sa.JSON()),
        _kept("automatic", sa.Boolean()),
        _kept("state", CODE),
        sa.Column("rule", WORDS),
        _kept("created_at", WHEN),
        _kept("next_at", WHEN),
        _kept("attempts", sa.Integer()),
        sa.Column("lease", WORDS),
        sa.Column("sent_at", WHEN),
        sa.Column("answer", sa.Text()),
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
        _kept("id", sa.Integer()),
        _kept("case_id", sa.Integer()),
        _kept("number", sa.Integer()),
        _kept("at", WHEN),
        _kept("by", WORDS),
        _kept("kind", WORDS),
        _kept("why", sa.Text()),
        _kept("details", sa.Text()),
        _kept("previous_hash", WORDS),
        _kept("hash", WORDS),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_event_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_case_event_case_id_number")),
    )


def _mailbox_position() -> None:
    op.create_table(
        "mailbox_position",
        _kept("account", WORDS),
        _kept("folder", WORDS),
        _kept("uidvalidity", sa.BigInteger()),
        _kept("uid", sa.BigInteger()),
        sa.PrimaryKeyConstraint("account", "folder", name=op.f("pk_mailbox_position")),
    )


def _contact() -> None:
    op.create_table(
        "contact",
        _kept("channel", WORDS),
        _kept("account", WORDS),
        sa.Column("good_at", WHEN),
        sa.Column("error_at", WHEN),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_contact")),
    )
