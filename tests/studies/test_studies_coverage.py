"""Coverage over time: it never falls, one capture is taken from each access, and the union of footprints is covered."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import Proj
from shapely.geometry.base import BaseGeometry
from study_world import AREAS, DATE_LINE, KANTO, NOW_S, find, members, results

from swath.geo.polygons import cut_polygon
from swath.studies import AreaResult, StudyArea

NARROW = {"members": members("GRUS-1A"), "max_off_nadir_deg": 20.0}


def flatten(area: BaseGeometry, lon_deg: float) -> BaseGeometry:
    """An area in degrees on an equal-area cylinder around a longitude: another projection than studies use."""
    fine = shapely.segmentize(area, 0.02)
    cylinder = Proj(f"+proj=cea +ellps=WGS84 +lon_0={lon_deg}")
    # What lies on both sides of 180 degrees was cut there.
    parts = shapely.transform(shapely.get_parts(fine), lambda lonlat: np.column_stack(cylinder(*lonlat.T)))
    return shapely.union_all(parts, grid_size=0.001)


def check_union(one: StudyArea, result: AreaResult) -> None:
    """The last figure of the curve, from the footprints of the captures taken."""
    taken = result.captures.footprints[result.coverage.adds_percent > 0.0]
    lon_deg = shapely.get_coordinates(one.area)[0, 0]
    area = flatten(one.area, lon_deg)
    union = shapely.union_all([flatten(footprint, lon_deg) for footprint in taken])
    covered = 100.0 * shapely.intersection(area, union).area / area.area
    assert result.coverage.covered_percent == pytest.approx(covered, abs=0.02)


@pytest.mark.parametrize("i", range(len(AREAS)), ids=[one.name for one in AREAS])
def test_what_is_covered_is_the_union_of_the_footprints_taken(i: int) -> None:
    check_union(AREAS[i], results()[i])


@pytest.mark.parametrize(("one", "days"), [(KANTO, 6), (DATE_LINE, 2)])
def test_the_union_is_right_where_much_stays_open(one: StudyArea, days: float) -> None:
    result = find(one, **NARROW, days=days)
    assert 20.0 < result.coverage.covered_percent < 99.0
    check_union(one, result)


def test_coverage_never_falls_and_never_exceeds_all() -> None:
    for result in (*results(), find(KANTO, **NARROW, days=6)):
        curve = result.coverage
        assert (np.diff(curve.t_s) >= 0.0).all()
        assert (np.diff(curve.percent) > 0.0).all()
        assert curve.percent.max() <= 100.0
        assert curve.adds_percent.min() >= 0.0
        assert curve.adds_percent.sum() == pytest.approx(curve.covered_percent)


def test_one_capture_is_taken_from_each_access_and_the_first_is_its_best() -> None:
    for result in results():
        taken = result.captures.access[result.coverage.adds_percent > 0.0]
        assert len(taken) == len(set(taken.tolist()))
        first = result.captures.access == 1
        best = result.captures.coverage_percent[first].max()
        # Planning looks for it to a thousandth of the area.
        assert result.coverage.adds_percent[first].max() == pytest.approx(best, abs=0.2)


def test_more_days_only_lengthen_the_curve() -> None:
    short, long = (find(KANTO, **NARROW, days=days).coverage for days in (5, 6))
    count = len(short.t_s)
    assert 0 < count < len(long.t_s)
    assert long.t_s[:count] == pytest.approx(short.t_s, abs=0.01)
    assert long.percent[:count] == pytest.approx(short.percent, abs=0.001)


def test_times_of_a_share_are_those_of_the_curve() -> None:
    curve = find(KANTO, **NARROW, days=6).coverage
    assert curve.first_s(0.001) == curve.t_s[0] > NOW_S
    assert curve.first_s(float(curve.percent[2])) == curve.t_s[2]
    assert curve.first_s(100.0 + 1e-9) is None


def test_an_area_around_a_pole_is_covered_too() -> None:
    cap = cut_polygon(shapely.Polygon([(lon, 89.2) for lon in range(-180, 180, 20)]))
    (satellite, elements), *_ = members("GRUS-1A")
    over = (satellite, replace(elements, inclination_deg=90.0))
    one = StudyArea("Pole", cap)
    result = find(one, members=(over,), min_sun_deg=None, max_off_nadir_deg=5.0, days=1)
    assert len(result.captures) >= 14
    assert 50.0 < result.coverage.covered_percent <= 100.0
