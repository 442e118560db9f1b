"""The one way in: a filter in either language, as text, bytes or already decoded JSON, to a checked Filter."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from swath.cql2.check import check
from swath.cql2.guard import check_json_nesting, check_text_nesting, decode, refuse
from swath.cql2.text import parse_text
from swath.cql2.tree import Filter, Queryable
from swath.errors import BadParameter

LANGUAGES = ("cql2-text", "cql2-json")


def parse_filter(
    text: str | bytes | Mapping[str, Any], lang: str = "cql2-text", queryables: Iterable[Queryable] = ()
) -> Filter:
    """A filter over these queryables.

    A mapping is CQL2 JSON that a JSON body already brought, whatever `lang` says. Raises BadParameter that names
    `filter` (or `filter-lang`) and says what is wrong and what would be right.
    """
    if isinstance(text, Mapping):
        return parse_filter(_write_json(text), "cql2-json", queryables)
    if lang not in LANGUAGES:
        raise BadParameter("filter-lang", f"'{lang[:40]}' is not known; use {' or '.join(LANGUAGES)}.")
    clean = decode(text)
    return check(_read_text(clean) if lang == "cql2-text" else _read_json(clean), queryables)


def _read_text(text: str) -> Any:
    check_text_nesting(text)
    return parse_text(text)


def _read_json(text: str) -> Any:
    check_json_nesting(text)
    try:
        return json.loads(text)
    except ValueError as error:
        raise refuse(f"The filter is not JSON: {error}.") from None


def _write_json(raw: Mapping[str, Any]) -> str:
    """Back to text, so that one guard looks at every filter."""
    try:
        return json.dumps(dict(raw))
    except (RecursionError, TypeError, ValueError) as error:
        raise refuse(f"The filter is not JSON: {error}.") from None
