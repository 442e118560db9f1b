"""What stands on both sides: the values of a row that is written, and a row that was read."""

from typing import Any

from sqlalchemy import Row

Values = dict[str, Any]
AnyRow = Row[Any]
