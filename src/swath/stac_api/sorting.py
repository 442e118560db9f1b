"""The sort extension: what to sort by, and which way.

Keys come down to (queryable, descending). Each counts where it is named first: what comes later cannot change the
order any more.
"""

from collections.abc import Iterable
from typing import Any

from swath.errors import BadParameter
from swath.stac_api.queryables import SORTABLE

MOST_KEYS = 50

Keys = tuple[tuple[str, bool], ...]


def parse_sort(text: str) -> Keys:
    """Keys out of `-properties.datetime,+id`; a plus may have become a space on its way."""
    keys = [key.strip() for key in text.split(",")] if text else []
    return _once(_check_key(key.lstrip("+-"), key.startswith("-")) for key in keys)


def read_sort(keys: Any) -> Keys:
    """Keys out of JSON objects with `field` and `direction`. Raises BadParameter."""
    if not isinstance(keys, list):
        raise BadParameter("sortby", 'sortby must be a list of {"field": ..., "direction": "asc"}.')
    return _once(_read_key(key) for key in keys)


def _read_key(key: Any) -> tuple[str, bool]:
    if not isinstance(key, dict) or not isinstance(key.get("field"), str):
        raise BadParameter("sortby", 'Each sort key is an object with a "field" and maybe a "direction".')
    direction = key.get("direction", "asc")
    if direction not in ("asc", "desc"):
        raise BadParameter("sortby", f'The direction is {str(direction)[:40]!r}; it must be "asc" or "desc".')
    return _check_key(key["field"], direction == "desc")


def _check_key(name: str, descending: bool) -> tuple[str, bool]:
    plain = name.removeprefix("properties.")
    if plain not in SORTABLE:
        there_are = ", ".join(sorted(SORTABLE))
        raise BadParameter("sortby", f"Items cannot be sorted by {name[:60]!r}; use {there_are}.")
    return plain, descending


def _once(keys: Iterable[tuple[str, bool]]) -> Keys:
    first: dict[str, bool] = {}
    for number, (name, descending) in enumerate(keys, 1):
        if number > MOST_KEYS:
            raise BadParameter("sortby", f"sortby has more than {MOST_KEYS} keys; name each field once.")
        first.setdefault(name, descending)
    return tuple(first.items())
