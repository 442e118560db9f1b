"""Numbers beside a limit: short, and never on its other side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swath.figures import write_beside


@pytest.mark.parametrize(
    ("number", "limit", "written"),
    [
        (251.0, 250.0, "251.0"),
        (30.0, 30.0, "30.0"),
        (30.04, 30.0, "30.04"),
        (30.25, 30.0, "30.2"),
        (29.999_999_9, 30.0, "29.9999999"),
        (30.000_000_000_000_004, 30.0, "30.000000000000004"),
    ],
)
def test_no_more_decimals_are_written_than_tell_it_from_the_limit(
    number: float, limit: float, written: str
) -> None:
    assert write_beside(number, limit, decimals=1) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [(30, "30"), (31.5, "31.5"), (30.000_000_1, "30.0000001"), (-1.0, "-1"), (1e300, "1e+300")],
)
def test_angles_are_as_short_as_tells_them_from_the_limit(number: float, written: str) -> None:
    assert write_beside(number, 30.0) == written


@given(st.floats(allow_nan=False), st.floats(allow_nan=False), st.none() | st.integers(0, 15))
def test_what_is_written_lies_on_the_same_side_of_the_limit(
    number: float, limit: float, decimals: int | None
) -> None:
    read = float(write_beside(number, limit, decimals=decimals))
    assert (read < limit, read > limit) == (number < limit, number > limit)
