"""Statements of every page: written by SQLAlchemy Core once, and then handed to the driver as text.

Core writes the text for the database at hand, so that a statement stays portable. What it does beside that at every
execution takes about ten times as long as SQLite takes to answer, and a page of the form asks for a dozen of them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor, Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Parameters = Mapping[str, object]

_NO_PARAMETERS: Final[Parameters] = {}


@dataclass(frozen=True, eq=False)
class Prepared:
    """A statement whose text does not depend on its parameters (so no list of unknown length in it).

    Values are handed to the driver and back as they are: columns are text, whole numbers or bytes.

    >>> import tempfile
    >>> from sqlalchemy import bindparam, literal, select
    >>> from evaltools.store import open_store
    >>> from evaltools.store.handle import reading
    >>> twice = Prepared(select((bindparam("of_number") * literal(2)).label("twice")))
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/a.db", create=True) as store:
    ...     with reading(store) as connection:
    ...         twice.scalar(connection, {"of_number": 21})
    42
    """

    statement: Select[Any] | Insert | Update | Delete
    _texts: dict[str, _Text] = field(default_factory=dict, repr=False)

    def rows(self, connection: Connection, parameters: Parameters = _NO_PARAMETERS) -> list[Any]:
        """The rows that the statement finds, with a name for each column."""
        text = self._text(connection.dialect)
        with _cursor(connection) as cursor:
            cursor.execute(text.sql, text.values(parameters))
            return [text.row(*row) for row in cursor.fetchall()]

    def first(self, connection: Connection, parameters: Parameters = _NO_PARAMETERS) -> Any | None:
        """The first row, or None where there is none."""
        found = self.rows(connection, parameters)
        return found[0] if found else None

    def scalar(self, connection: Connection, parameters: Parameters = _NO_PARAMETERS) -> Any | None:
        """The first column of the first row, or None where there is none."""
        found = self.rows(connection, parameters)
        return found[0][0] if found else None

    def run(self, connection: Connection, *changes: Parameters) -> None:
        """Change the store, once for each set of parameters."""
        if not changes:
            return
        text = self._text(connection.dialect)
        with _cursor(connection) as cursor:
            cursor.executemany(text.sql, [text.values(each) for each in changes])

    def _text(self, dialect: Dialect) -> _Text:
        if dialect.name not in self._texts:
            self._texts[dialect.name] = _written(self.statement, dialect)
        return self._texts[dialect.name]


def run_text(connection: Connection, sql: str) -> None:
    """Hand a statement without parameters to the driver, such as one that begins a transaction or sets a savepoint."""
    with _cursor(connection) as cursor:
        cursor.execute(sql)


def _cursor(connection: Connection) -> closing[DBAPICursor]:
    """A cursor of the driver under a connection of SQLAlchemy, in the same transaction."""
    driver = connection.connection.dbapi_connection
    assert driver is not None  # it is only after the connection has been closed
    return closing(driver.cursor())


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as the driver takes it. order : its parameters by place; None where the driver wants names."""

    sql: str
    fixed: Parameters
    order: Sequence[str] | None
    row: Callable[..., Any]

    def values(self, parameters: Parameters) -> Any:
        given = {**self.fixed, **parameters}
        return given if self.order is None else [given[name] for name in self.order]


def _written(statement: Select[Any] | Insert | Update | Delete, dialect: Dialect) -> _Text:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    names = list(statement.selected_columns.keys()) if isinstance(statement, Select) else []
    order = compiled.positiontup if compiled.positional else None
    return _Text(str(compiled), compiled.params, order, namedtuple("Row", names))
