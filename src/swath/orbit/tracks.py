"""Ground tracks: the line below a satellite, one a revolution, from ascending node to ascending node.

A revolution is counted from its ascending node, the northward crossing of the equator in ITRF. Its number is counted
on from the element set's own: that belongs to the revolution that starts at, or last started before, the epoch. Epochs
are put at a node but may miss it by seconds to either side, so a node up to `EPOCH_SLACK_S` after the epoch still
counts as the epoch's. Without that, numbers would jump by one from one element set to the next.
"""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import MultiLineString

from swath.errors import SwathError
from swath.geo.antimeridian import cut_line
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.orbit.earth import EARTH_RATE_RAD_S
from swath.orbit.ephemeris import fit_between, sample_path
from swath.orbit.fit import OrbitFit, fit_orbit, period_s
from swath.orbit.mean import Elements
from swath.orbit.propagate import Propagator, compute_states

Floats = NDArray[np.float64]

# At this step the line is within some 5 km of the curve where it turns, close to a pole, and within 100 m elsewhere.
TRACK_STEP_S = 30.0
EPOCH_SLACK_S = 60.0
NODE_TOLERANCE_S = 1e-6
NEWTON_STEPS = 12


@dataclass(frozen=True)
class GroundTrack:
    """One revolution: its number, start and end in POSIX seconds UTC, and its line, cut at the antimeridian."""

    satellite: str
    revolution: int
    start_s: float
    end_s: float
    geometry: MultiLineString


def find_ground_tracks(elements: Elements, start_s: float, end_s: float) -> tuple[GroundTrack, ...]:
    """The whole revolutions that touch [start, end), the one running at `start_s` first.

    Raises PropagationFailed where SGP4 has no answer, SwathError when the satellite never crosses the equator.
    """
    if not start_s < end_s:
        return ()
    nodes = _find_nodes_with_epoch(elements, start_s, end_s)
    first = int(np.searchsorted(nodes, start_s, side="right")) - 1
    last = int(np.searchsorted(nodes, end_s, side="left"))
    number = _number_of_first(elements, nodes) + first
    return _build_tracks(elements, number, nodes[first : last + 1])


def compute_revolutions(elements: Elements, t_s: ArrayLike) -> NDArray[np.int64]:
    """Numbers of the revolutions that run at times (N,); see the top of the file. Errors as `find_ground_tracks`."""
    t = np.atleast_1d(np.asarray(t_s, float))
    if t.size == 0:
        return np.zeros(0, np.int64)
    zero_s = elements.epoch_s + EPOCH_SLACK_S
    fit = fit_orbit(Propagator(elements), min(float(t.min()), zero_s), max(float(t.max()), zero_s))
    if fit.is_usable:
        turns = _count_turns(elements, fit, np.append(t, zero_s))
        return elements.rev_at_epoch + turns[:-1] - turns[-1]
    nodes = _find_nodes_with_epoch(elements, float(t.min()), float(t.max()))
    return _number_of_first(elements, nodes) - 1 + np.searchsorted(nodes, t, side="right")


def revolution_at(elements: Elements, t_s: float) -> int:
    """The number of the revolution that runs at a time; for many times at once take `compute_revolutions`."""
    return int(compute_revolutions(elements, t_s)[0])


def find_nodes(elements: Elements, start_s: float, end_s: float) -> Floats:
    """Times (N,) in [start, end) at which the satellite crosses the equator northwards, to some microseconds.

    Complete: they follow from the fit of the orbit, or, where there is none, from steps of a sixteenth of a turn at
    most, at perigee too, so that no time in the southern half is missed.
    """
    fit = fit_orbit(Propagator(elements), start_s, end_s)
    low, high = _bracket_by_fit(fit, start_s, end_s) if fit.is_usable else _bracket(elements, start_s, end_s)
    nodes = _refine(elements, low, high)
    return nodes[(nodes >= start_s) & (nodes < end_s)]


def orbit_state(velocity_z: float) -> str:
    """`ascending` when the satellite moves north, `descending` when south, by its velocity's z in ITRF or TEME."""
    return "ascending" if velocity_z > 0 else "descending"


def orbit_state_at(elements: Elements, t_s: float) -> str:
    """`ascending` or `descending` at a POSIX time."""
    return orbit_state(float(compute_states(elements, t_s).v_ms[0, 2]))


