"""Runs the migrations through the connection that ``store.schema`` opened."""

from __future__ import annotations

from alembic import context

from store import (
    chat_models,
    course_models,
    desk_models,
    door_models,
    handover_models,
    hazard_models,
    people_models,
    scan_models,
    search_models,
)
from store.models import Table

# Their tables are among the metadata once they are imported.
_ = (
    chat_models,
    course_models,
    desk_models,
    door_models,
    handover_models,
    hazard_models,
    people_models,
    scan_models,
    search_models,
)
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
