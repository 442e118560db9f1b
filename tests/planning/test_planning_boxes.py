"""Areas of polygons in boxes, against shapely."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.polygon import orient

from swath.geo.antimeridian import polygons_of
from swath.planning.boxes import Floats, compute_area_in_boxes

STAR = Polygon([(0, 5), (1, 1), (5, 0), (1, -1), (0, -5), (-1, -1), (-5, 0), (-1, 1)])
RING = Polygon(box(-4, -4, 4, 4).exterior, [box(-2, -1, 3, 2).exterior])
TWO = MultiPolygon([box(-4, -4, -1, 0), box(1, -2, 4, 5)])

numbers = st.floats(-6, 6)


def edges_of(area: Polygon | MultiPolygon) -> tuple[Floats, Floats]:
    """x (E, 2) and y (E, 2) of the edges, the area to their left."""
    edges = [
        np.stack([points[:-1], points[1:]], axis=1)
        for polygon in polygons_of(area)
        for ring in (orient(polygon).exterior, *orient(polygon).interiors)
        for points in [np.array(ring.coords)]
    ]
    joined = np.concatenate(edges)
    return joined[..., 0], joined[..., 1]


@pytest.mark.parametrize("area", [STAR, RING, TWO], ids=["star", "ring", "two"])
@given(x=st.tuples(numbers, numbers), y=st.tuples(numbers, numbers))
def test_the_area_in_a_box_is_that_of_the_intersection(
    area: Polygon | MultiPolygon, x: tuple[float, float], y: tuple[float, float]
) -> None:
    (x_low, x_high), (y_low, y_high) = sorted(x), sorted(y)
    low, high = (np.array([x_low]), np.array([y_low])), (np.array([x_high]), np.array([y_high]))
    (found,) = compute_area_in_boxes(*edges_of(area), low, high)
    wanted = area.intersection(box(x_low, y_low, x_high, y_high)).area
    assert found == pytest.approx(wanted, abs=1e-9)


def test_many_boxes_are_answered_like_one() -> None:
    low = np.linspace(-6, 2, 20)
    boxes = (low, low - 1), (low + 3, low + 5)
    together = compute_area_in_boxes(*edges_of(RING), *boxes)
    single = [
        compute_area_in_boxes(*edges_of(RING), (low[i : i + 1], low[i : i + 1] - 1),
                              (low[i : i + 1] + 3, low[i : i + 1] + 5))[0]
        for i in range(len(low))
    ]  # fmt: skip
    assert together == pytest.approx(single)


def test_edges_the_other_way_around_count_negative() -> None:
    x, y = edges_of(STAR)
    everything = (np.array([-9.0]), np.array([-9.0])), (np.array([9.0]), np.array([9.0]))
    assert compute_area_in_boxes(x, y, *everything)[0] == pytest.approx(STAR.area)
    assert compute_area_in_boxes(x[:, ::-1], y[:, ::-1], *everything)[0] == pytest.approx(-STAR.area)
