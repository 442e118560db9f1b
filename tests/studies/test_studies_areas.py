"""Areas of a study: from GeoJSON or points, called by their properties; what is wrong is told with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod

from swath.errors import SwathError
from swath.geo.measures import area_m2, extent_km
from swath.studies import StudyArea, build_square, load_areas, parse_areas

BOX = {"type": "Polygon", "coordinates": [[[10, 50], [11, 50], [11, 51], [10, 51], [10, 50]]]}
WIDE = {"type": "Polygon", "coordinates": [[[10, 50], [19, 50], [19, 51], [10, 51], [10, 50]]]}
ACROSS = {"type": "Polygon", "coordinates": [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]]}
POINT = {"type": "Point", "coordinates": [15.4, 78.23]}


def feature(geometry: Any = BOX, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def names(document: Any, name_property: str | None = None) -> list[str]:
    return [one.name for one in parse_areas(document, name_property)]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (collection(feature(name="Bonn", id=7), feature(Name="Köln")), ["Bonn", "Köln"]),
        (collection(feature(title="A", id=3), feature(id=0)), ["A", "0"]),
        (collection({**feature(), "id": "f1"}, feature(name="")), ["f1", "area 2"]),
        (collection(feature(), feature()), ["area 1", "area 2"]),
        (feature(name="alone"), ["alone"]),
        (BOX, ["area 1"]),
        ({**feature(), "properties": None}, ["area 1"]),
        ({**feature(), "properties": ["name"]}, ["area 1"]),
    ],
)
def test_areas_are_called_by_what_there_is(document: Any, expected: list[str]) -> None:
    assert names(document) == expected


def test_a_property_can_be_chosen() -> None:
    assert names(collection(feature(name="same", code=1), feature(name="same", code=2)), "code") == ["1", "2"]


def test_an_area_over_the_antimeridian_is_cut_there() -> None:
    (one,) = parse_areas(ACROSS)
    assert one.area.geom_type == "MultiPolygon"
    assert extent_km(one.area)[0] == pytest.approx(222.6, abs=0.5)


@pytest.mark.parametrize(
    ("lon", "lat"), [(15.4, 78.23), (180.0, 10.0), (0.0, 0.0), (33.0, 90.0), (-70.0, -90.0)]
)
def test_a_point_becomes_a_square_around_it(lon: float, lat: float) -> None:
    square = build_square(lon, lat, 20.0)
    assert area_m2(square) == pytest.approx(400e6, rel=1e-3)
    corners = shapely.get_coordinates(square)
    # Around a pole the outline runs along it.
    corners = corners[abs(corners[:, 1]) < 90.0]
    size = len(corners)
    distance = Geod(ellps="WGS84").inv([lon] * size, [lat] * size, *corners.T)[2]
    assert max(distance) == pytest.approx(10_000 * 2**0.5, rel=1e-3)


def test_points_of_both_kinds_are_the_same(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("target,lon_deg,lat_deg,note\nSvalbard,15.4,78.23,far\n")
    assert load_areas(table, point_size_km=5.0) == parse_areas(feature(POINT, name="Svalbard"), None, 5.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "neither GeoJSON, which begins with {, nor CSV"),
        ("just words\n", "neither GeoJSON"),
        ("a,b\n1,2\n", "must name the columns target, lon_deg, lat_deg; found a, b"),
        ("target,lon_deg,lat_deg\nA,1,2\nA,3,4\n", "several targets are called 'A'"),
        ('{"type": ', "is not JSON"),
        (json.dumps([BOX]), "found a list without type"),
        (json.dumps({"type": "Topology"}), "found a document of type 'Topology'"),
        (json.dumps({"type": "FeatureCollection"}), "features are no array"),
        (json.dumps(collection()), "holds no feature"),
        (json.dumps(collection(feature(name="A"), feature(name="A"))), "Features 0 and 1 are all called 'A'"),
        (
            json.dumps(collection(feature(name="W", geometry=WIDE))),
            "Area 'W': AOI is 6.* km wide; .* 250 km. Cut",
        ),
        (json.dumps(collection(feature(name="N", geometry=None))), "Area 'N': geometry is missing"),
        (json.dumps(feature({"type": "LineString", "coordinates": [[0, 0], [1, 1]]})), "is a 'LineString'"),
        (json.dumps(feature({"type": "Point", "coordinates": [181, 0]})), r"found \[181, 0\]"),
        (json.dumps(feature({"type": "Point"})), "found None"),
        (
            json.dumps(collection(feature(), crs={"type": "name", "properties": {"name": "EPSG:3857"}})),
            "EPSG:3857.* save it in longitude and latitude",
        ),
    ],
)
def test_what_is_wrong_is_told_with_the_file_and_the_cure(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text(text)
    with pytest.raises(SwathError, match=said) as raised:
        load_areas(path)
    assert str(path) in raised.value.message


def test_a_property_that_is_missing_is_told_with_those_there_are() -> None:
    with pytest.raises(SwathError, match=r"Feature 1 has no property 'code' .* it has name, size"):
        parse_areas(collection(feature(code=1), feature(name="B", size=3)), "code")


def test_the_crs_of_old_files_may_be_longitude_and_latitude() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert isinstance(parse_areas(collection(feature(), crs=crs))[0], StudyArea)
