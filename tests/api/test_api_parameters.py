"""Query strings: each parameter by itself, right and wrong."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swath.api.parameters import parse_bbox, parse_crs, parse_datetime, parse_equal, parse_limit, parse_offset
from swath.cql2 import Queryable
from swath.errors import BadParameter

AT = datetime(2026, 8, 22, tzinfo=UTC)


def sentence(error: pytest.ExceptionInfo[BadParameter]) -> str:
    assert error.value.message.endswith((".", ")"))
    return error.value.message


def test_a_limit_over_the_maximum_counts_as_the_maximum() -> None:
    assert [parse_limit(text, 20) for text in ("1", "20", "21", "2147483647")] == [1, 20, 20, 20]


@pytest.mark.parametrize("text", ["0", "-1", "ten", "", "1.0", "1e1", "NaN", "1 0", "0x1", "٣", "9" * 5000])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        parse_limit(text, 20)
    assert caught.value.parameter == "limit"


@pytest.mark.parametrize("text", ["-1", "x", "", "1.5"])
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(BadParameter):
        parse_offset(text)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("-82.5,39.5,-82.3,39.6", (-82.5, 39.5, -82.3, 39.6)),
        ("177,65,-177,70", (177, 65, -177, 70)),
        ("-180,-90,-10000,180,90,100000", (-180, -90, 180, 90)),
        ("1e1, 2, 3.5 ,4", (10, 2, 3.5, 4)),
        ("7,7,7,7", (7, 7, 7, 7)),
    ],
)
def test_boxes_have_four_or_six_numbers(text: str, box: tuple[float, ...]) -> None:
    assert parse_bbox(text) == box


@pytest.mark.parametrize(
    "text",
    ["", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "1,2,3,nan", "1,2,3,inf", "-181,0,0,1", "0,0,181,1",
     "0,-91,1,1", "0,2,1,1", "0,0,5,1,1,1", "1_0,2,3,4", "1,,3,4", "[1,2,3,4]"],
)  # fmt: skip
def test_what_is_no_box_is_refused_with_what_is_right(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        parse_bbox(text)
    assert "west,south,east,north" in sentence(caught)


@given(
    st.tuples(*[st.floats(-180, 180)] * 2), st.lists(st.floats(-90, 90), min_size=2, max_size=2).map(sorted)
)
def test_every_digit_of_a_box_counts(lons: tuple[float, float], lats: list[float]) -> None:
    box = (lons[0], lats[0], lons[1], lats[1])
    assert parse_bbox(",".join(map(repr, box))) == box


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("2026-08-22T00:00:00Z", (AT, AT)),
        ("2026-08-22T00:00:00Z/..", (AT, None)),
        ("2026-08-22T00:00:00Z/", (AT, None)),
        ("../2026-08-22T00:00:00Z", (None, AT)),
        ("/2026-08-22T00:00:00Z", (None, AT)),
        ("2026-08-22T00:00:00Z/2026-08-22T09:00:00+09:00", (AT, AT)),
    ],
)
def test_times_are_instants_or_intervals(text: str, interval: object) -> None:
    assert parse_datetime(text) == interval


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-08-22/P2D", "2026-08-22T00:00:00Z/2026-08-24T00:00:00Z"),
        ("P1W/2026-08-22", "2026-08-15T00:00:00Z/2026-08-22T00:00:00Z"),
        ("2026-08-22T09:00:00+09:00/P1DT12H", "2026-08-22T00:00:00Z/2026-08-23T12:00:00Z"),
        ("PT1H30M5S/2026-08-22T01:30:05Z", "2026-08-22T00:00:00Z/2026-08-22T01:30:05Z"),
        ("2026-08-22/P0D", "2026-08-22T00:00:00Z"),
    ],
)
def test_one_end_may_be_a_duration(text: str, same: str) -> None:
    assert parse_datetime(text) == parse_datetime(same)


@pytest.mark.parametrize(
    "text",
    ["P2D", "P2D/P2D", "P2D/..", "../P2D", "/P2D", "2026-08-22/P", "2026-08-22/PT", "2026-08-22/P1M", "2026-08-22/P1Y",
     "2026-08-22/P1.5D", "2026-08-22/P-2D", "2026-08-22/p2d", "2026-08-22/P2D1W", "2026-02-30/P2D", "2026-08/P2D",
     "9999-12-31/P2D", "P9999W9999D/0001-01-01", "2026-08-22/P9999999999999D", "2026-08-22/2026-08-24"],
)  # fmt: skip
def test_what_is_no_duration_with_an_end_is_refused(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        parse_datetime(text)
    assert caught.value.parameter == "datetime"


# The forms that STAC's validator sends, and the same rule serves Features.
@pytest.mark.parametrize(
    "text",
    ["", "/", "../..", "/..", "../", "1984-04-12", "1984-04-12T23:20:50", "1984-13-12T23:20:50.52Z",
     "1984-12-32T23:20:50.52Z", "1984-04-12T25:20:50.52Z", "1984-04-12T23:60:50.52Z", "1985-12-12T23:20:61Z",
     "1984-04-12T23:20:50,52Z", "1990-12-31T23:59:61Z", "1986-04-12T23:20:50.52Z/1985-04-12T23:20:50.52Z",
     "1985-04-12T23:20:50.52Z/1986-04-12T23:20:50.52Z/1987-04-12T23:20:50.52Z", "37-01-01T12:00:27.87Z",
     "1985-12-12T23:20:50.52", "1937-01-01T12:00:27.8710+0100", "1984-04-12T23:20:50.52ZZ", "now", "yesterday/today"],
)  # fmt: skip
def test_twenty_two_wrong_times_are_refused(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        parse_datetime(text)
    assert caught.value.parameter == "datetime"


def test_only_longitude_before_latitude_is_served() -> None:
    parse_crs("crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84")
    with pytest.raises(BadParameter) as caught:
        parse_crs("filter-crs", "http://www.opengis.net/def/crs/EPSG/0/4326")
    assert caught.value.parameter == "filter-crs"
    assert "CRS84" in sentence(caught)


@pytest.mark.parametrize(
    ("queryable", "text", "value"),
    [
        (Queryable("a", "string"), "GRUS-1A", "GRUS-1A"),
        (Queryable("a", "number"), "1.5", 1.5),
        (Queryable("a", "integer"), "7", 7),
        (Queryable("a", "boolean"), "true", True),
        (Queryable("a", "timestamp"), "2026-08-22T00:00:00Z", AT),
        (Queryable("a", "string", enum=("X", "Y")), "X", "X"),
    ],
)
def test_equalities_are_read_as_their_type(queryable: Queryable, text: str, value: object) -> None:
    assert parse_equal(queryable, text) == value


@pytest.mark.parametrize(
    ("queryable", "text"),
    [
        (Queryable("a", "number"), "nan"),
        (Queryable("a", "number"), "1e999"),
        (Queryable("a", "number"), "x"),
        (Queryable("a", "boolean"), "True"),
        (Queryable("a", "timestamp"), "2026-08-22"),
        (Queryable("a", "string", enum=("X", "Y")), "Z"),
        (Queryable("a", "integer"), "1.5"),
    ],
)
def test_equalities_of_another_type_are_refused(queryable: Queryable, text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        parse_equal(queryable, text)
    assert caught.value.parameter == "a"
