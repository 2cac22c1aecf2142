"""Search: how far each case is indexed, the words of files, and the index, which is FTS5 or a GIN index over a tsvector."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_case",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("files_due", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_search_case_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_search_case")),
    )
    for name, condition in (("due", "events < 0"), ("files", "files_due")):
        only = sa.text(condition)
        op.create_index(f"ix_search_case_{name}", "search_case", ["case_id"], sqlite_where=only, postgresql_where=only)
    op.create_table(
        "search_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("problem", sa.String()),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_search_file_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_file")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_search_file_message_id_number")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_index USING fts5(words, tokenize='unicode61 remove_diacritics 0', prefix='4')")
    else:
        op.execute("CREATE TABLE search_index (case_id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX search_index_words ON search_index USING gin (words) WITH (fastupdate = off)")


def downgrade() -> None:
    for name in ("search_index", "search_file", "search_case"):
        op.drop_table(name)
