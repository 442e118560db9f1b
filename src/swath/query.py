"""What a list asks for and what it gets: the same for every collection and every door."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Generic, TypeVar

from shapely.geometry.base import BaseGeometry

from swath.cql2 import Filter

T = TypeVar("T")


@dataclass(frozen=True)
class Query:
    """Conditions that all must hold, and which slice of the matches is wanted.

    `bbox` is (west, south, east, north) in degrees, west > east crosses the antimeridian; `interval` is closed at both
    ends, None is open; `equals` holds plain name=value conditions on queryables; `sort` holds (queryable, descending).
    `account_id` None means every account (only reference collections and the operator ask that). `at_once` is for who
    cannot wait: where the answer takes more than a moment it is NotAtOnce.
    """

    account_id: str | None = None
    ids: tuple[str, ...] | None = None
    collections: tuple[str, ...] | None = None
    bbox: tuple[float, float, float, float] | None = None
    intersects: BaseGeometry | None = None
    interval: tuple[datetime | None, datetime | None] | None = None
    where: Filter | None = None
    equals: Mapping[str, object] = field(default_factory=dict[str, object])
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int = 10
    offset: int = 0
    at_once: bool = False


class NotAtOnce(Exception):
    """The answer to a query would take more than a moment; asked without haste it will come."""


@dataclass(frozen=True)
class Record(Generic[T]):
    """What a list found, made into a value only when somebody looks at it.

    Records with equal keys stand for equal values: what was made of one need not be made again of the other.
    """

    key: Hashable
    read: Callable[[], T] = field(compare=False, repr=False)

    @cached_property
    def value(self) -> T:
        return self.read()


@dataclass(frozen=True)
class Page(Generic[T]):
    """One slice of the matches, and how many there are in all.

    `until` is when time alone makes it another page; None is never.
    """

    rows: tuple[T, ...]
    matched: int
    until: datetime | None = None
