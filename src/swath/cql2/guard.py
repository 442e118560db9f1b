"""What is refused before anything is parsed: filters come from strangers, and depth is the way to break a parser.

A recursive parser dies by too much nesting, and one that backtracks takes exponential time over a little of it. Both
were seen in parsers for CQL2 that can be had. Here everything is linear in the text, and the text is bounded.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager

from swath.errors import BadParameter

MAX_CHARS = 100_000
MAX_TOKENS = 20_000
MAX_DEPTH = 64
MAX_OPERATORS = 400
MAX_VALUES = 1_000
MAX_PATTERN = 1_000
# What spatial functions may cost together, in corners of their constant geometries. A small one costs no less than
# some corners; two properties, of which each row has its own, cost like a large one.
MAX_CORNERS = 2_000
FEWEST_CORNERS = 40
PROPERTY_CORNERS = 200

# Each operator of CQL2 JSON is an object in a list; a literal geometry inside the last one takes a few more.
MAX_JSON_BRACKETS = 2 * MAX_DEPTH + 8

_TEXT_BRACKET = re.compile(r"""'[^']*'|"[^"]*"|([(\[{])|([)\]}])""")
_JSON_BRACKET = re.compile(r""""(?:[^"\\]|\\.)*"|([(\[{])|([)\]}])""", re.DOTALL)


def refuse(message: str) -> BadParameter:
    """The error for a filter that cannot be used."""
    return BadParameter("filter", message)


def decode(text: str | bytes) -> str:
    """The filter as clean text: at most `MAX_CHARS` characters, sound Unicode, no NUL."""
    if len(text) > MAX_CHARS:
        raise refuse(f"The filter has {len(text)} characters; at most {MAX_CHARS} are read.")
    try:
        clean = text.decode() if isinstance(text, bytes) else text.encode().decode()
    except UnicodeError:
        raise refuse("The filter is not valid UTF-8; send it as UTF-8 text.") from None
    if "\0" in clean:
        raise refuse("The filter contains a NUL character; leave it out.")
    return clean


def check_text_nesting(text: str) -> None:
    """Refuse CQL2 text with brackets nested deeper than `MAX_DEPTH`."""
    _check_nesting(_TEXT_BRACKET, text, MAX_DEPTH)


def check_json_nesting(text: str) -> None:
    """Refuse CQL2 JSON nested deeper than `MAX_DEPTH` operators need."""
    _check_nesting(_JSON_BRACKET, text, MAX_JSON_BRACKETS)


def _check_nesting(brackets: re.Pattern[str], text: str, limit: int) -> None:
    depth = 0
    for found in brackets.finditer(text):
        depth += 1 if found[1] else -1 if found[2] else 0
        if depth > limit:
            raise refuse(f"The filter nests brackets deeper than {limit} levels; write it flatter.")


class Budget:
    """What a filter has cost so far; going beyond is refused."""

    def __init__(self) -> None:
        self._depth = 0
        self._operators = 0
        self._corners = 0

    @contextmanager
    def level(self) -> Generator[None]:
        """One thing inside another."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise refuse(f"The filter is nested deeper than {MAX_DEPTH} levels; write it flatter.")
        yield
        self._depth -= 1

    def spend_operator(self) -> None:
        """One more operator or function."""
        self._operators += 1
        if self._operators > MAX_OPERATORS:
            raise refuse(f"The filter has more than {MAX_OPERATORS} operators; ask in several calls.")

    def spend_corners(self, corners: int) -> None:
        """One more spatial function, on a constant geometry of so many corners; 0 is one on two properties."""
        self._corners += max(corners, FEWEST_CORNERS) if corners else PROPERTY_CORNERS
        if self._corners > MAX_CORNERS:
            raise refuse(
                f"The geometries of the filter have more than {MAX_CORNERS} corners (each spatial function counts for"
                f" {FEWEST_CORNERS} at least, and for {PROPERTY_CORNERS} between two properties); simplify them, or ask"
                " in several calls."
            )
