"""Areas of interest that no plan is made over, and unusual ones that plans are made over."""

import json
import math

import pytest
from shapely.geometry import shape
from tests.acceptance.bad_input_world import (
    BOW_TIE,
    PLANS,
    Json,
    World,
    assert_refused,
    plan_body,
    polygon,
    ring,
    send,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]


def circle(vertices: int) -> Json:
    turns = [2 * math.pi * i / vertices for i in range(vertices)]
    around = [[0.5 * math.cos(turn), 0.5 * math.sin(turn)] for turn in turns]
    return polygon([*around, around[0]])


BAD_AREAS = {
    # One degree of the equator is 111.320 km, of a meridian there 110.574 km.
    "251 km wide": (polygon(ring(0, 0, 251 / 111.320, 1)), ("251.0 km wide", "limit is 250 km")),
    "251 km high": (polygon(ring(0, 0, 1, 251 / 110.574)), ("251.0 km high", "limit is 250 km")),
    "251 km wide over the antimeridian": (
        polygon(ring(179, 0, 179 + 251 / 111.320 - 360, 1)),
        ("251.0 km wide", "limit is 250 km"),
    ),
    "a bow-tie": (BOW_TIE, ("crosses", "in order along the outline")),
    "a hole outside": (polygon(ring(0, 0, 1, 1), ring(3, 3, 4, 4)), ("hole does not lie inside",)),
    "no ring": (polygon(), ("empty", "at least one ring")),
    "an empty ring": (polygon([]), ("0 positions", "at least 4")),
    "an open ring": (polygon(ring(0, 0, 1, 1)[:-1]), ("open", "repeat its first position")),
    "a line": (polygon([[0, 0], [1, 1], [0, 0], [0, 0]]), ("no area",)),
    "longitude 540": (polygon(ring(540, 0, 541, 1)), ("540", "-180..180")),
    "latitude 91": (polygon(ring(0, 90.5, 1, 91)), ("91", "-90..90")),
    "latitude first": (polygon(ring(36, 136, 37, 137)), ("[longitude, latitude]",)),
    "10,000 vertices": (circle(10_000), ("10000 vertices", "limit is 1000")),
    "a point": ({"type": "Point", "coordinates": [0, 0]}, ("Point", "Polygon or MultiPolygon")),
    "a collection": ({"type": "GeometryCollection", "geometries": []}, ("Polygon or MultiPolygon",)),
    "a list for a type": ({"type": ["Polygon"], "coordinates": []}, ("Polygon or MultiPolygon",)),
    "no coordinates": ({"type": "Polygon"}, ("coordinates must be an array",)),
    "text for numbers": (polygon([["0", "0"], ["1", "0"], ["1", "1"], ["0", "0"]]), ("finite numbers",)),
    "positions of four numbers": (polygon([[0, 0, 1, 1]] * 4), ("[longitude, latitude]",)),
    "no geometry": (None, ("geometry must be an object",)),
    "parts that overlap": (
        {"type": "MultiPolygon", "coordinates": [[ring(0, 0, 1, 1)], [ring(0.5, 0, 1.5, 1)]]},
        ("overlap", "join them"),
    ),
}


@pytest.mark.parametrize(("area", "words"), BAD_AREAS.values(), ids=BAD_AREAS)
def test_no_plan_is_made_over(world: World, area: Json | None, words: tuple[str, ...]) -> None:
    problem = assert_refused(world.owner.http.post(PLANS, json=plan_body(world, area)), 422, *words)
    assert all(error["pointer"].startswith("/geometry") for error in problem["errors"])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 5_000])
def test_no_plan_is_made_over_what_is_not_a_number(world: World, number: str) -> None:
    body = json.dumps(plan_body(world, polygon(ring(7.5, 0, 8, 1)))).replace("7.5", number)
    assert_refused(send(world.owner, PLANS, body), 400, "not valid JSON")


UNUSUAL_AREAS = {
    "with heights": (polygon([[*at, 50.0] for at in ring(0, 0, 1, 1)]), [0, 0, 1, 1]),
    "wound the wrong way": (polygon(ring(0, 0, 1, 1)[::-1]), [0, 0, 1, 1]),
    "over the antimeridian, cut": (
        {"type": "MultiPolygon", "coordinates": [[ring(179, 0, 180, 1)], [ring(-180, 0, -179, 1)]]},
        [179, 0, -179, 1],
    ),
    "over the antimeridian, uncut": (polygon(ring(179, 0, -179, 1)), [179, 0, -179, 1]),
    "over a pole": (polygon(ring(-180, 89.5, 180, 90)), [-180, 89.5, 180, 90]),
    "around a pole": (polygon([[lon, 89.5] for lon in (0, 90, 180, -90, 0)]), [-180, 89.5, 180, 90]),
}


@pytest.mark.parametrize(("area", "bbox"), UNUSUAL_AREAS.values(), ids=UNUSUAL_AREAS)
def test_a_plan_is_made_over_an_area(world: World, area: Json, bbox: list[float]) -> None:
    made = world.stranger.http.post(PLANS, json=plan_body(world, area))
    assert made.status_code == 201, made.text
    assert made.json()["bbox"] == bbox
    geometry = shape(made.json()["geometry"])
    assert geometry.is_valid
    assert not geometry.has_z
    assert world.stranger.http.delete(made.headers["location"]).status_code == 204
