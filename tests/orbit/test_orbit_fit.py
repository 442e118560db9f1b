"""The closed form of an orbit: its margins hold at every moment, and it says when it is of no use."""

from dataclasses import replace

import numpy as np
import pytest

from swath.fleet import load_bundled_elements
from swath.orbit.elements import Elements
from swath.orbit.fit import OrbitFit, fit_orbit, mean_anomaly
from swath.orbit.propagate import Propagator, compute_states

DAY_S = 86_400.0
GRUS = next(elements for elements in load_bundled_elements() if elements.name == "GRUS-1A")
ORBITS = {
    "sun-synchronous": GRUS,
    "polar": replace(GRUS, inclination_deg=90.0),
    "along the tropics": replace(GRUS, inclination_deg=8.0),
    "retrograde": replace(GRUS, inclination_deg=170.0, mean_motion=12.6),
    "eccentric": replace(GRUS, mean_motion=13.0, eccentricity=0.1, inclination_deg=63.4),
    "decaying": replace(GRUS, mean_motion=15.8, bstar=3e-4),
}


def predict(fit: OrbitFit, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normals and directions to the ascending node (N, 3), and the mean longitude (N,), by the fit alone."""
    tau = t_s - fit.middle_s
    lon = fit.normal_lon + fit.normal_rate * tau
    normal = np.stack(
        [np.cos(fit.tilt) * np.cos(lon), np.cos(fit.tilt) * np.sin(lon), np.full(len(tau), np.sin(fit.tilt))],
        1,
    )
    node = np.stack([-np.sin(lon), np.cos(lon), np.zeros(len(tau))], axis=1)
    return normal, node, fit.longitude + fit.longitude_rate * tau + fit.longitude_bend * tau**2


@pytest.mark.parametrize("days", [0.01, 1.0, 16.0])
@pytest.mark.parametrize("elements", ORBITS.values(), ids=ORBITS)
def test_the_margins_hold_at_any_moment(elements: Elements, days: float) -> None:
    start_s = elements.epoch_s + 3 * DAY_S
    fit = fit_orbit(Propagator(elements), start_s, start_s + days * DAY_S)
    t_s = np.random.default_rng(2).uniform(start_s, start_s + days * DAY_S, 3000)
    r = compute_states(elements, t_s).r_m
    normal, node, longitude = predict(fit, t_s)
    distance = np.linalg.norm(r, axis=1)
    from_plane = np.arcsin((r * normal).sum(1) / distance)
    u = np.arctan2((r * np.cross(normal, node)).sum(1), (r * node).sum(1))
    perigee = fit.perigee + fit.perigee_rate * (t_s - fit.middle_s)
    mean = perigee + [mean_anomaly(true, fit.eccentricity) for true in u - perigee]
    off_phase = np.mod(mean - longitude + np.pi, 2 * np.pi) - np.pi
    assert fit.is_usable
    assert np.abs(from_plane).max() < fit.plane_margin
    assert np.abs(off_phase).max() < fit.phase_margin
    assert distance.max() < fit.apogee_m * 1.002


def test_a_good_orbit_has_small_margins() -> None:
    fit = fit_orbit(Propagator(GRUS), GRUS.epoch_s, GRUS.epoch_s + 14 * DAY_S)
    assert fit.plane_margin < 3e-4
    assert fit.phase_margin < 5e-3
    assert fit.period_s == pytest.approx(DAY_S / GRUS.mean_motion, rel=2e-3)


def test_the_equation_of_the_centre_is_keplers() -> None:
    for eccentricity in (0.0, 0.01, 0.1):
        for eccentric in np.linspace(-3.0, 3.0, 13):
            true = 2 * np.arctan(np.sqrt((1 + eccentricity) / (1 - eccentricity)) * np.tan(eccentric / 2))
            expected = eccentric - eccentricity * np.sin(eccentric)
            assert mean_anomaly(true, eccentricity) == pytest.approx(expected, abs=eccentricity**4)


@pytest.mark.parametrize(
    "change",
    [
        {"mean_motion": 1.0027, "eccentricity": 0.0002, "bstar": 0.0},
        {"mean_motion": 2.006, "eccentricity": 0.7, "bstar": 0.0},
        {"inclination_deg": 0.1},
    ],
    ids=["geosynchronous", "highly eccentric", "along the equator"],
)
def test_orbits_of_another_kind_are_told(change: dict[str, float]) -> None:
    elements = replace(GRUS, **change)
    assert not fit_orbit(Propagator(elements), elements.epoch_s, elements.epoch_s + 3 * DAY_S).is_usable
