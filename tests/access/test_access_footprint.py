"""Footprints and reach: the right ground, valid polygons, wherever on the globe."""

from math import radians

import numpy as np
import pytest
from access_world import START_S, grus, polar
from pyproj import Geod
from shapely import MultiPolygon, Point, Polygon

from swath.access import build_footprint, build_reach, compute_look, half_fov_deg
from swath.access.arc import fit_arcs
from swath.access.footprint import Strip, trace_outline
from swath.errors import Invalid
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.geo.measures import area_m2
from swath.geo.plane import coverage_percent
from swath.orbit.propagate import compute_states
from swath.orbit.tracks import find_nodes

HALF = half_fov_deg(55.0, 596.0)
GEOD = Geod(ellps="WGS84")
REVOLUTION_S = 5760.0


def below(t_s: float) -> tuple[float, float]:
    lon, lat, _ = ecef_to_geodetic(compute_states(grus(), t_s).r_m[0])
    return float(lon), float(lat)


def crossing_time() -> float:
    """When the satellite flies over the antimeridian between the polar circles."""
    t = START_S + np.arange(0.0, 86_400.0, 1.0)
    lon, lat, _ = ecef_to_geodetic(compute_states(grus(), t).r_m)
    jumps = (np.abs(np.diff(lon)) > 180) & (np.abs(lat[1:]) < 60)
    return float(t[:-1][jumps][0])


def test_at_nadir_it_is_as_wide_as_the_swath_and_as_long_as_the_flight() -> None:
    node = float(find_nodes(grus(), START_S, START_S + 6000)[0])
    footprint = build_footprint(grus(), node, node + 10.0, 0.0, 0.0, HALF)
    height = ecef_to_geodetic(compute_states(grus(), node).r_m[0])[2]
    (start, end) = below(node), below(node + 10.0)
    length_m = GEOD.inv(*start, *end)[2]
    width_m = 55e3 * float(height) / 596e3
    assert area_m2(footprint) == pytest.approx(length_m * width_m, rel=0.003)
    assert footprint.contains(Point(*below(node + 5.0)))


@pytest.mark.parametrize("roll", [-29.0, -10.0, 0.0, 25.0])
@pytest.mark.parametrize("pitch", [-20.0, 0.0, 15.0])
def test_it_is_valid_all_around_the_orbit_and_holds_what_the_camera_looks_at(
    roll: float, pitch: float
) -> None:
    for t in START_S + np.arange(0.0, REVOLUTION_S, 411.0):
        footprint = build_footprint(grus(), t - 4.0, t + 4.0, roll, pitch, HALF)
        (arc,) = fit_arcs(grus(), t)
        ring = trace_outline(arc, Strip(t - 0.5, t + 0.5, roll, pitch), HALF / 2)
        assert footprint.is_valid
        assert all(footprint.covers(Point(*place)) for place in ring)


def test_its_edges_are_true_between_their_points() -> None:
    t = START_S + 1400.0  # far north, where lines in longitude and latitude bend most
    (arc,) = fit_arcs(grus(), t)
    fine = trace_outline(arc, Strip(t - 15, t + 15, 20.0, 0.0), HALF)
    dense = Polygon(
        np.concatenate(
            [trace_outline(arc, Strip(s, s + 0.3, 20.0, 0.0), HALF)[:2] for s in np.arange(t - 15, t, 0.3)]
        )
    )
    assert np.abs(fine[:, 1]).max() > 75
    away_deg = max(Point(*place).distance(Polygon(fine).exterior) for place in dense.exterior.coords[:-2])
    assert away_deg * 111_000 < 30.0


def test_over_the_antimeridian_it_is_cut_in_two() -> None:
    t = crossing_time()
    footprint = build_footprint(grus(), t - 3, t + 3, 0.0, 0.0, HALF)
    assert isinstance(footprint, MultiPolygon)
    assert footprint.bounds[0] == -180.0
    assert footprint.bounds[2] == 180.0
    assert area_m2(footprint) == pytest.approx(55e3 * 6 * 7e3, rel=0.05)


def test_over_a_pole_it_holds_the_pole() -> None:
    t = START_S + np.arange(0.0, REVOLUTION_S)
    north = float(t[np.argmax(compute_states(polar(), t).r_m[:, 2])])
    footprint = build_footprint(polar(), north - 5, north + 5, 0.0, 0.0, HALF)
    beside = build_footprint(polar(), north - 905, north - 895, 0.0, 0.0, HALF)
    assert footprint.is_valid
    assert footprint.bounds[3] == 90.0
    assert area_m2(footprint) == pytest.approx(area_m2(beside), rel=0.02)


def test_two_halves_make_the_whole() -> None:
    whole, first, second = (
        build_footprint(grus(), START_S + a, START_S + b, 12.0, 5.0, HALF)
        for a, b in ((0, 9), (0, 4), (4, 9))
    )
    assert coverage_percent(first.union(second), whole) > 99.98
    assert area_m2(first) + area_m2(second) == pytest.approx(area_m2(whole), rel=1e-4)


def test_a_footprint_of_no_time_is_refused() -> None:
    with pytest.raises(Invalid, match="after its start"):
        build_footprint(grus(), START_S, START_S, 0.0, 0.0, HALF)


def test_all_of_the_reachs_rim_is_seen_at_its_angle() -> None:
    for t in START_S + np.arange(0.0, REVOLUTION_S, 700.0):
        reach = build_reach(grus(), t, 30.0)
        assert reach.is_valid
        assert reach.covers(Point(*below(t)))
        rim = np.array([point for part in getattr(reach, "geoms", [reach]) for point in part.exterior.coords])
        rim = rim[(np.abs(rim[:, 0]) < 180.0) & (np.abs(rim[:, 1]) < 90.0)]
        r = np.repeat(compute_states(grus(), t).r_m, len(rim), axis=0)
        assert compute_look(r, rim[:, 0], rim[:, 1]).off_nadir_deg == pytest.approx(30.0, abs=1e-6)


def test_reach_over_a_pole_and_to_the_horizon() -> None:
    t = START_S + np.arange(0.0, REVOLUTION_S)
    north = float(t[np.argmax(compute_states(polar(), t).r_m[:, 2])])
    cap = build_reach(polar(), north, 30.0)
    assert cap.is_valid
    assert cap.bounds[3] == 90.0
    radius_m = 596e3 * np.tan(radians(30.0))
    assert area_m2(cap) == pytest.approx(np.pi * radius_m**2, rel=0.15)
    horizon = build_reach(grus(), START_S, 90.0)
    share = (1 - 6371 / (6371 + 596)) / 2
    assert area_m2(horizon) == pytest.approx(share * 510e12, rel=0.15)
