"""The tables come from migrations alone, alike on both databases."""

import os
import re
import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from store.connecting import engine_for
from store.engine import open_store
from store.errors import SchemaOutOfDate, StoreError, StoreUnavailable, WrongStoreUrl
from store.models import Table
from store.schema import HEAD, configuration, current_revision, migrate


def definitions(connection):
    """Return what the database itself says of every index and constraint, without its own noise."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'")
        )
    else:
        rows = connection.execute(
            text(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename != 'alembic_version' "
                "UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace AND conrelid != 'alembic_version'::regclass "
                "UNION ALL SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable FROM information_schema.columns "
                "WHERE table_schema = 'public' AND table_name != 'alembic_version'"
            )
        )
    return {name: re.sub(r"\s+", " ", sql) for name, sql in rows}


def of_the_models(name, kind, _parents):
    """Leave out the search index: each database has its own kind, which no model can tell (see test_store_search.py)."""
    return not (kind == "table" and name.startswith("search_index"))


def test_a_migrated_store_has_what_the_models_say(store_url):
    migrate(store_url)
    engine = engine_for(store_url)
    with engine.connect() as connection:
        told = {"render_as_batch": True, "compare_type": True, "include_name": of_the_models}
        context = MigrationContext.configure(connection, opts=told)
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_indexes_with_conditions_are_the_same_by_migration_and_by_the_models(store_url, database, tmp_path, request):
    migrate(store_url)
    other_url = f"sqlite:///{tmp_path}/models.db" if database == "sqlite" else request.getfixturevalue("new_postgresql")(None)
    migrated, modelled = engine_for(store_url), engine_for(other_url)
    with migrated.begin() as one, modelled.begin() as other:
        other.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        Table.metadata.create_all(other)
        left, right = definitions(one), definitions(other)
        names = [name for name in right if name.startswith(("ix_", "uq_", "pk_", "fk_")) or database == "postgresql"]
        assert {name: left.get(name) for name in names} == {name: right[name] for name in names}
        assert sum("WHERE" in sql for sql in left.values()) == 24
    migrated.dispose()
    modelled.dispose()


def test_every_migration_can_be_taken_back_and_done_again(store_url):
    engine = engine_for(store_url)
    migrate(store_url)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    with engine.begin() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    assert current_revision(store_url) is None
    migrate(store_url)
    assert current_revision(store_url) == HEAD
    engine.dispose()


def test_migrating_twice_changes_nothing(store_url):
    assert current_revision(store_url) is None
    migrate(store_url)
    migrate(store_url)
    assert current_revision(store_url) == HEAD


def test_migrations_are_numbered_and_in_one_line(store_url):
    engine = engine_for(store_url)
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection))
        revisions = [script.revision for script in scripts.walk_revisions()][::-1]
    engine.dispose()
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert scripts.get_heads() == [HEAD]


def test_a_store_without_tables_is_refused(store_url):
    with pytest.raises(SchemaOutOfDate, match="run `intake migrate`"):
        open_store(store_url)


@pytest.mark.parametrize(
    ("revision", "said"), [("0000", "at revision 0000, .* run `intake migrate`"), ("9999", "newer than this program")]
)
def test_a_store_of_another_time_is_refused(migrated_url, revision, said):
    engine = engine_for(migrated_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()
    with pytest.raises(SchemaOutOfDate, match=said):
        open_store(migrated_url)


@pytest.mark.parametrize("url", ["", "intake.db", "sqlite://", "sqlite:///:memory:", "mysql://localhost/intake"])
def test_what_is_no_store_is_refused_with_a_sentence(url):
    with pytest.raises(WrongStoreUrl, match="store_url"):
        open_store(url)


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:1/nothing", "sqlite:////proc/nowhere/intake.db"])
def test_a_store_that_cannot_be_reached_is_unavailable(url):
    with pytest.raises(StoreUnavailable):
        open_store(url)


def test_a_file_that_is_no_database_is_unavailable_and_stays_as_it_is(tmp_path):
    path = tmp_path / "intake.db"
    path.write_bytes(b"no database at all, but long enough to be looked at " * 20)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_nothing_half_done(store_url):
    engine = engine_for(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE outbox (mine TEXT)"))
    with pytest.raises(StoreError):
        migrate(store_url)
    with engine.begin() as connection:
        assert set(inspect(connection).get_table_names()) == {"outbox"}
        connection.execute(text("DROP TABLE outbox"))
    engine.dispose()
    migrate(store_url)
    open_store(store_url).close()


def test_two_programs_may_migrate_at_once(store_url):
    program = [sys.executable, "-c", "import sys; from store.schema import migrate; migrate(sys.argv[1])", store_url]
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    both = [subprocess.Popen(program, env=surroundings, stderr=subprocess.PIPE) for _ in range(2)]
    assert [(one.communicate()[1], one.returncode) for one in both] == [(b"", 0), (b"", 0)]
    open_store(store_url).close()
