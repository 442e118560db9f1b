"""Filters that are refused, and filters that show nobody more than what is his."""

import pytest
from tests.acceptance.bad_input_world import CANDIDATES, PLANS, SEARCH, World, assert_refused

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]

NOT, DEEP_NOT = '{"op":"not","args":[', '{"op":"not","args":[' * 200 + "true" + "]}" * 200
BAD_TEXT_FILTERS = {
    "10,000 parentheses": ("(" * 10_000 + "1=1" + ")" * 10_000, "nests brackets deeper"),
    "10,000 parentheses left open": ("(" * 10_000, "nests brackets deeper"),
    "5,000 NOTs": ("NOT " * 5_000 + "TRUE", "nested deeper"),
    "2,000 conditions": (" AND ".join(["1=1"] * 2_000), "operators"),
    "2,000 values": (f"name IN ({','.join(['1'] * 2_000)})", "at most 1000"),
    "nothing": ("", "expected"),
    "an unknown property": ("colour = 'red'", "no queryable 'colour'"),
    "a column of the database": ("account_id = 'x'", "no queryable 'account_id'"),
    "an unknown function": ("load_extension('x') = 'y'", "no operator or function"),
    "a statement": ("'; DROP TABLE plans; --", "cannot read"),
    "a second statement": ("status = 'ACTIVE'; DELETE FROM plans", "cannot read"),
    "a comment": ("status = 'ACTIVE' --", "expected"),
    "a query": ("name = (SELECT secrets FROM api_clients)", "expected"),
    "a union": ("status = 'x' UNION SELECT 1", "expected"),
    "a NUL": ("name = 'a\0b'", "NUL"),
    "a number against text": ("status = 5", "one type"),
    "a number too large": ("candidate_count = 1e999", "too large"),
    "a value alone": ("name", "not a condition"),
    "a time that is not": ("created > TIMESTAMP('2026-02-30T00:00:00Z')", "2026-08-22T10:00:00Z"),
    "a bow-tie": ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "not valid"),
    "longitude 540": ("S_INTERSECTS(geometry, POINT(540 0))", "-180..180"),
    "an open ring": ("S_INTERSECTS(geometry, POLYGON((0 0,1 0,1 1,0 1)))", "Polygon"),
}
BAD_JSON_FILTERS = {
    "not JSON": ("{", "not JSON"),
    "200 NOTs": (DEEP_NOT, "deeper"),
    "brackets alone": ("[" * 10_000, "deeper"),
    "NaN": ('{"op":"=","args":[NaN,1]}', ""),
    "an unknown operator": ('{"op":"exec","args":[]}', "no operator or function"),
    "an operator of another kind": ('{"op":[],"args":[]}', "no operator or function"),
    "a property of another kind": ('{"op":"=","args":[{"property":[]},1]}', "no queryable"),
    "args that are no list": ('{"op":"=","args":{}}', "not a list"),
    "a geometry type that is a list": (
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":["Point"],"coordinates":[0,0]}]}',
        "",
    ),
    "a geometry type that is an object": ('{"op":"=","args":[{"property":"name"},{"type":{}}]}', ""),
    "coordinates that are text": (
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":"0 0"}]}',
        "Point",
    ),
    "half a surrogate pair": ('{"op":"=","args":[{"property":"name"},"\\ud800"]}', "UTF-8"),
}


@pytest.mark.parametrize(("text", "words"), BAD_TEXT_FILTERS.values(), ids=BAD_TEXT_FILTERS)
def test_a_filter_is_not_taken_that_is(world: World, text: str, words: str) -> None:
    problem = assert_refused(world.owner.http.get(PLANS, params={"filter": text}), 400, words)
    assert problem["parameter"] == "filter"


@pytest.mark.parametrize("path", [PLANS, SEARCH], ids=["plans", "search"])
@pytest.mark.parametrize(("text", "words"), BAD_JSON_FILTERS.values(), ids=BAD_JSON_FILTERS)
def test_a_filter_in_json_is_not_taken_that_is(world: World, path: str, text: str, words: str) -> None:
    if path == SEARCH:
        text = text.replace('"name"', '"id"')
    answer = world.owner.http.get(path, params={"filter": text, "filter-lang": "cql2-json"})
    assert assert_refused(answer, 400, words)["parameter"] == "filter"


@pytest.mark.parametrize(
    "text", ["'1' = '1'", "status = 'x' OR 1 = 1", "NOT name = ''' OR 1=1 --'", "name LIKE '%' OR TRUE"]
)
def test_a_filter_that_is_always_true_shows_only_what_is_the_callers(world: World, text: str) -> None:
    assert world.owner.get(PLANS, filter=text)["numberMatched"] == 1
    assert world.stranger.get(PLANS, filter=text)["numberMatched"] == 0


@pytest.mark.parametrize(
    "text", ["'1' = '1'", "task_plan_id <> 'x'", "task_plan_id LIKE '%'", "task_plan_id = 'x' OR TRUE"]
)
def test_candidates_without_their_plan_are_only_the_callers(world: World, text: str) -> None:
    assert world.owner.get(CANDIDATES, filter=text)["numberMatched"] > 0
    assert world.stranger.get(CANDIDATES, filter=text)["numberMatched"] == 0