def _count_turns(elements: Elements, fit: OrbitFit, t_s: Floats) -> NDArray[np.int64]:
    """How many ascending nodes were passed at times (N,), from an origin of its own.

    The fit knows the angle run through since then to a hundredth of a turn; where in its turn the satellite is, its
    position says.
    """
    states = compute_states(elements, t_s)
    x, y, z = states.r_m.T
    v = states.v_ms + EARTH_RATE_RAD_S * np.column_stack([-y, x, np.zeros_like(x)])
    normal = np.cross(states.r_m, v)
    across = np.hypot(normal[:, 0], normal[:, 1])
    along_node = (normal[:, 0] * y - normal[:, 1] * x) / across
    u = np.mod(np.arctan2(z * np.linalg.norm(normal, axis=1) / across, along_node), 2 * np.pi)
    behind = fit.mean_longitude(t_s) - [fit.mean_longitude_at(*pair) for pair in zip(u, t_s, strict=True)]
    return np.round(behind / (2 * np.pi)).astype(np.int64)


def _bracket_by_fit(fit: OrbitFit, start_s: float, end_s: float) -> tuple[Floats, Floats]:
    """Brackets (N,) around the nodes in [start, end), and perhaps some beside it."""
    first, last = (fit.mean_longitude(np.array([t]))[0] / (2 * np.pi) for t in (start_s, end_s))
    turns = np.arange(floor(first) - 1, ceil(last) + 2)
    t = start_s + (turns - first) * fit.period_s
    for _ in range(NEWTON_STEPS):
        at_node = np.array([fit.mean_longitude_at(0.0, at) for at in t.tolist()])
        t = t + (2 * np.pi * turns + at_node - fit.mean_longitude(t)) / fit.longitude_rate
    slack_s = 2 * fit.phase_margin / fit.longitude_rate + 1.0
    return t - slack_s, t + slack_s


def _bracket(elements: Elements, start_s: float, end_s: float) -> tuple[Floats, Floats]:
    """The same by steps of a sixteenth of a turn at perigee: there the true anomaly runs fastest."""
    e = elements.eccentricity
    step = period_s(elements) / 16 * (1 - e) ** 1.5 / (1 + e) ** 0.5
    t: Floats = start_s - step + step * np.arange(ceil((end_s - start_s) / step) + 3, dtype=float)
    z = compute_states(elements, t).r_m[:, 2]
    (rising,) = np.nonzero((z[:-1] < 0) & (z[1:] >= 0))
    return t[rising], t[rising] + step


def _refine(elements: Elements, low: Floats, high: Floats) -> Floats:
    """Newton's steps on the height above the equator, kept inside the brackets (N,)."""
    t = (low + high) / 2
    for _ in range(NEWTON_STEPS if t.size else 0):
        states = compute_states(elements, t)
        stepped = np.clip(t - states.r_m[:, 2] / states.v_ms[:, 2], low, high)
        moved, t = float(np.abs(stepped - t).max()), stepped
        if moved < NODE_TOLERANCE_S:
            break
    return t


def _find_nodes_with_epoch(elements: Elements, start_s: float, end_s: float) -> Floats:
    """All nodes from before both the epoch and the start to after both the epoch and the end."""
    around = 1.2 * period_s(elements) + EPOCH_SLACK_S
    low, high = min(start_s, elements.epoch_s) - around, max(end_s, elements.epoch_s) + around
    nodes = find_nodes(elements, low, high)
    if not nodes.size or nodes[0] > start_s or nodes[-1] < end_s:
        raise SwathError(
            f"{elements.label} has no ascending node: its inclination is {elements.inclination_deg:g} degrees",
            code="no_ascending_node",
        )
    return nodes


def _number_of_first(elements: Elements, nodes: Floats) -> int:
    before_epoch = np.searchsorted(nodes, elements.epoch_s + EPOCH_SLACK_S, side="right") - 1
    return elements.rev_at_epoch - int(before_epoch)


def _build_tracks(elements: Elements, number: int, nodes: Floats) -> tuple[GroundTrack, ...]:
    spans = list(zip(nodes[:-1].tolist(), nodes[1:].tolist(), strict=True))
    times = [np.linspace(start, end, ceil((end - start) / TRACK_STEP_S) + 1) for start, end in spans]
    path = fit_between(Propagator(elements), spans[0][0], 0.0, spans[-1][1] - spans[0][0])
    lon, lat, _ = ecef_to_geodetic(sample_path(path.path(0), np.concatenate(times) - spans[0][0]))
    ends = np.cumsum([len(t) for t in times])[:-1]
    lines = zip(np.split(lon, ends), np.split(lat, ends), strict=True)
    return tuple(
        GroundTrack(elements.label, number + i, start, end, cut_line(*line))
        for i, ((start, end), line) in enumerate(zip(spans, lines, strict=True))
    )
