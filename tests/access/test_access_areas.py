"""Accesses of areas: from the first to the last moment at which any part of an area is within the limits."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from access_world import DAY_S, START_S, geosynchronous, grus, polar
from shapely import MultiPolygon, Polygon, box

from swath.access import find_accesses, find_area_accesses, stream_area_accesses
from swath.access.area_search import find_area_spans
from swath.access.areas import build_areas
from swath.access.limits import Limits
from swath.access.look import Targets, build_targets
from swath.errors import Invalid
from swath.geo.ellipsoid import B_M, ecef_to_geodetic, geodetic_nadir
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states

END_S = START_S + DAY_S
STAR = Polygon(
    [
        (10 + r * np.cos(a), 20 + r * np.sin(a))
        for a, r in zip(np.arange(10) * np.pi / 5, [8, 3] * 5, strict=True)
    ]
)

pytestmark = pytest.mark.slow
AREAS = {
    "a town": box(139.0, 35.0, 139.2, 35.2),
    "a strip of latitudes": box(-20, 10, 40, 12),
    "a strip of longitudes": box(20, -30, 21, 30),
    "a star": STAR,
    "a ring": box(0, 40, 20, 55).difference(box(5, 45, 15, 50)),
    "two islands": MultiPolygon([box(0, 0, 1, 1), box(15, 10, 16, 11)]),
    "across the antimeridian": MultiPolygon([box(175, -20, 180, -10), box(-180, -20, -172, -10)]),
    "around a pole": box(-180, 70, 180, 90),
    "a continent": box(-20, -30, 40, 35),
}
LIMITS = {
    "off-nadir 30": {"max_off_nadir_deg": 30.0},
    "elevation 10": {"min_elevation_deg": 10.0},
    "both": {"max_off_nadir_deg": 35.0, "min_elevation_deg": 50.0},
    "a ring of angles": {"max_off_nadir_deg": 30.0, "min_off_nadir_deg": 20.0},
}
ORBITS = {
    "sun-synchronous": grus(),
    "along the tropics": replace(grus(), inclination_deg=8.0),
    "polar": polar(),
}


# The other way: look at thousands of points of the area every some seconds, then halve the seconds.


def spread_over(area: shapely.Geometry, step_km: float) -> Targets:
    """Points of the outline so far apart, and some inside."""
    fine = shapely.segmentize(area, step_km / 111)
    west, south, east, north = area.bounds
    grid = np.stack(np.meshgrid(np.linspace(west, east, 25), np.linspace(south, north, 25)), -1).reshape(
        -1, 2
    )
    inside = grid[shapely.contains_xy(area, grid)]
    return build_targets(*np.concatenate([shapely.get_coordinates(fine), inside]).T)


def look(orbit: Elements, places: Targets, t_s: float, limits: dict[str, float]) -> float:
    """The highest sine of the elevation of what is within the limits at a time; -2 if nothing is."""
    r = compute_states(orbit, t_s).r_m[0]
    sight = r - places.r_m
    distance = np.linalg.norm(sight, axis=1)
    sine, cosine = (sight * places.up).sum(1) / distance, -(sight @ geodetic_nadir(r)) / distance
    least, outer, inner = (
        np.radians(limits.get(name, default))
        for name, default in (
            ("min_elevation_deg", 0.0),
            ("max_off_nadir_deg", 90.0),
            ("min_off_nadir_deg", 0.0),
        )
    )
    kept = (sine >= np.sin(least)) & (cosine >= np.cos(outer)) & (cosine <= np.cos(inner))
    return float(sine[kept].max(initial=-2.0))


def halve(orbit: Elements, places: Targets, limits: dict[str, float], outside: float, inside: float) -> float:
    while abs(inside - outside) > 2e-4:
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if look(orbit, places, middle, limits) > -2 else (middle, inside)
    return inside


def find_densely(
    orbit: Elements, area: shapely.Geometry, limits: dict[str, float], step_km: float = 1.5
) -> np.ndarray:
    """Rise, set and highest elevation (N, 3) of the accesses to an area that touch the day and last 10 s or more."""
    places, coarse = spread_over(area, step_km), spread_over(area, 20.0)
    t = np.arange(START_S - 9000, END_S + 9000, 10.0)
    tops = np.full(len(t), -2.0)
    for i in np.flatnonzero(is_near(orbit, coarse, t)):
        tops[i] = look(orbit, coarse, t[i], limits)
    seen = np.flatnonzero(tops > -2)
    rows = []
    for group in np.split(seen, np.flatnonzero(np.diff(seen) > 200) + 1) if len(seen) else []:
        first, last = group[0], min(group[-1], len(t) - 2)
        rise = halve(orbit, places, limits, t[first - 1], t[first])
        fall = halve(orbit, places, limits, t[last + 1], t[last])
        rows += [(rise, fall, np.degrees(np.arcsin(tops[group].max())))]
    return np.array([row for row in rows if row[1] > START_S and row[0] < END_S]).reshape(-1, 3)


def is_near(orbit: Elements, places: Targets, t_s: np.ndarray) -> np.ndarray:
    r = compute_states(orbit, t_s).r_m
    distance_m = np.linalg.norm(r, axis=1)
    nearest = ((r / distance_m[:, None]) @ places.directions.T).max(axis=1)
    return nearest > np.cos(np.arccos(B_M / distance_m) + 0.01)


@pytest.mark.slow
@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_accesses_are_those_of_thousands_of_points(area: shapely.Geometry, limits: dict[str, float]) -> None:
    """Points 1.5 km apart leave 2 ms; the highest point is looked for every 10 s only, 20 km apart."""
    compare(grus(), area, limits)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a star", "around a pole", "a continent"])
@pytest.mark.parametrize("orbit", ORBITS.values(), ids=ORBITS)
def test_whatever_the_orbit(orbit: Elements, name: str) -> None:
    compare(orbit, AREAS[name], LIMITS["off-nadir 30"])


@pytest.mark.slow
def test_on_the_horizon_a_climbing_satellite_sees_an_area_less_far_off_nadir_than_before() -> None:
    orbit = replace(grus(), inclination_deg=30.0, eccentricity=0.19, mean_motion=10.6)
    compare(orbit, AREAS["a strip of latitudes"], {"max_off_nadir_deg": 52.2})


def compare(
    orbit: Elements, area: shapely.Geometry, limits: dict[str, float], within_s: float = 4e-3
) -> None:
    found, dense = (
        find_area_accesses(orbit, [area], START_S, END_S, **limits),
        find_densely(orbit, area, limits),
    )
    found = found.take(found.set_s - found.rise_s > 20.0)
    dense = dense[dense[:, 1] - dense[:, 0] > 20.0]
    assert len(found) == len(dense)
    assert np.abs(found.rise_s - dense[:, 0]).max(initial=0.0) < within_s
    assert np.abs(found.set_s - dense[:, 1]).max(initial=0.0) < within_s
    assert (found.max_elevation_deg - dense[:, 2]).min(initial=0.0) > -0.05
    assert (found.max_elevation_deg - dense[:, 2]).max(initial=0.0) < 4.0


@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_with_almost_no_angle_it_is_the_track_crossing_the_area(area: shapely.Geometry) -> None:
    """At 0.01 degrees the satellite sees 100 m of ground, 15 ms of flight; no point of an outline is that near."""
    found = find_area_accesses(grus(), [area], START_S, END_S, max_off_nadir_deg=0.01)
    t = np.arange(START_S - 1800, END_S + 1800, 0.25)
    inside = np.flatnonzero(shapely.contains_xy(area, *ecef_to_geodetic(compute_states(grus(), t).r_m)[:2]))
    groups = np.split(inside, np.flatnonzero(np.diff(inside) > 8000) + 1) if len(inside) else []
    crossings = np.array([(t[g[0]], t[g[-1]]) for g in groups]).reshape(-1, 2)
    crossings = crossings[(crossings[:, 1] > START_S) & (crossings[:, 0] < END_S)]
    assert len(found) == len(crossings)
    assert (np.abs(crossings[:, 0] - found.rise_s - 0.15) < 0.2).all()
    assert (np.abs(found.set_s - crossings[:, 1] - 0.15) < 0.2).all()
    assert found.off_nadir_deg == pytest.approx(0.0, abs=2e-3)


def test_an_area_larger_than_what_is_seen_of_it_is_one_access_all_along() -> None:
    """No point of the outline is in reach for a quarter of an hour, while the satellite is over the inside."""
    found = find_area_accesses(grus(), [AREAS["a continent"]], START_S, END_S, max_off_nadir_deg=5.0)
    i = int(np.argmax(found.set_s - found.rise_s))
    assert found.set_s[i] - found.rise_s[i] > 900
    assert (found.max_elevation_deg[i], found.off_nadir_deg[i]) == (90.0, 0.0)
    inside = AREAS["a continent"].contains(shapely.Point(*below(grus(), found.t_max_s[i])))
    assert inside


def test_a_second_in_the_middle_of_a_crossing_finds_the_whole_crossing() -> None:
    whole = find_area_accesses(grus(), [AREAS["a continent"]], START_S, END_S, max_off_nadir_deg=5.0)
    i = int(np.argmax(whole.set_s - whole.rise_s))
    middle = (whole.rise_s[i] + whole.set_s[i]) / 2
    part = find_area_accesses(grus(), [AREAS["a continent"]], middle, middle + 1, max_off_nadir_deg=5.0)
    assert part.rise_s == pytest.approx(whole.rise_s[[i]], abs=1e-3)
    assert part.set_s == pytest.approx(whole.set_s[[i]], abs=1e-3)


def test_an_area_of_some_metres_is_a_place() -> None:
    lon, lat = 15.4, 78.23
    dot = box(lon - 3e-5, lat - 3e-5, lon + 3e-5, lat + 3e-5)
    area, place = (
        find(grus(), *where, START_S, END_S, max_off_nadir_deg=35.0, min_elevation_deg=20.0)
        for find, where in ((find_area_accesses, ([dot],)), (find_accesses, (lon, lat)))
    )
    assert len(place) > 3
    for column in ("rise_s", "set_s", "t_max_s", "max_elevation_deg", "off_nadir_deg", "sun_azimuth_deg"):
        assert getattr(area, column) == pytest.approx(getattr(place, column), abs=2e-3)


def test_every_point_of_an_area_is_seen_within_its_accesses() -> None:
    found = find_area_accesses(grus(), [STAR], START_S, END_S, max_off_nadir_deg=30.0)
    lon, lat = shapely.get_coordinates(STAR).T
    points = find_accesses(grus(), lon, lat, START_S, END_S, max_off_nadir_deg=30.0)
    holds = (points.rise_s[:, None] > found.rise_s - 1e-4) & (points.set_s[:, None] < found.set_s + 1e-4)
    assert len(points)
    assert holds.any(axis=1).all()


def test_it_lasts_on_while_the_parts_are_out_of_reach() -> None:
    islands = AREAS["two islands"]
    both = find_area_accesses(
        grus(), [islands, *islands.geoms], START_S, START_S + 5 * DAY_S, min_elevation_deg=20
    )
    of_each = [both.take(both.target == target) for target in (1, 2)]
    together = both.take(both.target == 0)
    starts = np.concatenate([one.rise_s for one in of_each])
    assert len(together) < len(starts)
    assert set(np.round(together.rise_s, 2)) <= set(np.round(starts, 2))


def test_a_least_off_nadir_angle_is_kept_where_the_area_comes_too_near() -> None:
    ring = find_area_accesses(grus(), [STAR], START_S, END_S, max_off_nadir_deg=30.0, min_off_nadir_deg=20.0)
    disc = find_area_accesses(grus(), [STAR], START_S, END_S, max_off_nadir_deg=30.0)
    assert ring.rise_s == pytest.approx(disc.rise_s)
    assert (ring.off_nadir_deg > 20.0 - 1e-4).all()
    assert (disc.off_nadir_deg < 20.0).any()


def test_nothing_is_far_enough_from_the_nadir_and_high_enough_too() -> None:
    limits = {"min_elevation_deg": 60.0, "min_off_nadir_deg": 35.0}
    assert len(find_area_accesses(grus(), [STAR], START_S, END_S, **limits)) == 0


@pytest.mark.filterwarnings("ignore::swath.access.FarElements")
def test_pieces_of_a_long_range_fit_together() -> None:
    end_s = START_S + 40 * DAY_S
    whole = find_area_accesses(grus(), [AREAS["a continent"]], START_S, end_s, max_off_nadir_deg=30.0)
    edges = np.linspace(START_S, end_s, 9)
    parts = [
        find_area_accesses(grus(), [AREAS["a continent"]], *ends, max_off_nadir_deg=30.0)
        for ends in pairwise(edges)
    ]
    rises = np.unique(np.round(np.concatenate([part.rise_s for part in parts]), 1))
    assert np.abs(whole.rise_s - rises).max() < 0.1


def test_blocks_are_the_table_cut_in_pieces() -> None:
    areas = list(AREAS.values())
    orbits = [grus(), grus("GRUS-1B")]
    table = find_area_accesses(orbits, areas, START_S, END_S, max_off_nadir_deg=30.0)
    blocks = list(stream_area_accesses(orbits, areas, START_S, END_S, max_off_nadir_deg=30.0))
    assert np.concatenate([block.rise_s for block in blocks]).tolist() == table.rise_s.tolist()
    assert (np.diff(table.satellite * len(areas) + table.target) >= 0).all()


# Orbits that fly by in other ways.


def below(orbit: Elements, t_s: float) -> tuple[float, float]:
    lon, lat, _ = ecef_to_geodetic(compute_states(orbit, t_s).r_m[0])
    return float(lon), float(lat)


def test_an_area_below_a_satellite_that_never_sets_is_seen_all_the_time() -> None:
    lon, lat = below(geosynchronous(), START_S)
    area = box(lon - 5, lat - 3, lon + 5, lat + 3)
    found = find_area_accesses(geosynchronous(), [area], START_S, END_S, max_off_nadir_deg=2.0)
    assert len(found) == 1
    assert found.rise_s[0] < START_S
    assert found.set_s[0] > END_S
    assert found.max_elevation_deg[0] == 90.0


@pytest.mark.slow
def test_along_the_equator_points_of_the_outline_tell() -> None:
    orbit = replace(grus(), inclination_deg=0.2)
    compare(orbit, AREAS["two islands"], LIMITS["off-nadir 30"], within_s=0.05)


@pytest.mark.slow
def test_points_and_edges_agree() -> None:
    """Points 12 km apart are late by what the patch that is seen, 300 km wide and more, is bent between them."""
    from swath.access import area_search

    areas, limits = build_areas(list(AREAS.values())), Limits(np.zeros(len(AREAS)), 30.0)
    edges = find_area_spans(grus(), areas, limits, START_S, END_S)
    points = area_search._find_by_points(grus(), areas, limits, START_S, END_S)
    long = edges.take(edges.set_s - edges.rise_s > 30)
    assert np.isin(np.round(long.rise_s), np.round(points.rise_s + 0.01)).mean() > 0.9


# What an area is.


def test_the_middle_is_the_centre_of_the_area() -> None:
    built = build_areas([box(139, 35, 140, 36), AREAS["across the antimeridian"], AREAS["around a pole"]])
    assert built.lon_deg[:2] == pytest.approx([139.5, -178.5], abs=0.02)
    assert built.lat_deg == pytest.approx([35.5, -15.0, 90.0], abs=0.02)


@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_an_area_lies_within_its_radius(area: shapely.Geometry) -> None:
    built = build_areas([area])
    places = spread_over(area, 30.0)
    angle = np.arccos(np.clip(places.directions @ built.middles.directions[0], -1, 1))
    assert angle.max() <= built.radius_rad[0]
    assert built.radius_rad[0] < angle.max() + 0.005


def test_geojson_is_as_good_as_shapely() -> None:
    geojson = {"type": "Polygon", "coordinates": [[[139, 35], [140, 35], [140, 36], [139, 36], [139, 35]]]}
    found, wanted = (
        find_area_accesses(grus(), [area], START_S, END_S) for area in (geojson, box(139, 35, 140, 36))
    )
    assert found.rise_s == pytest.approx(wanted.rise_s, abs=1e-6)


def test_areas_may_be_built_once() -> None:
    built = build_areas(list(AREAS.values()))
    found, wanted = (
        find_area_accesses(grus(), areas, START_S, END_S) for areas in (built, list(AREAS.values()))
    )
    assert found.rise_s.tolist() == wanted.rise_s.tolist()


def test_no_area_gives_no_access() -> None:
    assert len(find_area_accesses(grus(), [], START_S, END_S)) == 0


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (Polygon(), "Area 1: coordinates is empty"),
        (MultiPolygon(), "Area 1: coordinates is empty"),
        (Polygon([(0, 0), (1, 1), (0, 1), (1, 0)]), "Area 1: The ring crosses or touches itself"),
        (Polygon([(0, 0), (1, 1), (2, 2)]), "Area 1: The ring has no area"),
        (box(170, 0, 190, 10), "Longitude 190 is outside -180..180; write -170"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, np.nan], [0, 1], [0, 0]]]}, "finite numbers"),
        ({"type": "Point", "coordinates": [0, 0]}, "geometry is a 'Point'"),
        (box(-100, -60, 100, 60), "the limit is 8000 km"),
    ],
)
def test_what_is_no_area_is_refused_with_a_sentence(area: shapely.Geometry, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        find_area_accesses(grus(), [STAR, area], START_S, END_S)
