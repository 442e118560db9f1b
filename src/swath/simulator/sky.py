"""The weather of a simulated capture: how cloudy it is, where the clouds are and where their shadows fall.

Weather belongs to a place and a day, so neighbouring captures agree, and a report made before the scene
exists says the same as the scene that is made later.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from swath.simulator.grid import Grid
from swath.simulator.noise import Floats, compute_fractal, hash_seed, unit_hash

# Share of the sky covered on the worst day that still gives a usable image; most days are much clearer.
WORST_USABLE_PERCENT = 40.0
WEATHER_CELL_DEG = 2.0
CLOUD_BASE_M = 1_500.0
CLOUD_REFLECTANCE = 0.78


@dataclass(frozen=True)
class Clouds:
    """Opacity from 0 to 1, and which pixels count as cloud and as cloud shadow; each of shape (rows, columns)."""

    opacity: Floats
    cloud: NDArray[np.bool_]
    shadow: NDArray[np.bool_]


def compute_cloud_percent(lon_deg: float, lat_deg: float, at: datetime) -> float:
    """How cloudy it is around a place on that day, 0 to 40 percent."""
    cell = (round(lon_deg / WEATHER_CELL_DEG), round(lat_deg / WEATHER_CELL_DEG))
    return round(WORST_USABLE_PERCENT * unit_hash("weather", cell, at.date()) ** 2, 1)


def compute_storm_percent(seed: str) -> float:
    """How cloudy it is on a day too cloudy to be of use, 65 to 100 percent."""
    return round(65 + 35 * unit_hash("storm", seed), 1)


def build_clouds(
    grid: Grid, inside: NDArray[np.bool_], at: datetime, cloud_percent: float, sun: tuple[float, float]
) -> Clouds:
    """Clouds over exactly `cloud_percent` of the pixels `inside`; `sun` is elevation and azimuth in degrees."""
    seed = hash_seed("clouds", grid.epsg, at.date())
    depth = compute_fractal(seed, grid.x_m, grid.y_m, 16_000, 4 * grid.pixel_m)
    if cloud_percent <= 0:
        clear = np.zeros_like(depth)
        return Clouds(clear, clear > 0, clear > 0)
    edge = np.quantile(depth[inside], 1 - min(cloud_percent, 100.0) / 100)
    opacity = np.clip(0.5 + 1.2 * (depth - np.float32(edge)), 0, 1).astype(np.float32)
    cloud = opacity >= 0.5
    return Clouds(opacity, cloud, _cast(grid, cloud, sun) & ~cloud)


def _cast(grid: Grid, cloud: NDArray[np.bool_], sun: tuple[float, float]) -> NDArray[np.bool_]:
    """Where the clouds' shadows fall: away from the Sun by the height of their base over the tangent of its height."""
    elevation, azimuth = np.radians(sun)
    reach = CLOUD_BASE_M / np.tan(elevation) / grid.pixel_m
    down, right = round(float(reach * np.cos(azimuth))), round(float(-reach * np.sin(azimuth)))
    return _shift(cloud, down, right)


def _shift(mask: NDArray[np.bool_], down: int, right: int) -> NDArray[np.bool_]:
    rows, columns = mask.shape
    y, x = np.arange(rows) - down, np.arange(columns) - right
    kept = ((y >= 0) & (y < rows))[:, None] & ((x >= 0) & (x < columns))
    return mask[np.clip(y, 0, rows - 1)[:, None], np.clip(x, 0, columns - 1)] & kept
