"""What SQLite lacks for CQL2, as plain functions: text matching and folding, arithmetic, arrays.

Each takes None for NULL and then gives None, as SQL does; so does arithmetic without a result.
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

# Canonical combining classes from here on are accents; below are vowel signs, voicing marks and the like.
_FIRST_ACCENT = 200


def is_like(text: str | None, pattern: str | None) -> bool | None:
    """SQL LIKE, case sensitive, with `\\` as escape; time grows with the length of text times pattern at worst."""
    if text is None or pattern is None:
        return None
    first, *rest = _pieces(pattern)
    return _starts(text, first) if not rest else _matches(text, first, rest[:-1], rest[-1])


def _starts(text: str, piece: re.Pattern[str]) -> bool:
    return piece.fullmatch(text) is not None


def _matches(text: str, first: re.Pattern[str], middle: list[re.Pattern[str]], last: re.Pattern[str]) -> bool:
    found = first.match(text)
    for piece in middle:
        found = found and piece.search(text, found.end())
    # What is left must end with the last piece, which has a fixed length.
    return found is not None and last.fullmatch(text, max(found.end(), len(text) - _width(last))) is not None
