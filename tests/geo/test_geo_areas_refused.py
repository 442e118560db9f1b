"""Areas that are refused, and what the refusal says."""

from typing import Any

import numpy as np
import pytest
from tests.geo.areas_world import message, polygon, read, refusals, square

from swath.errors import Invalid
from swath.geo.polygons import parse_area


def test_bow_ties_are_refused():
    bow = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    assert refusals(polygon(bow)) == [("/geometry/coordinates/0", "ring_crosses_itself")]
    crossing = [[(lon + 359.5 + 180) % 360 - 180, lat] for lon, lat in bow]
    assert refusals(polygon(crossing)) == [("/geometry/coordinates/0", "ring_crosses_itself")]


def test_a_ring_that_crosses_itself_around_a_pole_is_refused():
    twice = [[lon, 89 + 0.05 * i] for i, lon in enumerate((0, 120, -120, 0, 120, -120))]
    assert refusals(polygon([*twice, twice[0]])) == [("/geometry/coordinates/0", "ring_crosses_itself")]


@pytest.mark.parametrize(
    "ring",
    [
        [[-180, 90], [-179, -90], [1, -90]],
        [[-180, -90], [-179, -90], [1, 90]],
        [[0, -90], [0, 0], [0, 90], [10, 0]],
        [[0, -90], [10, -90], [10, 90], [0, 90]],
    ],
)
def test_a_ring_through_both_poles_is_refused(ring: list[list[float]]):
    """From pole to pole it may run along any meridian."""
    assert refusals(polygon([*ring, ring[0]])) == [("/geometry/coordinates/0", "ring_both_poles")]


def test_a_ring_that_winds_over_its_own_ground_is_refused():
    spiral = [[0, 90], [0, 89], [120, 88.9], [-120, 88.8], [0, 88.7], [120, 88.6], [0, 90]]
    assert refusals(polygon(spiral)) == [("/geometry/coordinates/0", "ring_crosses_itself")]


def test_holes_must_lie_inside():
    shell = square(0, 0, 1, 1)
    outside = polygon(shell, square(1.2, 0.2, 1.4, 0.4))
    assert refusals(outside) == [("/geometry/coordinates/1", "hole_outside")]
    assert refusals(polygon(shell, square(0.8, 0.2, 1.4, 0.4))) == [
        ("/geometry/coordinates/1", "hole_outside")
    ]
    overlapping = polygon(shell, square(0.2, 0.2, 0.6, 0.6), square(0.5, 0.5, 0.8, 0.8))
    assert refusals(overlapping) == [("/geometry/coordinates/2", "holes_overlap")]


def test_a_hole_that_leaves_nothing_is_refused():
    assert refusals(polygon(square(0, 0, 1, 1), square(0, 0, 1, 1))) == [
        ("/geometry/coordinates", "area_zero")
    ]


def test_a_hole_that_leaves_only_rounding_is_refused():
    ring = [[15.923, 89.2], [135.923, 89.2], [-104.077, 89.2], [15.923, 89.2]]
    assert refusals(polygon(ring, [*ring[1:], ring[1]])) == [("/geometry/coordinates", "area_zero")]


@pytest.mark.parametrize("size", [(1e-9, 1), (1, 1e-9), (1e-6, 1e-6)])
@pytest.mark.parametrize("lat", [0, 84])
def test_what_is_too_narrow_to_be_measured_is_refused(size: tuple[float, float], lat: float):
    area = polygon(square(20, lat, 20 + size[0], lat + size[1]))
    assert refusals(area) == [("/geometry/coordinates", "area_zero")]


@pytest.mark.parametrize("ring", [[[0, 0], [0.5, 0.5], [1, 1], [0, 0]], [[1, 1]] * 4, square(3, 3, 3, 4)])
def test_rings_without_area_are_refused(ring: Any):
    assert refusals(polygon(ring)) == [("/geometry/coordinates/0", "area_zero")]


def test_a_narrow_area_is_told_its_width_and_the_least():
    """3 m by 0.4 m: 1.2 square metres, 6.8 m around."""
    area = polygon(square(20, 0, 20 + 3 / 111_319.49, 0.4 / 110_574.28))
    assert "length of its outlines is 0.353 m; it must be more than 0.4 m" in message(area)
    read(polygon(square(20, 0, 20 + 3 / 111_319.49, 0.5 / 110_574.28)))


