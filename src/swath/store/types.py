"""Column types: what the database keeps as text or bytes, and Python sees as values.

SQLite has neither times, geometries nor documents; PostgreSQL has, and keeps them as such.
"""

import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import BindParameter, ColumnElement, DateTime, Dialect, LargeBinary, String, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

POSTGRESQL = "postgresql"
# It says no to NaN, which orjson does not.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Utc(TypeDecorator[datetime]):
    """An aware datetime as ISO text of fixed width in UTC, so that order of text is order of time."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == POSTGRESQL else String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        if value is None:
            return None
        return _aware(value) if dialect.name == POSTGRESQL else to_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(value)


def to_text(at: datetime) -> str:
    """`2026-08-22T10:00:00.000000Z`; raises ValueError for a time without zone."""
    return _aware(at).astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; give an aware datetime.")
    return at


class PostgisGeometry(UserDefinedType[BaseGeometry]):
    """A column of PostGIS, which is written and read as well-known binary."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "geometry(Geometry, 4326)"

    def bind_expression(self, bindvalue: BindParameter[BaseGeometry]) -> ColumnElement[BaseGeometry]:
        return func.ST_GeomFromWKB(bindvalue, text("4326"), type_=self)

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[BaseGeometry]:
        return func.ST_AsBinary(colexpr, type_=self)

    def bind_processor(self, dialect: Dialect) -> Callable[..., bytes | None]:
        return _to_wkb

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[..., BaseGeometry | None]:
        return _from_wkb


def _to_wkb(value: BaseGeometry | None) -> bytes | None:
    return None if value is None else shapely.to_wkb(value)


def _from_wkb(value: bytes | memoryview | None) -> BaseGeometry | None:
    return None if value is None else shapely.from_wkb(bytes(value))


class Wkb(TypeDecorator[BaseGeometry]):
    """A shapely geometry in CRS84 as well-known binary."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return PostgisGeometry() if dialect.name == POSTGRESQL else LargeBinary()

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> BaseGeometry | bytes | None:
        return value if dialect.name == POSTGRESQL else _to_wkb(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> BaseGeometry | None:
        return value if dialect.name == POSTGRESQL else _from_wkb(value)


class Json(TypeDecorator[Any]):
    """Lists and mappings as JSON text; None is SQL's NULL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB(none_as_null=True) if dialect.name == POSTGRESQL else Text())

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == POSTGRESQL else to_json(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == POSTGRESQL else orjson.loads(value)


class Packed(TypeDecorator[Any]):
    """Documents that are large and seldom read, as JSON text, quickly compressed; None is SQL's NULL."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.compress(orjson.dumps(value), level=1)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(zlib.decompress(value))


def to_json(value: Any) -> str:
    """Compact JSON; raises ValueError for NaN and infinity, TypeError for what JSON cannot hold."""
    return _ENCODER.encode(value)
