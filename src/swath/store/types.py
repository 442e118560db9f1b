"""Column types: what the database keeps as text or bytes, and Python sees as values."""

import json
from datetime import UTC, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Dialect, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """An aware datetime as ISO text of fixed width in UTC, so that order of text is order of time."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else to_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def to_text(at: datetime) -> str:
    """`2026-08-22T10:00:00.000000Z`; raises ValueError for a time without zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; give an aware datetime.")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Wkb(TypeDecorator[BaseGeometry]):
    """A shapely geometry in CRS84 as well-known binary."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> bytes | None:
        return None if value is None else shapely.to_wkb(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> BaseGeometry | None:
        return None if value is None else shapely.from_wkb(value)


class Json(TypeDecorator[Any]):
    """Lists and mappings as JSON text; None is SQL's NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def to_json(value: Any) -> str:
    """Compact JSON; raises ValueError for NaN and infinity, TypeError for what JSON cannot hold."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
