"""The database beneath the archive: engines for SQLite and PostgreSQL, transactions, upserts, migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, ExceptionContext, Select, Table, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, IntegrityError

_MIGRATIONS: Final = Path(__file__).with_name("migrations")
_BUSY_SECONDS: Final = 60
_CONNECT_SECONDS: Final = 15
_DAMAGED: Final = "malformed"
"""How SQLite calls a file that is damaged."""
_MIGRATION_LOCK: Final = 0x76696769
"""Key of the PostgreSQL advisory lock that migrations hold."""


class ArchiveError(RuntimeError):
    """The archive cannot be opened or read; the message says what to do."""


def open_engine(url: str) -> Engine:
    """An engine on a database brought to the newest schema.

    Raises:
        ArchiveError: cannot be reached or made, is no database, or is of a newer Vigía.
    """
    engine = _sqlite_engine(url) if url.startswith("sqlite") else _postgresql_engine(url)
    try:
        _migrate(engine)
    except (DatabaseError, OSError) as error:
        engine.dispose()
        name = make_url(url).render_as_string(hide_password=True)
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise ArchiveError(
            f"cannot open the archive {name}: {cause}; check VIGIA_HOME and VIGIA_DATABASE_URL"
        ) from error
    except ArchiveError:
        engine.dispose()
        raise
    event.listen(engine, "handle_error", _explained, retval=True)
    return engine


def _explained(context: ExceptionContext) -> ArchiveError | None:
    """A fault of the database at work, in whatever statement, as a message for people."""
    error = context.sqlalchemy_exception
    if context.is_pre_ping or not isinstance(error, DatabaseError) or isinstance(error, IntegrityError):
        return None  # a ping that fails has its connection made anew
    cause = str(error.orig).strip().partition("\n")[0]
    remedy = (
        "; put a copy of it back, or save what can be read with: sqlite3 FILE .recover" if _DAMAGED in cause else ""
    )
    return ArchiveError(f"the archive failed: {cause}; what was done until then is kept{remedy}")


def _postgresql_engine(url: str) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_SECONDS})
    except ModuleNotFoundError as error:
        raise ArchiveError("PostgreSQL needs a driver: pip install 'vigia[postgres]'") from error


def _sqlite_engine(url: str) -> Engine:
    file = make_url(url).database
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(
                f"cannot make the folder {Path(file).parent}: {error.strerror}; set VIGIA_HOME"
            ) from error
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours: the driver would not put DDL into a transaction
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: one that begins as a reader fails instead of waiting when another has written.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A short transaction that reads."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: all of it is kept, or nothing."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or overwrite the columns given of those whose primary key is there."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    updates = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    settled = (
        statement.on_conflict_do_update(index_elements=keys, set_=updates)
        if updates
        else statement.on_conflict_do_nothing()
    )
    connection.execute(settled, [dict(row) for row in rows])


def insert_missing(connection: Connection, table: Table, rows: Select[Any]) -> None:
    """Insert the rows that a statement (with a condition: SQLite asks for one) yields, as far as they are not there."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    columns = [column.name for column in table.primary_key]
    connection.execute(insert(table).from_select(columns, rows).on_conflict_do_nothing())


def _migrate(engine: Engine) -> None:
    known = sorted(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    with reading(engine) as connection:
        revision = _revision(connection)
    if revision is not None and revision not in known:
        raise ArchiveError(f"the archive is of a newer version of Vigía (schema {revision}): upgrade Vigía")
    if revision != known[-1]:
        _upgrade(engine)


def _revision(connection: Connection) -> str | None:
    """The schema of a database in Alembic's own table, read without Alembic, which takes long to load."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")  # nothing to do when another process was faster
