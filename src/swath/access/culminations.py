"""Culminations: the moments at which a satellite stands highest above a place, once a revolution.

All accesses and contacts grow from these. The satellite is propagated once over a coarse grid for all places; the
highest sample of each revolution brackets the culmination, so an access of a second is found like one of ten minutes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swath.access.look import Floats, Targets, sample_sin_elevation, sin_elevation
from swath.access.peaks import find_maxima, find_outside, find_peaks
from swath.errors import Fault, Invalid
from swath.geo.ellipsoid import B_M
from swath.orbit.elements import Elements
from swath.orbit.fit import period_s
from swath.orbit.propagate import States, compute_states

Ints = NDArray[np.intp]

GRID_STEP_S = 120.0
# A tenth of a degree more than geocentric and geodetic verticals ever differ by.
VERTICAL_SLACK_DEG = 0.3
# Targets are sampled in blocks of so many, to keep the grid's (N, T) arrays in the processor's cache.
BLOCK = 64


@dataclass(frozen=True)
class Culminations:
    """When the satellite stands highest above which target, arrays (M,) in the order of targets and times.

    `low_s` and `high_s` lie on either side, where it is below that target's floor of elevation or where the grid ends.
    """

    target: Ints
    t_s: Floats
    low_s: Floats
    high_s: Floats

    def __len__(self) -> int:
        return len(self.target)

    def take(self, index: Ints) -> "Culminations":
        """Some of them, in that order."""
        return Culminations(self.target[index], self.t_s[index], self.low_s[index], self.high_s[index])


def sample_orbit(elements: Elements, start_s: float, end_s: float) -> States:
    """States on a coarse grid that reaches a revolution beyond [start, end), so that what is cut there is seen whole.

    Raises Invalid when the end is not after the start, PropagationFailed when SGP4 gives no position.
    """
    if not start_s < end_s:
        raise Invalid(Fault("/end", "interval", "The end of the range must be after its start."))
    period = period_s(elements)
    count = int(np.ceil((end_s - start_s + 2 * period) / min(GRID_STEP_S, period / 24))) + 1
    return compute_states(elements, np.linspace(start_s - period, end_s + period, count))


def find_culminations(elements: Elements, grid: States, targets: Targets, floor_deg: Floats) -> Culminations:
    """All culminations at or above each target's floor, `floor_deg` (T,) in degrees of elevation."""
    blocks = [slice(i, i + BLOCK) for i in range(0, len(targets), BLOCK)]
    parts = [_find_in_block(elements, grid, targets, floor_deg, block) for block in blocks]
    found = Culminations(
        np.concatenate([np.zeros(0, np.intp), *(part.target for part in parts)]),
        np.concatenate([np.zeros(0), *(part.t_s for part in parts)]),
        np.concatenate([np.zeros(0), *(part.low_s for part in parts)]),
        np.concatenate([np.zeros(0), *(part.high_s for part in parts)]),
    )
    return found.take(np.lexsort((found.t_s, found.target)))


def least_elevation_deg(grid: States, off_nadir_deg: float) -> float:
    """An elevation below which the satellite looks further from nadir than `off_nadir_deg`, wherever it is."""
    cosine = _largest_radius(grid) / B_M * np.sin(np.radians(off_nadir_deg))
    return max(float(np.degrees(np.arccos(min(cosine, 1.0)))) - 2 * VERTICAL_SLACK_DEG, 0.0)


def _largest_radius(grid: States) -> float:
    return float(np.linalg.norm(grid.r_m, axis=1).max())


def _reach_deg(radius_m: float, elevation_deg: Floats) -> Floats:
    """Largest angle at the Earth's centre between a place and a satellite at that radius seen at that elevation."""
    elevation = np.radians(elevation_deg)
    inner = np.clip(B_M * np.cos(elevation) / radius_m, -1.0, 1.0)
    return np.degrees(np.arccos(inner) - elevation)


def _find_in_block(
    elements: Elements, grid: States, targets: Targets, floor_deg: Floats, block: slice
) -> Culminations:
    some, floor = targets.take(block), floor_deg[block]
    samples = sample_sin_elevation(grid.r_m, some)
    rows, columns = find_maxima(samples)
    near = _may_reach(grid, some, floor, rows, columns)
    rows, columns = rows[near], columns[near]
    last = len(grid.t_s) - 1
    before, after = grid.t_s[np.maximum(rows - 1, 0)], grid.t_s[np.minimum(rows + 1, last)]
    chosen = some.take(columns)

    def height(t: Floats) -> Floats:
        return sin_elevation(compute_states(elements, t).r_m, chosen) - np.sin(np.radians(floor))[columns]

    t_s = find_peaks(height, before, after)
    high_enough = height(t_s) >= 0
    rows, columns, t_s = rows[high_enough], columns[high_enough], t_s[high_enough]
    above = samples - np.sin(np.radians(floor))
    low = grid.t_s[find_outside(above, rows, columns, -1)]
    high = grid.t_s[find_outside(above, rows, columns, 1)]
    return Culminations(columns + block.start, t_s, low, high)


def _may_reach(
    grid: States, targets: Targets, floor_deg: Floats, rows: Ints, columns: Ints
) -> NDArray[np.bool_]:
    """Whether the culmination next to a sample can stand above the floor: it is at most one step away from it."""
    radius = np.linalg.norm(grid.r_m, axis=1)
    speed = np.linalg.norm(grid.v_ms, axis=1)
    step_deg = np.degrees((speed / radius).max()) * (grid.t_s[1] - grid.t_s[0])
    place = targets.r_m[columns]
    cosine = (grid.r_m[rows] * place).sum(1) / (radius[rows] * np.linalg.norm(place, axis=1))
    away_deg = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    reach = _reach_deg(_largest_radius(grid), floor_deg)[columns]
    return away_deg <= reach + step_deg + VERTICAL_SLACK_DEG
