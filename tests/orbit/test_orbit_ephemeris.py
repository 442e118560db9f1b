"""An ephemeris says what SGP4 says, to centimetres, wherever one looks."""

from dataclasses import replace

import numpy as np
import pytest

from swath.fleet import load_bundled_elements
from swath.orbit.elements import Elements
from swath.orbit.ephemeris import Ephemeris, fit_around, fit_between, state_at
from swath.orbit.propagate import Propagator, compute_states

DAY_S = 86_400.0
GRUS = next(elements for elements in load_bundled_elements() if elements.name == "GRUS-1A")
ORBITS = {
    "sun-synchronous": (GRUS, 0.1),
    "high": (replace(GRUS, mean_motion=12.8, inclination_deg=66.0), 0.1),
    "eccentric": (replace(GRUS, mean_motion=13.0, eccentricity=0.1), 0.5),
    "decaying": (replace(GRUS, mean_motion=16.0, bstar=1e-3), 0.2),
}


def look(path: Ephemeris, row: int, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions and velocities (N, 3) at seconds from the ephemeris' zero."""
    found = [state_at(path.path(row), at) for at in t.tolist()]
    return np.array([r for r, _ in found]), np.array([v for _, v in found])


@pytest.mark.parametrize(("elements", "tolerance_m"), ORBITS.values(), ids=ORBITS)
def test_positions_are_those_of_sgp4(elements: Elements, tolerance_m: float) -> None:
    zero_s = elements.epoch_s + 2 * DAY_S
    t = np.random.default_rng(1).uniform(0.0, DAY_S, 400)
    exact = compute_states(elements, zero_s + t)
    r_m, v_ms = look(fit_between(Propagator(elements), zero_s, 0.0, DAY_S), 0, t)
    assert np.abs(r_m - exact.r_m).max() < tolerance_m
    # SGP4's own velocity is not quite the derivative of its position.
    assert np.abs(v_ms - exact.v_ms).max() < 1.0


def test_velocities_are_the_derivative_of_positions() -> None:
    path = fit_between(Propagator(GRUS), GRUS.epoch_s, 0.0, DAY_S)
    t = np.linspace(100.0, 80_000.0, 97)
    (before, _), (after, _), (_, v_ms) = (look(path, 0, t + away) for away in (-0.05, 0.05, 0.0))
    assert np.abs((after - before) / 0.1 - v_ms).max() < 1e-3


def test_a_row_around_a_moment_says_the_same_as_one_through_all() -> None:
    middles = np.array([1_000.0, 40_000.0])
    around = fit_around(Propagator(GRUS), GRUS.epoch_s, middles, 200.0)
    through = fit_between(Propagator(GRUS), GRUS.epoch_s, 0.0, DAY_S)
    assert around.half_s >= 200.0
    for row, middle in enumerate(middles):
        t = middle + np.linspace(-200.0, 200.0, 41)
        assert look(around, row, t)[0] == pytest.approx(look(through, 0, t)[0], abs=0.1)


def test_segments_meet() -> None:
    path = fit_between(Propagator(GRUS), GRUS.epoch_s, 0.0, DAY_S)
    seams = path.step_s * np.arange(1, 100)
    (before, _), (after, _) = look(path, 0, seams - 1e-9), look(path, 0, seams + 1e-9)
    assert np.abs(after - before).max() < 0.1
