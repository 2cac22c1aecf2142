"""Runs the migrations through the connection that ``store.schema`` opened."""

from __future__ import annotations

from alembic import context

from store import chat_models, desk_models, door_models, scan_models, search_models
from store.models import Table

_ = chat_models, desk_models, door_models, scan_models, search_models  # their tables are among the metadata once it is imported
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
