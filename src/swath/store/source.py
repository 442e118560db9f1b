"""What a table offers to lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table

Expression = ColumnElement[Any]
Condition = ColumnElement[bool]


@dataclass(frozen=True, eq=False)
class Source:
    """A table that is listed, and its columns under the names that filters, equalities and orders use.

    `columns` has the id as "id" and, where a Query may choose collections, the collection as "collection". `order`
    must be total, so that pages neither repeat nor lose a row. What a Query says about a column that is None here
    does not narrow the list. `rtree` tells that the table has its companion of boxes, keyed by `seq`; `always` holds
    for every list, and a row is listed only before it `lapses`.
    """

    table: Table
    columns: Mapping[str, Expression]
    order: tuple[Expression, ...]
    account: Expression | None = None
    geometry: Expression | None = None
    start: Expression | None = None
    end: Expression | None = None
    rtree: bool = False
    always: Condition | None = None
    lapses: Expression | None = None

    @property
    def key(self) -> Column[Any]:
        """The column that tells rows apart: the table's own key."""
        return self.table.primary_key.columns[0]
