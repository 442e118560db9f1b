"""How much of a polygon lies in boxes, for many boxes at once and without cutting any polygon."""

import numpy as np

from swath.access.look import Floats


def compute_area_in_boxes(
    x: Floats, y: Floats, low: tuple[Floats, Floats], high: tuple[Floats, Floats]
) -> Floats:
    """The signed area (B,) of a polygon, given by its edges from `x[:, 0], y[:, 0]` to `x[:, 1], y[:, 1]`, in boxes.

    Every point is moved to the nearest point of the box. What lies outside falls flat on its border, what lies inside
    stays, so the image's area, which is a sum over its edges (Green), is that of the part inside. Moved, an edge has
    corners only where it crosses the four lines of the box: between them the sum is exact. Holes and parts are welcome.
    """
    corners = np.concatenate([_crossings(x, low[0], high[0]), _crossings(y, low[1], high[1])], axis=2)
    corners.sort(axis=2)
    ends = np.broadcast_to(np.array([0.0, 1.0]), (*corners.shape[:2], 2))
    part = np.concatenate([ends[..., :1], corners, ends[..., 1:]], axis=2)
    u = _move(x, part, low[0], high[0])
    v = _move(y, part, low[1], high[1])
    return ((u[..., 1:] + u[..., :-1]) * np.diff(v, axis=2)).sum(axis=(1, 2)) / 2


def _crossings(ends: Floats, low: Floats, high: Floats) -> Floats:
    """Which part (B, E, 2) of each edge lies before it crosses a box's two lines; 0 or 1 where it does not."""
    start, step = ends[:, 0], ends[:, 1] - ends[:, 0]
    lines = np.stack([low, high], axis=1)[:, None, :]
    safe = np.where(step == 0, np.inf, step)
    return np.clip((lines - start[:, None]) / safe[:, None], 0.0, 1.0)


def _move(ends: Floats, part: Floats, low: Floats, high: Floats) -> Floats:
    value = ends[:, 0, None] + part * (ends[:, 1] - ends[:, 0])[:, None]
    return np.clip(value, low[:, None, None], high[:, None, None])
