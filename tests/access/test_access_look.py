"""How place and satellite see each other, on cases that can be worked out by hand."""

import numpy as np
import pytest

from swath.access.look import (
    build_targets,
    compute_gsd_m,
    compute_look,
    sample_sin_elevation,
    sin_elevation,
)
from swath.geo.ellipsoid import A_M, geodetic_to_ecef

HEIGHT_M = 600e3


def test_straight_overhead_nothing_is_tilted() -> None:
    look = compute_look(geodetic_to_ecef([30.0], [48.0], HEIGHT_M), 30.0, 48.0)
    assert look.off_nadir_deg[0] == pytest.approx(0.0, abs=1e-6)
    assert look.incidence_deg[0] == pytest.approx(0.0, abs=1e-6)
    assert look.range_m[0] == pytest.approx(HEIGHT_M, abs=1e-3)


@pytest.mark.parametrize(("lon", "lat", "azimuth"), [(1, 0, 90), (-1, 0, 270), (0, 1, 0), (0, -1, 180)])
def test_azimuth_leads_from_the_place_to_the_satellite(lon: float, lat: float, azimuth: float) -> None:
    look = compute_look(geodetic_to_ecef([lon], [lat], HEIGHT_M), 0.0, 0.0)
    assert look.azimuth_deg[0] == pytest.approx(azimuth, abs=1e-6)


def test_on_the_equator_angles_add_up() -> None:
    # In the equator's plane the ellipsoid is a circle: incidence = off-nadir + angle at the Earth's centre.
    away = 3.0
    look = compute_look(geodetic_to_ecef([away], [0.0], HEIGHT_M), 0.0, 0.0)
    assert look.incidence_deg[0] == pytest.approx(look.off_nadir_deg[0] + away, abs=1e-9)
    law_of_sines = A_M / (A_M + HEIGHT_M) * np.sin(np.radians(look.incidence_deg[0]))
    assert np.sin(np.radians(look.off_nadir_deg[0])) == pytest.approx(law_of_sines, abs=1e-12)


def test_pixels_grow_with_distance_and_slant() -> None:
    overhead, aside = (compute_look(geodetic_to_ecef([lon], [0.0], HEIGHT_M), 0.0, 0.0) for lon in (0.0, 3.0))
    assert compute_gsd_m(2.5, HEIGHT_M, overhead)[0] == pytest.approx(2.5)
    expected = 2.5 * aside.range_m[0] / HEIGHT_M / np.cos(np.radians(aside.incidence_deg[0])) ** 0.5
    assert compute_gsd_m(2.5, HEIGHT_M, aside)[0] == pytest.approx(expected)


def test_the_sampled_elevation_is_the_elevation() -> None:
    rng = np.random.default_rng(3)
    r = geodetic_to_ecef(rng.uniform(-180, 180, 50), rng.uniform(-90, 90, 50), HEIGHT_M)
    places = build_targets(rng.uniform(-180, 180, 6), rng.uniform(-90, 90, 6))
    sampled = sample_sin_elevation(r, places)
    for i in range(6):
        one = places.take(np.full(50, i))
        assert sampled[:, i] == pytest.approx(sin_elevation(r, one), abs=1e-9)


def test_small_angles_are_exact() -> None:
    # One millimetre beside a satellite above the equator, where a cosine would be 1.
    r = np.array([[A_M + HEIGHT_M, 0.0, 0.0]])
    aside_deg = np.degrees(1e-3 / A_M)
    look = compute_look(r, [aside_deg], [0.0])
    assert look.off_nadir_deg[0] == pytest.approx(np.degrees(1e-3 / HEIGHT_M), rel=1e-4)
    assert look.incidence_deg[0] == pytest.approx(look.off_nadir_deg[0] + aside_deg, rel=1e-4)
