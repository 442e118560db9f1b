"""What a search may ask for, and what it is told when it asks wrongly."""

from datetime import UTC, datetime
from typing import Any

import pytest

from swath.api.parameters import parse_datetime
from swath.errors import BadParameter
from swath.query import Query
from swath.stac_api.parameters import parse_search, read_search

# The lists of stac-api-validator 0.6.8, which every STAC API is held against.
GOOD_DATETIMES = [
    "1985-04-12T23:20:50.52Z",
    "1996-12-19T16:39:57-00:00",
    "1996-12-19T16:39:57+00:00",
    "1996-12-19T16:39:57-08:00",
    "../1985-04-12T23:20:50.52Z",
    "1985-04-12T23:20:50.52Z/..",
    "/1985-04-12T23:20:50.52Z",
    "1985-04-12T23:20:50.52Z/",
    "1985-04-12T23:20:50.52Z/1986-04-12T23:20:50.52Z",
    "1985-04-12T23:20:50.52+01:00/1986-04-12T23:20:50.52+01:00",
    "1937-01-01T12:00:27.8710+01:00",
    "1985-04-12t23:20:50.000z",
    "2020-07-23T00:00:00Z",
    "2020-07-23T00:00:00.0Z",
    "2020-07-23T00:00:00.012345678Z",
    "2016-12-31T23:59:60Z",
]
BAD_DATETIMES = [
    "/",
    "../..",
    "/..",
    "../",
    "/1984-04-12T23:20:50.52Z/1985-04-12T23:20:50.52Z",
    "1984-04-12T23:20:50.52Z/1985-04-12T23:20:50.52Z/",
    "/1984-04-12T23:20:50.52Z/1985-04-12T23:20:50.52Z/",
    "1985-04-12",
    "1937-01-01T12:00:27.87+0100",
    "37-01-01T12:00:27.87Z",
    "1985-12-12T23:20:50.52",
    "21985-12-12T23:20:50.52Z",
    "1985-13-12T23:20:50.52Z",
    "1985-12-32T23:20:50.52Z",
    "1985-12-01T25:20:50.52Z",
    "1985-12-01T00:60:50.52Z",
    "1985-12-01T00:06:61.52Z",
    "1985-04-12T23:20:50.Z",
    "1985-04-12T23:20:50,Z",
    "1990-12-31T23:59:61Z",
    "1986-04-12T23:20:50.52Z/1985-04-12T23:20:50.52Z",
    "1985-04-12T23:20:50,52Z",
    "١٩٨٥-04-12T23:20:50Z",
    "",
]


def get(**params: str) -> Query:
    return parse_search(list(params.items()), "acme").query


def get_fields(text: str) -> Any:
    return parse_search([("fields", text)], "acme").fields


def post(body: Any) -> Query:
    return read_search(body, "acme").query


def wrong(**params: str) -> BadParameter:
    with pytest.raises(BadParameter) as raised:
        get(**params)
    return raised.value


@pytest.mark.parametrize("text", GOOD_DATETIMES)
def test_datetimes_of_rfc_3339_are_read(text: str):
    assert parse_datetime(text) != (None, None)


@pytest.mark.parametrize("text", BAD_DATETIMES)
def test_other_datetimes_are_refused(text: str):
    with pytest.raises(BadParameter) as raised:
        parse_datetime(text)
    assert raised.value.parameter == "datetime"


@pytest.mark.parametrize(
    "name", ["bbox", "datetime", "intersects", "limit", "offset", "filter", "filter-lang", "f"]
)
def test_a_parameter_without_a_value_is_refused(name: str):
    assert wrong(**{name: ""}).parameter == name


@pytest.mark.parametrize("name", ["collections", "ids", "sortby", "fields"])
def test_a_list_without_names_is_no_condition(name: str):
    assert get(**{name: ""}) == get()


def test_an_instant_is_an_interval_of_its_own():
    at = datetime(1985, 4, 12, 23, 20, 50, 520_000, UTC)
    assert parse_datetime("1985-04-12T23:20:50.52Z") == (at, at)


