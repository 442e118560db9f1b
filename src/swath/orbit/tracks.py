"""Ground tracks: the line below a satellite, one a revolution, from ascending node to ascending node."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString

from swath.errors import Fault, Invalid
from swath.geo.antimeridian import cut_line
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.orbit.earth import DAY_S
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states

Floats = NDArray[np.float64]

TRACK_STEP_S = 60.0
NODE_STEP_S = 120.0
NODE_TOLERANCE_S = 1e-4


@dataclass(frozen=True)
class GroundTrack:
    """One revolution: its number, when it starts and ends (POSIX seconds), and its line, cut at the antimeridian."""

    satellite: str
    revolution: int
    start_s: float
    end_s: float
    geometry: MultiLineString


def period_s(elements: Elements) -> float:
    """The nodal period in seconds, near enough to step by."""
    return DAY_S / elements.mean_motion


def find_nodes(elements: Elements, start_s: float, end_s: float) -> Floats:
    """Times (N,) in [start, end) at which the satellite crosses the equator northwards, to 0.1 ms."""
    t = np.arange(start_s, end_s + NODE_STEP_S, NODE_STEP_S)
    z = compute_states(elements, t).r_m[:, 2]
    (rising,) = np.nonzero((z[:-1] < 0) & (z[1:] >= 0))
    low, high = t[rising], t[rising + 1]
    for _ in range(ceil(np.log2(NODE_STEP_S / NODE_TOLERANCE_S))):
        middle = (low + high) / 2
        below = compute_states(elements, middle).r_m[:, 2] < 0 if middle.size else np.zeros(0, bool)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return high[(high >= start_s) & (high < end_s)]


def find_ground_tracks(elements: Elements, start_s: float, end_s: float) -> tuple[GroundTrack, ...]:
    """The revolutions that touch [start, end): the first is the one running at `start_s`. Raises Invalid."""
    if not start_s < end_s:
        raise Invalid(Fault("/end", "interval", "The end of the range must be after its start."))
    reach = 1.2 * period_s(elements) + NODE_STEP_S
    nodes = find_nodes(elements, start_s - reach, end_s + reach)
    first = max(int(np.searchsorted(nodes, start_s, side="right")) - 1, 0)
    last = int(np.searchsorted(nodes, end_s, side="left"))
    number = revolution_at(elements, float(nodes[first]) + 60.0)
    return tuple(
        _track(elements, number + i, float(nodes[first + i]), float(nodes[first + i + 1]))
        for i in range(last - first)
    )


def revolution_at(elements: Elements, t_s: float) -> int:
    """The number of the revolution that runs at a time, counted on from the set's own number at its epoch.

    Element sets count a revolution from its ascending node, and number the one in which the epoch lies (their printed
    count is kept modulo 100,000). Between epoch and time the nodes are found, not estimated.
    """
    return int(compute_revolutions(elements, np.array([t_s]))[0])


def compute_revolutions(elements: Elements, t_s: Floats) -> NDArray[np.int64]:
    """Revolution numbers at times (N,), as `revolution_at`."""
    epoch_s = elements.epoch.timestamp()
    turns = (t_s - epoch_s) * _nodal_rate(elements) + _argument_of_latitude(elements) / 360.0
    whole = np.floor(turns).astype(np.int64)
    # The estimate is good to a few seconds; only next to a node does the satellite's side of the equator decide.
    return elements.rev_at_epoch + _beside_node(elements, t_s, turns, whole)


def orbit_state(velocity_z: float) -> str:
    """`ascending` when the satellite moves north, `descending` when south."""
    return "ascending" if velocity_z > 0 else "descending"


def _nodal_rate(elements: Elements) -> float:
    """Revolutions a second from node to node: mean motion plus the secular drift of perigee by J2 (Vallado, 9-41)."""
    j2, earth_km, mu = 1.08262998905e-3, 6378.135, 398600.8
    n = elements.mean_motion * 2 * np.pi / DAY_S
    a = (mu / n**2) ** (1 / 3)
    p = a * (1 - elements.eccentricity**2)
    cos_i = np.cos(np.radians(elements.inclination_deg))
    perigee_drift = 0.75 * n * j2 * (earth_km / p) ** 2 * (5 * cos_i**2 - 1)
    return float((n + perigee_drift) / (2 * np.pi))


def _argument_of_latitude(elements: Elements) -> float:
    return (elements.arg_perigee_deg + elements.mean_anomaly_deg) % 360.0


def _beside_node(elements: Elements, t_s: Floats, turns: Floats, whole: NDArray[np.int64]) -> NDArray[np.int64]:
    fraction = turns - whole
    near = (fraction < 0.1) | (fraction > 0.9)
    if not near.any():
        return whole
    north = compute_states(elements, t_s[near]).r_m[:, 2] >= 0
    late = (fraction[near] < 0.1) & ~north
    early = (fraction[near] > 0.9) & north
    corrected = whole.copy()
    corrected[near] += early.astype(np.int64) - late.astype(np.int64)
    return corrected


def _track(elements: Elements, revolution: int, start_s: float, end_s: float) -> GroundTrack:
    t = np.linspace(start_s, end_s, ceil((end_s - start_s) / TRACK_STEP_S) + 1)
    lon, lat, _ = ecef_to_geodetic(compute_states(elements, t).r_m)
    line = cut_line(lon, lat)
    parts = [line] if isinstance(line, LineString) else list(line.geoms)
    return GroundTrack(elements.name, revolution, start_s, end_s, MultiLineString(parts))
