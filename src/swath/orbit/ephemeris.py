"""Where a satellite is, as polynomials: SGP4's own answer in ITRF, without asking SGP4 again.

A row of an ephemeris covers a stretch of time in segments of equal length; in each, x, y and z are quintics. They come
from SGP4 at nodes a segment length apart, some of them before the segment and as many after it:

    o   o   o   o=======o   o   o   o

The polynomial through all of these is within centimetres of SGP4, and on the segment in the middle a quintic is within
centimetres of that. Velocities are its derivative, so the two agree, as SGP4's own do not. A short row takes fewer
nodes, which are closer: most of them serve one segment only. A long one takes more, further apart.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.polynomial.chebyshev import chebpts1
from numpy.typing import NDArray

from swath.compiled import kernel
from swath.geo.kernels import Vector
from swath.orbit.earth import earth_at, load_earth_table
from swath.orbit.mean import DAY_S, Elements
from swath.orbit.propagate import Propagator

Floats = NDArray[np.float64]
# One row for kernels: start, length of a segment, coefficients (segments, 3, TERMS).
Path = tuple[float, float, Floats]
# All rows for kernels: their starts (R,), length of a segment, coefficients (R, segments, 3, TERMS).
Paths = tuple[Floats, float, Floats]

TERMS = 6


@dataclass(frozen=True)
class Grain:
    """How many nodes a segment is made from, an even number, and how many segments there are at least in a turn."""

    nodes: int
    segments_a_turn: int

    def longest_s(self, elements: Elements) -> float:
        """How long a segment may be: shorter where the orbit is quick and bends most."""
        e = elements.eccentricity
        return DAY_S / elements.mean_motion / self.segments_a_turn * (1 - e) ** 2 / (1 + e) ** 0.5

    def count_nodes(self, elements: Elements, length_s: float) -> int:
        """How often SGP4 is asked for a row of a length."""
        return ceil(length_s / self.longest_s(elements)) + self.nodes - 1


AROUND, THROUGH = Grain(8, 34), Grain(16, 18)


@dataclass(frozen=True)
class Ephemeris:
    """Rows (R,) of segments from `start_s`, seconds from `zero_s` (POSIX), each segment `step_s` long.

    `coefficients` (R, segments, 3, TERMS) are metres ITRF in powers of a segment's own time, which runs from -1/2 to
    1/2. Times in kernels count from `zero_s`: a float of POSIX seconds is no finer than 0.2 microseconds.
    """

    zero_s: float
    start_s: Floats
    step_s: float
    coefficients: Floats

    @property
    def half_s(self) -> float:
        """How far a row reaches from its middle."""
        return self.coefficients.shape[1] * self.step_s / 2

    def take(self, some: NDArray[np.intp] | slice) -> "Ephemeris":
        """Some of its rows, in that order; all of it, if it is one for all."""
        if len(self.start_s) == 1:
            return self
        return replace(self, start_s=self.start_s[some], coefficients=self.coefficients[some])

    def path(self, row: int) -> Path:
        """One row for kernels."""
        return float(self.start_s[row]), self.step_s, self.coefficients[row]

    @property
    def packed(self) -> Paths:
        """All rows for kernels."""
        return self.start_s, self.step_s, self.coefficients


def fit_around(propagator: Propagator, zero_s: float, middles_s: Floats, half_s: float) -> Ephemeris:
    """A row around each of the times (R,), seconds from `zero_s`, that reaches at least `half_s` to either side.

    Raises PropagationFailed when SGP4 gives no position.
    """
    return _fit(propagator, zero_s, middles_s - half_s, 2 * half_s, AROUND)


def fit_between(propagator: Propagator, zero_s: float, start_s: float, end_s: float) -> Ephemeris:
    """One row from start to end, seconds from `zero_s`. Raises PropagationFailed."""
    return _fit(propagator, zero_s, np.array([start_s]), end_s - start_s, THROUGH)


def _fit(propagator: Propagator, zero_s: float, starts_s: Floats, length_s: float, grain: Grain) -> Ephemeris:
    segments = ceil(length_s / grain.longest_s(propagator.elements))
    step_s, beside = length_s / segments, grain.nodes // 2 - 1
    offsets = step_s * np.arange(-beside, segments + beside + 1)
    t_s = (zero_s + (starts_s[:, None] + offsets)).ravel()
    r_km, _ = propagator.compute_teme(t_s)
    table = load_earth_table()
    turn_to_itrf(t_s, r_km, table.t_s[0], table.packed)
    nodes = r_km.reshape(len(starts_s), len(offsets), 3)
    return Ephemeris(zero_s, starts_s, step_s, build_segments(nodes, _nodes_to_quintic(grain.nodes)))


@kernel
def turn_to_itrf(t_s: Floats, r_km: Floats, first_s: float, table: Floats) -> None:
    """Positions (N, 3) in km from TEME to metres ITRF, in place, by the packed Earth table that begins at `first_s`."""
    for i in range(len(t_s)):
        angle, x, y = earth_at(t_s[i], first_s, table)
        cos, sin = np.cos(angle) * 1e3, np.sin(angle) * 1e3
        east, north, up = r_km[i, 0], r_km[i, 1], r_km[i, 2] * 1e3
        a, b = cos * east + sin * north, cos * north - sin * east
        r_km[i, 0], r_km[i, 1], r_km[i, 2] = a + x * up, b - y * up, up - x * a + y * b


@kernel
def build_segments(nodes: Floats, to_quintic: Floats) -> Floats:
    """Coefficients (R, M, 3, TERMS) from nodes (R, M + N - 1, 3), by the matrix (TERMS, N) for N of them."""
    rows, count = len(nodes), nodes.shape[1] - to_quintic.shape[1] + 1
    out = np.empty((rows, count, 3, TERMS))
    for row in range(rows):
        for segment in range(count):
            for axis in range(3):
                for term in range(TERMS):
                    total = 0.0
                    for k in range(to_quintic.shape[1]):
                        total += to_quintic[term, k] * nodes[row, segment + k, axis]
                    out[row, segment, axis, term] = total
    return out


@kernel
def path_of(paths: Paths, i: int) -> Path:
    """The i-th row, or the only one, if there is one for all."""
    starts_s, step_s, rows = paths
    row = i % len(rows)
    return starts_s[row], step_s, rows[row]


@kernel
def state_at(path: Path, t_s: float) -> tuple[Vector, Vector]:
    """Position (metres ITRF) and velocity (m/s, relative to the ground) on one row of an ephemeris.

    Beyond the row's ends the polynomial of its first or last segment goes on.
    """
    start_s, step_s, row = path
    rate = 1.0 / step_s
    place = (t_s - start_s) * rate
    segment = min(max(int(place), 0), len(row) - 1)
    u = place - segment - 0.5
    x, vx = _horner(row[segment, 0], u)
    y, vy = _horner(row[segment, 1], u)
    z, vz = _horner(row[segment, 2], u)
    return (x, y, z), (vx * rate, vy * rate, vz * rate)


@kernel
def sample_path(path: Path, t_s: Floats) -> Floats:
    """Positions (N, 3), metres ITRF, at times (N,) from the ephemeris' zero."""
    out = np.empty((len(t_s), 3))
    for i in range(len(t_s)):
        out[i] = state_at(path, t_s[i])[0]
    return out


@kernel
def _horner(c: Floats, u: float) -> tuple[float, float]:
    """A quintic and its derivative."""
    value = ((((c[5] * u + c[4]) * u + c[3]) * u + c[2]) * u + c[1]) * u + c[0]
    slope = (((5 * c[5] * u + 4 * c[4]) * u + 3 * c[3]) * u + 2 * c[2]) * u + c[1]
    return value, slope


@lru_cache
def _nodes_to_quintic(count: int) -> Floats:
    """The matrix (TERMS, count) from values at even nodes to the quintic of the segment in their middle."""
    nodes = np.arange(count) - (count - 1) / 2
    at = chebpts1(TERMS) / 2
    through_all = np.linalg.solve(
        np.vander(nodes, increasing=True).T, np.vander(at, count, increasing=True).T
    )
    quintic = np.linalg.solve(np.vander(at, increasing=True), through_all.T)
    return np.ascontiguousarray(quintic, np.float64)
