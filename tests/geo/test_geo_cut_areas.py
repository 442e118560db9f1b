"""Tilted areas over the antimeridian, cut there as RFC 7946 asks, are areas like any other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, shape

from swath.geo.polygons import (
    Area,
    area_m2,
    bounding_cap,
    build_plane,
    coverage_percent,
    cut_polygon,
    parse_area,
    to_geojson,
)

pytestmark = pytest.mark.slow

few = settings(max_examples=60, deadline=None)


@st.composite
def strips(draw: st.DrawFn, lon: float) -> Polygon:
    """A strip some 55 km wide, tilted like a satellite's track, around a meridian; longitudes run on over 180."""
    lat, off = draw(st.floats(-70, 70)), draw(st.floats(-0.25, 0.25))
    tilt, height = draw(st.floats(-0.4, 0.4)), draw(st.floats(0.2, 1.0))
    half_width = 55 / 111.2 / np.cos(np.radians(lat)) / 2
    up = np.linspace(-height / 2, height / 2, 6)
    east = np.column_stack([lon + off + half_width - tilt * up, lat + up + 0.1 * half_width])
    west = np.column_stack([lon + off - half_width - tilt * up, lat + up - 0.1 * half_width])
    return Polygon(np.vstack([east, west[::-1]]))


def moved(polygon: Polygon, degrees: float) -> Polygon:
    return Polygon(np.array(polygon.exterior.coords) + np.array([degrees, 0.0]))


def cut(polygon: Polygon) -> Area:
    lon_lat = np.array(polygon.exterior.coords)
    return cut_polygon(Polygon(np.column_stack([(lon_lat[:, 0] + 180) % 360 - 180, lon_lat[:, 1]])))


@few
@given(strips(180.0))
def test_a_cut_strip_lies_in_its_plane_as_one_piece(strip: Polygon) -> None:
    area = cut(strip)
    flat = build_plane(area).flatten(area)
    assert flat.geom_type == "Polygon"
    assert flat.is_valid


@few
@given(strips(180.0))
def test_the_cut_changes_neither_size_nor_reach(strip: Polygon) -> None:
    here, elsewhere = cut(strip), moved(strip, -40.0)
    assert area_m2(here) == pytest.approx(area_m2(elsewhere), rel=1e-6)
    assert bounding_cap(here)[2] == pytest.approx(bounding_cap(elsewhere)[2], abs=50.0)
    assert coverage_percent(here, here) == pytest.approx(100.0)


@few
@given(strips(180.0))
def test_a_cut_strip_is_taken_as_an_area_of_interest(strip: Polygon) -> None:
    area = cut(strip)
    taken = parse_area(to_geojson(area), max_extent_km=250, max_vertices=1000)
    assert taken.equals(shape(to_geojson(area)))