def test_a_leap_second_is_the_start_of_the_next_minute():
    assert parse_datetime("2016-12-31T23:59:60Z")[0] == datetime(2017, 1, 1, tzinfo=UTC)


def test_digits_beyond_the_microsecond_are_cut_off():
    assert parse_datetime("2020-07-23T00:00:00.1234569Z")[0] == datetime(2020, 7, 23, 0, 0, 0, 123_456, UTC)


@pytest.mark.parametrize("value, limit", [(1, 1), (10_000, 10_000), (10_001, 10_000), (2**31 - 1, 10_000)])
def test_limits_over_the_maximum_count_as_the_maximum(value: int, limit: int):
    assert get(limit=str(value)).limit == post({"limit": value}).limit == limit


@pytest.mark.parametrize("text", ["0", "-1", "ten", "1.5", "1e3", "٣"])
def test_limits_that_are_none_are_refused(text: str):
    assert wrong(limit=text).parameter == "limit"


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", ["5", 1.5, True, [5], {}])
def test_numbers_in_bodies_must_be_numbers(name: str, value: Any):
    with pytest.raises(BadParameter, match=f"{name} is .* whole number"):
        post({name: value})


def test_a_whole_number_may_be_written_with_a_point_in_json():
    assert post({"limit": 20.0, "offset": 5.0}) == post({"limit": 20, "offset": 5})


def test_a_box_of_six_numbers_loses_its_heights():
    assert get(bbox="10,20,-5,30,40,5").bbox == (10, 20, 30, 40)


def test_a_box_may_cross_the_antimeridian():
    assert get(bbox="170,-10,-170,10").bbox == (170, -10, -170, 10)


@pytest.mark.parametrize(
    "text", ["1,2,3", "1,2,3,4,5", "a,b,c,d", "0,10,1,5", "-181,0,0,1", "0,0,0,91", "nan,0,1,1", "inf,0,1,1"]
)
def test_boxes_that_are_none_are_refused(text: str):
    assert wrong(bbox=text).parameter == "bbox"


@pytest.mark.parametrize(
    "bbox",
    [
        "0,0,1,1",
        "0123",
        ["0", "0", "1", "1"],
        dict.fromkeys("0123", 1),
        5,
        [0, 0, True, True],
        [0, 0, "x", 1],
        [[0, 0], [1, 1]],
        {},
    ],
)
def test_boxes_in_bodies_must_be_lists_of_numbers(bbox: Any):
    with pytest.raises(BadParameter):
        post({"bbox": bbox})


def test_box_and_shape_together_are_refused():
    with pytest.raises(BadParameter, match="not both"):
        post({"bbox": [0, 0, 1, 1], "intersects": {"type": "Point", "coordinates": [0, 0]}})


@pytest.mark.parametrize(
    "shape",
    [
        5,
        {},
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point", "coordinates": [540, 0]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]},
        {"type": "Blob", "coordinates": [1, 2]},
        {"type": "GeometryCollection", "geometries": 7},
        {"type": "LineString", "coordinates": [[0, 0], [float("nan"), 1]]},
    ],
)
def test_shapes_that_are_none_are_refused(shape: Any):
    with pytest.raises(BadParameter, match=r"intersects|Longitudes"):
        post({"intersects": shape})


def test_a_shape_in_a_query_string_is_json():
    assert get(intersects='{"type":"Point","coordinates":[1,2]}').intersects.coords[:] == [(1, 2)]  # type: ignore[union-attr]
    assert wrong(intersects="POINT(1 2)").parameter == "intersects"
    assert wrong(intersects="[" * 100_000).parameter == "intersects"


def test_names_come_separated_by_commas_or_as_a_list_or_alone():
    assert get(collections="grus-1, grus-3", ids="a").collections == ("grus-1", "grus-3")
    assert post({"collections": ["grus-1"]}).collections == ("grus-1",)
    assert post({"collections": "grus-1"}).collections == ("grus-1",)
    with pytest.raises(BadParameter):
        post({"ids": [1, 2]})


