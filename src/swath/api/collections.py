"""What a collection is: a declaration, from which its lists, details, documents and description all follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from orjson import dumps
from pydantic import BaseModel

from swath.api.links import Links
from swath.cache import Cache
from swath.cql2 import Queryable
from swath.query import Page, Query, Record
from swath.tasking.ports import UnitOfWork

Feature = dict[str, Any]
# Features that are kept as text: some megabytes a collection.
MOST_SHOWN = 2_048


@dataclass(frozen=True)
class Creation:
    """How a body sent to the list becomes a new row: `make` checks and keeps it in the unit of work.

    `model` is the shape of the body, `example` makes one that is right at a time, and `refusals` are the statuses with
    which it can refuse besides those of every creation; all for the description.
    """

    model: type[BaseModel]
    make: Callable[[UnitOfWork, str, Any, datetime], Any]
    summary: str
    example: Callable[[datetime], Mapping[str, Any]]
    refusals: tuple[int, ...] = ()


@dataclass(frozen=True)
class Removal:
    """How a row is taken away, for an account."""

    remove: Callable[[UnitOfWork, str, str, datetime], None]
    summary: str


@dataclass(frozen=True)
class Shown:
    """A feature as JSON text, and a digest that stands for it."""

    text: bytes
    digest: bytes


@dataclass(frozen=True)
class Collection:
    """One collection of features; a row is whatever `load` gives, `find` has records of, and `build` takes.

    `find` takes a query and the time, `load` an id, an account (None in open collections) and the time; `build` makes
    the feature of a row. `open` means that no token is needed. `feature` is the shape of one feature. `kept_s` is for
    how many seconds caches may keep what is read.
    """

    id: str
    title: str
    description: str
    feature: type[BaseModel]
    queryables: tuple[Queryable, ...]
    find: Callable[[Query, datetime], Page[Record[Any]]]
    load: Callable[[str, str | None, datetime], Any]
    build: Callable[[Any, Links], Feature]
    max_limit: int = 20
    open: bool = False
    creation: Creation | None = None
    removal: Removal | None = None
    kept_s: int = 0
    shown: Cache[Shown] = field(
        default_factory=lambda: Cache(MOST_SHOWN), init=False, repr=False, compare=False
    )

    def show(self, record: Record[Any], links: Links) -> Shown:
        """The feature of a record as JSON text, which is the same for as long as the record is."""
        return self.shown.get((record, links), lambda: _show(self.build(record.value, links)))


def _show(feature: Feature) -> Shown:
    text = dumps(feature)
    return Shown(text, blake2b(text, digest_size=16).digest())
