"""Numbers beside a limit: short, and never on its other side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swath.figures import write_beside


@pytest.mark.parametrize(
    ("number", "limit", "written"),
    [
        (30.0, 30.0, "30"),
        (30.04, 30.0, "30.04"),
        (30.25, 30.0, "30.2"),
        (29.999_999_9, 30.0, "29.9999999"),
        (30.000_000_000_000_004, 30.0, "30.000000000000004"),
        (-1.0, 0.0, "-1"),
        (1e300, 30.0, "1e+300"),
    ],
)
def test_no_more_decimals_are_written_than_tell_it_from_the_limit(
    number: float, limit: float, written: str
) -> None:
    assert write_beside(number, limit, decimals=1) == written


@given(st.floats(allow_nan=False), st.floats(allow_nan=False), st.integers(0, 15))
def test_what_is_written_lies_on_the_same_side_of_the_limit(
    number: float, limit: float, decimals: int
) -> None:
    read = float(write_beside(number, limit, decimals=decimals))
    assert (read < limit, read > limit) == (number < limit, number > limit)