def test_lists_may_come_in_several_parts_and_lose_none():
    parts = [("collections", "grus-1"), ("ids", "a,b"), ("collections", "grus-3"), ("sortby", "-id")]
    search = parse_search([*parts, ("sortby", "datetime"), ("fields", "id"), ("fields", "-links")], "acme")
    assert search.query.collections == ("grus-1", "grus-3")
    assert search.query.ids == ("a", "b")
    assert search.query.sort == (("id", True), ("datetime", False))
    assert search.fields == get_fields("id,-links")


def test_what_is_no_list_takes_one_value():
    with pytest.raises(BadParameter, match="datetime"):
        parse_search(
            [("datetime", "2026-01-01T00:00:00Z/.."), ("datetime", "../2026-01-02T00:00:00Z")], "acme"
        )


def test_sort_keys_in_both_forms():
    expected = (("datetime", True), ("eo:cloud_cover", False), ("id", False))
    assert get(sortby="-properties.datetime,+eo:cloud_cover, id").sort == expected
    keys = [
        {"field": "properties.datetime", "direction": "desc"},
        {"field": "eo:cloud_cover"},
        {"field": "id"},
    ]
    assert post({"sortby": keys}).sort == expected


@pytest.mark.parametrize("text", ["geometry", "nothing", "-", "--x; drop table items"])
def test_only_declared_properties_can_be_sorted_by(text: str):
    assert "cannot be sorted" in wrong(sortby=text).message


@pytest.mark.parametrize("keys", ["id", [5], [{"direction": "asc"}], [{"field": "id", "direction": "up"}]])
def test_sort_keys_in_bodies_must_be_objects(keys: Any):
    with pytest.raises(BadParameter):
        post({"sortby": keys})


def test_filters_in_both_languages():
    text = get(filter="eo:cloud_cover < 20 AND ag:capture_id = 'x'").where
    tree = {
        "op": "and",
        "args": [
            {"op": "<", "args": [{"property": "eo:cloud_cover"}, 20]},
            {"op": "=", "args": [{"property": "ag:capture_id"}, "x"]},
        ],
    }
    assert text == post({"filter": tree}).where
    assert text is not None


@pytest.mark.parametrize(
    "params",
    [
        {"filter": "nothing = 1"},
        {"filter": "eo:cloud_cover <"},
        {"filter": "id = 'x'", "filter-lang": "sql"},
        {"filter": "id = 'x'", "filter-crs": "http://www.opengis.net/def/crs/EPSG/0/3857"},
    ],
)
def test_filters_that_are_none_are_refused(params: dict[str, str]):
    assert wrong(**params).parameter.startswith("filter")


@pytest.mark.parametrize("value", [5, [], True])
def test_a_filter_in_a_body_is_text_or_an_object(value: Any):
    with pytest.raises(BadParameter, match="CQL2"):
        post({"filter": value})


def test_unknown_parameters_are_named_with_those_there_are():
    assert "There is no parameter 'cloud'; there are collections, ids" in wrong(cloud="1").message


@pytest.mark.parametrize("body", [None, 5, "x", []])
def test_a_body_must_be_an_object(body: Any):
    with pytest.raises(BadParameter, match="JSON object"):
        post(body)


@pytest.mark.parametrize(
    "text", ["1_0,0,20,1", "１,0,20,1", "0x1,0,2,1", "nan,0,1,1", "0,0,5,1,1,3", "true,0,1,1"]
)
def test_a_box_of_odd_numbers_is_refused(text: str) -> None:
    with pytest.raises(BadParameter, match="bbox"):
        get(bbox=text)


def test_a_field_sorts_once_where_it_is_named_first() -> None:
    assert get(sortby="id,-datetime," * 5 + "-id").sort == (
        ("id", False),
        ("datetime", True),
    )


def test_sort_keys_without_end_are_refused() -> None:
    with pytest.raises(BadParameter, match="name each field once"):
        get(sortby=",".join(["id"] * 3000))


def test_more_names_than_a_statement_holds_are_refused() -> None:
    with pytest.raises(BadParameter, match="at most 10000"):
        post({"ids": ["x"] * 10_001})
