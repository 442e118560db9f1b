"""What a filter may say: declared properties, known operators, operands that fit; all else is refused with the cure."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely

from swath.cql2 import Call, Filter, Interval, Kind, Literal, Property, Queryable, parse_filter
from swath.cql2.guard import MAX_CHARS, MAX_DEPTH
from swath.errors import BadParameter

QUERYABLES = (
    Queryable("name", "string"),
    Queryable("status", "string", enum=("ACTIVE", "EXPIRED")),
    Queryable("task_plan_id", "string"),
    Queryable("view:off_nadir", "number"),
    Queryable("count", "integer"),
    Queryable("final", "boolean"),
    Queryable("created", "timestamp"),
    Queryable("valid_start", "timestamp"),
    Queryable("valid_end", "timestamp"),
    Queryable("day", "date"),
    Queryable("geometry", "geometry", geometry="polygon"),
    Queryable("satellites", "array"),
)


def parse(text: str) -> Filter:
    return parse_filter(text, "cql2-text", QUERYABLES)


def parse_json(raw: Any) -> Filter:
    return parse_filter(json.dumps(raw), "cql2-json", QUERYABLES)


def test_the_limits_of_between_may_stand_in_a_list_as_in_drafts() -> None:
    drafted = parse_json({"op": "between", "args": [{"property": "count"}, [0, 50]]})
    assert drafted == parse("count BETWEEN 0 AND 50")
    with pytest.raises(BadParameter):
        parse_json({"op": "between", "args": [{"property": "count"}, [0, 50, 60]]})


@pytest.mark.parametrize("box", ["200, 0, 190, 1", "190, 0, -190, 1", "1e308, -20, -170, 20", "0, 0, 1, 91"])
def test_a_box_lies_on_the_earth(box: str) -> None:
    assert "leaves the earth" in message_of(f"S_INTERSECTS(geometry, BBOX({box}))")


def literal_of(text: str) -> Any:
    """The constant on the right of a condition."""
    root = parse(text).root
    assert isinstance(root, Call)
    assert isinstance(root.args[1], Literal)
    return root.args[1].value


def message_of(text: str) -> str:
    with pytest.raises(BadParameter) as refused:
        parse(text)
    assert refused.value.parameter == "filter"
    return refused.value.message


def test_a_condition_becomes_a_small_tree() -> None:
    expected = Call("=", (Property("status", Kind.STRING), Literal("ACTIVE", Kind.STRING)), Kind.BOOLEAN)
    assert parse("status = 'ACTIVE'") == Filter(expected)


def test_constants_have_their_python_values() -> None:
    assert literal_of("created > TIMESTAMP('2026-08-22T12:00:00+02:00')") == datetime(
        2026, 8, 22, 10, tzinfo=UTC
    )
    assert literal_of("day > DATE('2026-08-22')") == date(2026, 8, 22)
    assert literal_of("count > 3") == 3.0
    assert literal_of("A_CONTAINS(satellites, ('GRUS-1A', 'GRUS-1B'))") == ("GRUS-1A", "GRUS-1B")
    assert shapely.equals(literal_of("S_WITHIN(geometry, BBOX(1,2,3,4))"), shapely.box(1, 2, 3, 4))


def test_a_text_next_to_an_instant_is_read_as_one() -> None:
    assert literal_of("created > '2026-08-22T10:00:00Z'") == datetime(2026, 8, 22, 10, tzinfo=UTC)
    assert literal_of("T_AFTER(created, '2026-08-22')") == date(2026, 8, 22)
    assert "write it like" in message_of("created > 'yesterday'")


def test_open_ends_of_an_interval_are_none() -> None:
    root = parse("T_DURING(INTERVAL(valid_start, valid_end), INTERVAL('..', '2026-08-22T00:00:00Z'))").root
    assert isinstance(root, Call)
    assert root.args[1] == Interval(None, Literal(datetime(2026, 8, 22, tzinfo=UTC), Kind.TIMESTAMP))


def test_a_box_over_the_antimeridian_is_two_areas() -> None:
    area = literal_of("S_INTERSECTS(geometry, BBOX(170,-10,-170,10))")
    assert shapely.equals(
        area, shapely.union(shapely.box(170, -10, 180, 10), shapely.box(-180, -10, -170, 10))
    )


def test_heights_are_dropped() -> None:
    assert not literal_of("S_INTERSECTS(geometry, POINT Z (1 2 3))").has_z
    assert literal_of("S_INTERSECTS(geometry, BBOX(1,2,0,3,4,99))").bounds == (1, 2, 3, 4)


def test_as_much_geometry_as_a_filter_may_have_is_taken() -> None:
    assert parse(f"S_WITHIN(geometry, {shapely.Point(0, 0).buffer(9, quad_segs=499).wkt})")
    assert parse(" OR ".join(["S_WITHIN(geometry, BBOX(0,0,1,1))"] * 50))


def test_two_negations_are_none() -> None:
    assert parse("NOT (NOT final)") == parse("final")
    assert parse("NOT " * 60 + "final") == parse("final")


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("stauts = 'ACTIVE'", "did you mean 'status'"),
        ("altitude > 5", "there are count, created"),
        ("name = 5", "'name' (string) with the number '5.0'"),
        ("count > 'x'", "both sides must be of one type"),
        ("created > DATE('2026-08-22')", "T_BEFORE, T_DURING, T_AFTER"),
        ("created > TIMESTAMP('2026-08-22T10:00:00')", "with its zone"),
        ("created > TIMESTAMP('2026-13-22T10:00:00Z')", "is not a timestamp"),
        ("day = DATE('2026-02-30')", "is not a date"),
        ("final > true", "'>' cannot use 'final' (boolean)"),
        ("name", "not a condition"),
        ("1", "not a condition"),
        ("avg(count) > 4", "no operator or function 'avg'"),
        ("name LIKE status", "pattern of LIKE"),
        ("count LIKE '5'", "'like' cannot use 'count' (number)"),
        (f"name LIKE '{'%' * 1001}'", "at most 1000 characters"),
        ("name LIKE 'x\\\\\\'", "a backslash stands before"),
        ("casei(count) = 'x'", "it takes string"),
        ("abs(name) > 1", "'abs' cannot use 'name' (string); it takes number"),
        ("duration_s(created) > 1", "takes start, end: 2 operands, not 1"),
        ("area_km2(geometry)", "not a condition"),
        ("name + 1 = 2", "it takes number"),
        ("S_INTERSECTS(name, POINT(1 2))", "it takes geometry"),
        ("S_INTERSECTS(geometry)", "takes 2 operands, not 1"),
        ("S_INTERSECTS(geometry, BBOX(1,2,3))", "four numbers"),
        ("S_INTERSECTS(geometry, BBOX(1,20,3,4))", "south edge"),
        ("S_INTERSECTS(geometry, POINT(540 0))", "-180..180"),
        ("S_INTERSECTS(geometry, BBOX(181,0,0,1))", "-180..180"),
        ("S_INTERSECTS(geometry, BBOX(0,-91,1,0))", "-180..180"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 1,1 0,0 0)))", "Self-intersection"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 1)))", "ends where it starts"),
        ("T_AFTER(name, DATE('2026-08-22'))", "timestamp or date or interval"),
        ("T_AFTER(day, INTERVAL('2026-08-22','2026-08-01'))", "swap its ends"),
        ("T_AFTER(day, INTERVAL('2026-08-22'))", "two instants"),
        ("T_AFTER(day, INTERVAL('soon','..'))", "is not a timestamp"),
        ("A_CONTAINS(name, ('x'))", "it takes array"),
        ("A_CONTAINS(satellites, (name))", "made of constants"),
        ("count = 1e999", "too large"),
        ("final AND 5", "'and' cannot use the number"),
        (f"count IN ({'1,' * 1000}1)", "at most 1000"),
        (f"S_WITHIN(geometry, {shapely.Point(0, 0).buffer(9, quad_segs=501).wkt})", "more than 2000 corners"),
        (" OR ".join(["S_WITHIN(geometry, BBOX(0,0,1,1))"] * 51), "40 at least"),
        (" OR ".join(["S_WITHIN(geometry, geometry)"] * 11), "200 between two properties"),
        (" AND ".join(["final"] * 10 + ["count > 1"] * 500), "more than 400 operators"),
        ("(" * (MAX_DEPTH + 1) + "final" + ")" * (MAX_DEPTH + 1), "deeper than 64"),
        ("NOT " * 10_000 + "final", "deeper than 64"),
        ("1+" * 1_000 + "1 = count", "deeper than 64"),
        ("x" * (MAX_CHARS + 1), "at most 100000"),
        ("1," * (MAX_CHARS // 2), "more than 20000"),
        ("name = '\0'", "NUL"),
        ("name = '\ud800'", "UTF-8"),
    ],
)
def test_nonsense_is_refused_with_its_cure(text: str, cure: str) -> None:
    assert cure in message_of(text)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        "final",
        {"op": "="},
        {"op": "=", "args": 5},
        {"op": "=", "args": []},
        {"op": "=", "args": [{"property": "name"}, None]},
        {"op": "=", "args": [{"property": ["name"]}, "x"]},
        {"op": ["="], "args": [1, 1]},
        {"op": "in", "args": [{"property": "name"}, "x"]},
        {"op": "in", "args": [{"property": "name"}, []]},
        {"op": "and", "args": [True]},
        {"op": "not", "args": [True, False]},
        {"op": "=", "args": [{"property": "name"}, "\ud800"]},
        {"op": "=", "args": [{"property": "name"}, "\0"]},
        {"op": "=", "args": [{"property": "count"}, 10**400]},
        {"op": "=", "args": [{"property": "created"}, {"timestamp": 5}]},
        {"op": "=", "args": [{"property": "created"}, {"timestamp": "0001-01-01T00:00:00+14:00"}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": ["1", 2, 3, 4]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point"}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": []}]},
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "Point", "coordinates": ["a", {}]}],
        },
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "Polygon", "coordinates": [[1, 2]]}],
        },
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Feature", "geometry": None}]},
        {
            "op": "s_intersects",
            "args": [
                {"property": "geometry"},
                {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]], []]},
            ],
        },
        {
            "op": "s_intersects",
            "args": [
                {"property": "geometry"},
                {"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": []}]},
            ],
        },
        {"op": "t_after", "args": [{"property": "created"}, {"interval": [5, True]}]},
    ],
)
def test_broken_json_filters_are_refused(raw: Any) -> None:
    with pytest.raises(BadParameter):
        parse_json(raw)


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, '{"op":' * 10_000, "NaN", b"\xff\xfe", "\ufeff{}", "1" * 5000]
)
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadParameter):
        parse_filter(text, "cql2-json", QUERYABLES)


def test_numbers_that_json_cannot_hold_are_refused() -> None:
    for number in ("NaN", "Infinity", "-Infinity", "1e999"):
        with pytest.raises(BadParameter):
            parse_filter(f'{{"op":"=","args":[{{"property":"count"}},{number}]}}', "cql2-json", QUERYABLES)


def test_decoded_json_is_taken_as_it_is() -> None:
    raw = {"op": "=", "args": [{"property": "name"}, "x"]}
    assert parse_filter(raw, "cql2-text", QUERYABLES) == parse("name = 'x'")
    for filling in (True, {"type": "Point", "coordinates": []}):
        deep: Any = filling
        for _ in range(5000):
            deep = {"op": "not", "args": [deep]}
        with pytest.raises(BadParameter):
            parse_filter(deep, "cql2-json", QUERYABLES)
    ring: Any = 1
    for _ in range(5000):
        ring = [ring]
    with pytest.raises(BadParameter):
        parse_filter({"type": "Polygon", "coordinates": ring}, "cql2-json", QUERYABLES)


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(BadParameter) as refused:
        parse_filter("final", "cql-text", QUERYABLES)
    assert refused.value.parameter == "filter-lang"
    assert "cql2-text or cql2-json" in refused.value.message