def test_parts_that_hang_together_from_pole_to_pole_are_refused():
    """Each part is sound; what they make could not be read again."""
    halves = [[square(0, -90, 1, 0)], [square(0, 0, 1, 90)]]
    with pytest.raises(Invalid) as caught:
        parse_area(
            {"type": "MultiPolygon", "coordinates": halves}, max_extent_km=float("inf"), max_vertices=100
        )
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("/geometry/coordinates", "ring_both_poles")
    ]


def test_longitudes_beyond_the_globe_are_refused_with_their_cure():
    assert message(polygon(square(540, 0, 541, 1))).startswith(
        "Longitude 540 is outside -180..180; write -180."
    )
    assert message(polygon(square(1e30, 0, 1e30, 1))).startswith("Longitude 1e+30 is outside -180..180.")
    assert refusals(polygon(square(181, 0, 182, 1)))[0] == ("/geometry/coordinates/0/0/0", "longitude")
    assert refusals(polygon(square(0, 89, 1, 91)))[0] == ("/geometry/coordinates/0/2/1", "latitude")


def test_every_bad_position_is_told_but_no_more_than_can_be_read():
    two = [[0, 0], [200, 0], [1, 95], [0, 0]]
    assert [pointer for pointer, _ in refusals(polygon(two))] == [
        "/geometry/coordinates/0/1/0",
        "/geometry/coordinates/0/2/1",
    ]
    assert len(refusals(polygon([[999, 999]] * 900))) == 20


def circle(vertices: int) -> dict[str, Any]:
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]).tolist()
    return polygon([*ring, ring[0]])


def test_vertices_are_counted_without_the_one_that_closes():
    assert read(circle(1000)).is_valid
    assert refusals(circle(1001)) == [("/geometry/coordinates", "too_many_vertices")]
    assert "10000 vertices; the limit is 1000" in message(circle(10_000))


def test_open_and_short_rings_are_refused():
    assert refusals(polygon(square(0, 0, 1, 1)[:-1])) == [("/geometry/coordinates/0", "ring_open")]
    assert refusals(polygon([[0, 0], [1, 1], [0, 0]])) == [("/geometry/coordinates/0", "ring_too_short")]
    assert refusals(polygon([])) == [("/geometry/coordinates/0", "ring_too_short")]


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), "1", None, True, [1], {}, 10**400, -(10**5000)],
    ids=["nan", "inf", "text", "null", "true", "list", "object", "huge", "huger"],
)
def test_what_is_no_number_is_refused(value: Any):
    assert refusals(polygon(square(value, 0, 1, 1)))[0] == ("/geometry/coordinates/0/0", "position")


@pytest.mark.parametrize(
    ("geojson", "pointer"),
    [
        (None, "/geometry"),
        ("POLYGON((0 0,1 0,1 1,0 0))", "/geometry"),
        ([], "/geometry"),
        ({}, "/geometry/type"),
        ({"type": "Point", "coordinates": [0, 0]}, "/geometry/type"),
        ({"type": "Feature", "geometry": None}, "/geometry/type"),
        ({"type": ["Polygon"], "coordinates": []}, "/geometry/type"),
        ({"type": "Polygon"}, "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": None}, "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": "0 0"}, "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": []}, "/geometry/coordinates"),
        ({"type": "MultiPolygon", "coordinates": []}, "/geometry/coordinates"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "/geometry/coordinates/0"),
        ({"type": "Polygon", "coordinates": [0, 0]}, "/geometry/coordinates/0"),
        ({"type": "Polygon", "coordinates": [[0, 0]]}, "/geometry/coordinates/0/0"),
        ({"type": "Polygon", "coordinates": [square(0, 0, 1, 1), None]}, "/geometry/coordinates/1"),
        ({"type": "MultiPolygon", "coordinates": [square(0, 0, 1, 1)]}, "/geometry/coordinates/0/0/0"),
        ({"type": "Polygon", "coordinates": [[square(0, 0, 1, 1)]]}, "/geometry/coordinates/0/0"),
        (polygon([[0, 0, 1, 2], *square(0, 0, 1, 1)]), "/geometry/coordinates/0/0"),
    ],
)
def test_wrong_nesting_and_types_are_refused_where_they_are(geojson: Any, pointer: str):
    assert refusals(geojson)[0][0] == pointer


def test_endless_nesting_is_refused():
    nested: Any = 0
    for _ in range(50_000):
        nested = [nested]
    assert refusals({"type": "Polygon", "coordinates": nested})


def test_the_same_sentence_is_said_once():
    assert message(polygon(square(181, 0, 181, 1))).count("181") == 1
