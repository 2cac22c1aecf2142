"""The desk's tables: staff and their sessions, what they look at, write and undo; and what cases and tasks keep of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = sa.String()
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _columns()
    _staff()
    _views()
    _on_cases()
    _writing()


def downgrade() -> None:
    for name in (
        "staff_act",
        "draft_letter",
        "note",
        "case_link",
        "case_staff",
        "looking",
        "saved_view",
        "staff_session",
        "staff",
    ):
        op.drop_table(name)
    op.drop_index(op.f("ix_case_file_assigned_to"), "case_file")
    for table, names in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.drop_column(name)


ADDED = {
    "case_file": ("resident_phone", "home", "definition_version", "assigned_to", "restricted"),
    "verdicting": ("undone_at",),
    "task": ("assigned_to",),
}


def _kept(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _open(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names]


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _unique(table: str, *names: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*names, name=op.f(f"uq_{table}_{'_'.join(names)}"))


def _columns() -> None:
    # Added plainly, without a copy of the table: the tables are large, and SQLite adds columns in place.
    for column in _open(WORDS, "resident_phone", "home", "assigned_to"):
        op.add_column("case_file", column)
    op.add_column("case_file", sa.Column("definition_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("case_file", sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_case_file_assigned_to"), "case_file", ["assigned_to"])
    op.add_column("verdicting", sa.Column("undone_at", WHEN))
    op.add_column("task", sa.Column("assigned_to", WORDS))


def _staff() -> None:
    op.create_table(
        "staff",
        *_kept(sa.Integer(), "id"),
        *_kept(WORDS, "username", "name"),
        *_open(WORDS, "email"),
        *_kept(sa.JSON(), "roles", "teams"),
        *_open(WORDS, "password_hash", "totp_secret"),
        *_open(sa.Integer(), "totp_step"),
        *_open(WORDS, "issuer", "subject"),
        *_kept(WHEN, "created_at"),
        *_open(WHEN, "signed_in_at", "disabled_at"),
        *_open(sa.Date(), "away_from", "away_until"),
        *_kept(sa.JSON(), "preferences"),
        _key("staff"),
        _unique("staff", "username"),
        _unique("staff", "issuer", "subject"),
    )
    op.create_table(
        "staff_session",
        *_kept(sa.Integer(), "id"),
        *_kept(WORDS, "token_sha256"),
        *_kept(sa.Integer(), "staff_id"),
        *_kept(WHEN, "started_at", "seen_at"),
        *_open(WHEN, "ended_at"),
        *_open(WORDS, "ended_why"),
        _to("staff_session", "staff_id", "staff"),
        _key("staff_session"),
        _unique("staff_session", "token_sha256"),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"])


def _views() -> None:
    op.create_table(
        "saved_view",
        *_kept(sa.Integer(), "id", "staff_id"),
        *_kept(WORDS, "name"),
        *_kept(sa.Text(), "query"),
        *_kept(WHEN, "created_at"),
        _to("saved_view", "staff_id", "staff"),
        _key("saved_view"),
        _unique("saved_view", "staff_id", "name"),
    )
    op.create_table(
        "looking",
        *_kept(sa.Integer(), "case_id", "staff_id"),
        *_kept(WHEN, "seen_at"),
        _to("looking", "case_id", "case_file"),
        _to("looking", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_looking")),
    )


def _on_cases() -> None:
    op.create_table(
        "case_staff",
        *_kept(sa.Integer(), "id", "case_id"),
        *_kept(WORDS, "username", "relation"),
        *_kept(WHEN, "at"),
        *_kept(WORDS, "by"),
        *_kept(sa.Text(), "why"),
        _to("case_staff", "case_id", "case_file"),
        _key("case_staff"),
        _unique("case_staff", "case_id", "username", "relation"),
    )
    op.create_index(op.f("ix_case_staff_username"), "case_staff", ["username"])
    op.create_table(
        "case_link",
        *_kept(sa.Integer(), "id", "case_id", "other_id"),
        *_kept(WHEN, "at"),
        *_kept(WORDS, "by"),
        *_kept(sa.Text(), "why"),
        _to("case_link", "case_id", "case_file"),
        _to("case_link", "other_id", "case_file"),
        _key("case_link"),
        _unique("case_link", "case_id", "other_id"),
    )
    op.create_index(op.f("ix_case_link_other_id"), "case_link", ["other_id"])
    op.create_table(
        "note",
        *_kept(sa.Integer(), "id", "case_id"),
        *_kept(WHEN, "at"),
        *_kept(WORDS, "by"),
        *_kept(sa.Text(), "text"),
        _to("note", "case_id", "case_file"),
        _key("note"),
    )
    op.create_index(op.f("ix_note_case_id"), "note", ["case_id"])


def _writing() -> None:
    op.create_table(
        "draft_letter",
        *_kept(sa.Integer(), "id", "case_id", "message_id"),
        *_kept(WORDS, "by"),
        *_kept(WHEN, "at"),
        *_kept(sa.Integer(), "version"),
        *_kept(WORDS, "way"),
        *_open(WORDS, "recipient"),
        *_kept(WORDS, "subject"),
        *_kept(sa.Text(), "body"),
        *_open(WHEN, "finished_at"),
        *_open(WORDS, "outcome"),
        _to("draft_letter", "case_id", "case_file"),
        _to("draft_letter", "message_id", "message"),
        _key("draft_letter"),
    )
    op.create_index(op.f("ix_draft_letter_case_id"), "draft_letter", ["case_id"])
    op.create_table(
        "staff_act",
        *_kept(sa.Integer(), "id", "case_id"),
        *_open(sa.Integer(), "message_id"),
        *_kept(WORDS, "by"),
        *_kept(WHEN, "at"),
        *_kept(sa.Text(), "said"),
        *_kept(sa.JSON(), "before"),
        *_kept(WHEN, "undo_until"),
        *_open(WHEN, "undone_at"),
        _to("staff_act", "case_id", "case_file"),
        _to("staff_act", "message_id", "message"),
        _key("staff_act"),
    )
    op.create_index(op.f("ix_staff_act_case_id"), "staff_act", ["case_id"])
