"""Ground tracks: the line below a satellite, one a revolution, from ascending node to ascending node.

A revolution is counted from its ascending node, the northward crossing of the equator in ITRF. Its number is counted
on from the element set's own: that belongs to the revolution that starts at, or last started before, the epoch. Epochs
are put at a node but may miss it by seconds to either side, so a node up to `EPOCH_SLACK_S` after the epoch still
counts as the epoch's. Without that, numbers would jump by one from one element set to the next.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import MultiLineString

from swath.errors import SwathError
from swath.geo.antimeridian import cut_line
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.orbit.mean import DAY_S, Elements
from swath.orbit.propagate import compute_states

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
    nodes = _find_nodes_with_epoch(elements, float(t.min()), float(t.max()))
    return _number_of_first(elements, nodes) - 1 + np.searchsorted(nodes, t, side="right")


def revolution_at(elements: Elements, t_s: float) -> int:
    """The number of the revolution that runs at a time; for many times at once take `compute_revolutions`."""
    return int(compute_revolutions(elements, t_s)[0])


def find_nodes(elements: Elements, start_s: float, end_s: float) -> Floats:
    """Times (N,) in [start, end) at which the satellite crosses the equator northwards, to some microseconds.

    Complete: the step is at most a sixteenth of a turn, at perigee too, so no time in the southern half is missed.
    """
    step = _node_step_s(elements)
    t: Floats = start_s - step + step * np.arange(ceil((end_s - start_s) / step) + 3, dtype=float)
    z = compute_states(elements, t).r_m[:, 2]
    (rising,) = np.nonzero((z[:-1] < 0) & (z[1:] >= 0))
    nodes = _refine(elements, t[rising], t[rising] + step)
    return nodes[(nodes >= start_s) & (nodes < end_s)]


def period_s(elements: Elements) -> float:
    """The period of the mean motion in seconds; from node to node it is a few seconds different."""
    return DAY_S / elements.mean_motion


def orbit_state(velocity_z: float) -> str:
    """`ascending` when the satellite moves north, `descending` when south, by its velocity's z in ITRF or TEME."""
    return "ascending" if velocity_z > 0 else "descending"


def orbit_state_at(elements: Elements, t_s: float) -> str:
    """`ascending` or `descending` at a POSIX time."""
    return orbit_state(float(compute_states(elements, t_s).v_ms[0, 2]))


def _node_step_s(elements: Elements) -> float:
    """A sixteenth of a turn at perigee, where the true anomaly runs sqrt(1 + e) / (1 - e)^1.5 times faster."""
    e = elements.eccentricity
    return period_s(elements) / 16 * (1 - e) ** 1.5 / (1 + e) ** 0.5


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
    lon, lat, _ = ecef_to_geodetic(compute_states(elements, np.concatenate(times)).r_m)
    ends = np.cumsum([len(t) for t in times])[:-1]
    lines = zip(np.split(lon, ends), np.split(lat, ends), strict=True)
    return tuple(
        GroundTrack(elements.label, number + i, start, end, cut_line(*line))
        for i, ((start, end), line) in enumerate(zip(spans, lines, strict=True))
    )
