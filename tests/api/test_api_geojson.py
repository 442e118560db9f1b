"""The frame of features: bounding boxes, winding, and features without a place."""

from typing import Any

import orjson
import pytest
from shapely import GeometryCollection, LineString, MultiPolygon, Point, box
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from swath.api.geojson import build_feature
from swath.api.links import Links

LINKS = Links("http://swath.test")


def written(geometry: BaseGeometry | None) -> Any:
    return orjson.loads(orjson.dumps(build_feature(LINKS, "plans", "p 1", geometry, {"name": "x"})))


def test_a_feature_without_a_place_has_no_box_either() -> None:
    """RFC 7946 section 3.2: its geometry is null, not left out."""
    feature = written(None)
    assert feature["geometry"] is None
    assert "bbox" not in feature
    assert [link["rel"] for link in feature["links"]] == ["self", "collection"]
    assert feature["links"][0]["href"].endswith("/collections/plans/items/p%201")


@pytest.mark.parametrize(
    ("geometry", "bbox"),
    [
        (Point(1.5, 2), [1.5, 2, 1.5, 2]),
        (LineString([(1, 5), (3, 4)]), [1, 4, 3, 5]),
        (box(1, 2, 3, 4), [1, 2, 3, 4]),
        (MultiPolygon([box(179, 0, 180, 1), box(-180, 0, -178, 1)]), [179, 0, -178, 1]),
        (GeometryCollection([Point(1, 2), Point(3, 0)]), [1, 0, 3, 2]),
    ],
    ids=lambda value: getattr(value, "geom_type", ""),
)
def test_the_box_is_that_of_the_geometry(geometry: BaseGeometry, bbox: list[float]) -> None:
    feature = written(geometry)
    assert feature["bbox"] == bbox
    assert shape(feature["geometry"]).equals(geometry)


def test_a_polygon_that_is_wound_the_other_way_is_turned_round() -> None:
    ring = [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]
    (found,) = written(shape({"type": "Polygon", "coordinates": [ring]}))["geometry"]["coordinates"]
    assert shape({"type": "LinearRing", "coordinates": found}).is_ccw
