"""Orbits that the access tests fly on."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from swath.fleet import load_bundled_elements
from swath.orbit.elements import Elements

START_S = datetime(2026, 8, 22, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0


def grus(name: str = "GRUS-1A") -> Elements:
    """A bundled element set by name."""
    return next(elements for elements in load_bundled_elements() if elements.name == name)


def polar() -> Elements:
    """An orbit over both poles."""
    return replace(grus(), inclination_deg=90.0)


def geosynchronous() -> Elements:
    """One revolution a sidereal day."""
    return replace(
        grus(),
        mean_motion=1.00273791,
        eccentricity=0.0002,
        inclination_deg=1.0,
        bstar=0.0,
        mean_motion_dot=0.0,
    )


def spread(count: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Places spread evenly over the globe."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
