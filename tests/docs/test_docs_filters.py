"""The page about filters says what filters can do, and where they end."""

from pathlib import Path

from swath.cql2 import FUNCTIONS, guard
from swath.store.filters import MAX_HEIGHT
from swath.store.pages import TIME_LIMIT_S

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "filters.md").read_text("utf-8")


def test_every_function_of_our_own_is_on_the_page() -> None:
    for function in FUNCTIONS.values():
        assert f"`{function.name}({', '.join(function.arguments)})`" in PAGE


def test_the_limits_are_those_that_hold() -> None:
    page = " ".join(PAGE.split())
    for limit in (
        f"{guard.MAX_CHARS:,} characters",
        f"{guard.MAX_DEPTH} levels",
        f"{MAX_HEIGHT} operators inside each other",
        f"{guard.MAX_OPERATORS} operators",
        f"{guard.MAX_VALUES:,} values",
        f"{guard.MAX_CORNERS:,} corners",
        f"counts for {guard.FEWEST_CORNERS} at least, and for {guard.PROPERTY_CORNERS} between",
    ):
        assert limit in page
    assert TIME_LIMIT_S == 10
