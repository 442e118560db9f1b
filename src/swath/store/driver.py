"""Statements that SQLite's driver runs with nobody in between: to have SQLAlchemy run one takes three times as long.

SQLAlchemy writes them, and knows how values lie in the database: as text, numbers and bytes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Executable, Row, Select, bindparam, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import result_tuple

from swath.store.types import Json

Values = Mapping[str, Any]
Column = ColumnElement[Any]
# Makes a row with its values of one as it lies there.
Read = Callable[[Iterable[Any]], Row[Any]]

SQLITE: Dialect = sqlite.dialect()


class Prepared:
    """A statement, put into SQLite's words when it is run for the first time.

    `columns` are those that an insertion or an update sets.
    """

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns

    def run(self, connection: Connection, values: Values) -> Any:
        """The driver's cursor, which gives plain tuples as they lie there. Raises KeyError where a value is missing."""
        text, places, fixed = self._words
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:
            driver.execute("BEGIN")
        given = {**fixed, **values}
        written = [given[name] if write is None else write(given[name]) for name, write in places]
        return driver.execute(text, written)

    def all(self, connection: Connection, **values: Any) -> Sequence[Any]:
        """All rows of a selection, with their values."""
        return list(map(self._read, self.run(connection, values)))

    def one(self, connection: Connection, **values: Any) -> Any:
        """The first row of a selection, with its values; None if there is none."""
        held = self.run(connection, values).fetchone()
        return None if held is None else self._read(held)

    @cached_property
    def _words(self) -> tuple[str, Sequence[tuple[str, Any]], Values]:
        """Its text; its parameters in order, with how values are written; and the values that it brings itself."""
        statement: Any = self._statement
        compiled = statement.compile(dialect=SQLITE, column_keys=self._columns)
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        places = [(name, _adapt(bind).bind_processor(SQLITE)) for name, bind in binds]
        return str(compiled), places, {name: bind.value for name, bind in binds if not bind.required}

    @cached_property
    def _read(self) -> Read:
        assert isinstance(self._statement, Select)  # noqa: S101 - others give no rows
        return build_reader(self._statement.selected_columns)


def build_reader(columns: Iterable[Column]) -> Read:
    """Makes rows of what lies in these columns."""
    named = [(str(column.key), _adapt(column).result_processor(SQLITE, None)) for column in columns]
    readers, as_row = [read for _, read in named], result_tuple([name for name, _ in named])
    return lambda held: as_row(
        value if read is None else read(value) for read, value in zip(readers, held, strict=True)
    )


def is_listed(column: Column, name: str) -> ColumnElement[bool]:
    """Whether it is one of a list of values, which is a parameter of that name."""
    listed = func.json_each(bindparam(name, type_=Json())).table_valued("value")
    return column.in_(select(listed.c.value))


def _adapt(typed: Any) -> Any:
    return typed.type.dialect_impl(SQLITE)
