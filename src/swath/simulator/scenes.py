"""Makes the scene of a simulated capture: panchromatic and multispectral images and the mask of unusable
pixels.

The three parts are what a ground segment hands over at the ops door: plain GeoTIFFs of top-of-atmosphere
reflectance times 10000, no-data outside the footprint, and a tag that says that they are simulated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from swath.geo.polygons import Area, bounding_cap
from swath.simulator.grid import Grid, build_grid, project
from swath.simulator.ground import BANDS, build_ground, compute_shade
from swath.simulator.noise import Floats
from swath.simulator.sky import CLOUD_REFLECTANCE, Clouds, build_clouds

REFLECTANCE_SCALE = 10_000
LONGEST_PX = 1_400
SHADOW_DEPTH = 0.45
# Light scattered by the air itself, strongest in the blue.
HAZE = np.array([0.055, 0.035, 0.020, 0.014, 0.008, 0.028], np.float32)
# Values of the unusable-data mask.
CLEAR, CLOUD, SHADOW, OUTSIDE = 0, 1, 2, 255
SIMULATED_TAG = {"SWATH_SIMULATED": "YES", "TIFFTAG_IMAGEDESCRIPTION": "SIMULATED by swath: not a real image"}


@dataclass(frozen=True)
class View:
    """What a simulated camera is told: the ground it sees, when, under what Sun and how many clouds."""

    footprint: Area
    at: datetime
    sun_elevation_deg: float
    sun_azimuth_deg: float
    cloud_percent: float


def build_scene(view: View, longest_px: int = LONGEST_PX) -> Mapping[str, bytes]:
    """The GeoTIFFs `pan` (1 band), `msi` (blue, green, red, red edge, near infrared) and `udm`.

    Pixels are as large as `longest_px` along the longer side makes them (the multispectral ones twice
    that), not the camera's own; the files say their true size. The same view gives the same scene.
    """
    grid = build_grid(view.footprint, longest_px)
    inside = grid.covers(project(view.footprint, grid.epsg))
    sun = (view.sun_elevation_deg, view.sun_azimuth_deg)
    clouds = build_clouds(grid, inside, view.at, view.cloud_percent, sun)
    counts = _to_counts(_light(grid, view, clouds))
    coarse = grid.coarser(2)
    seen = _halve(inside.astype(np.float32)) >= 0.5
    return {
        "pan": _write(grid, counts[5:] * inside, 0, BANDS[5:]),
        "msi": _write(coarse, _halve(counts[:5]).astype(np.uint16) * seen, 0, BANDS[:5]),
        "udm": _write(coarse, _mask(clouds, seen)[None], OUTSIDE, ("udm",)),
    }


def _light(grid: Grid, view: View, clouds: Clouds) -> Floats:
    """Reflectance at the top of the atmosphere, shape (bands, rows, columns)."""
    ground = build_ground(grid, bounding_cap(view.footprint)[1])
    shade = compute_shade(grid, ground.height_m, view.sun_elevation_deg, view.sun_azimuth_deg)
    shade *= np.where(clouds.shadow, np.float32(SHADOW_DEPTH), np.float32(1))
    seen = ground.reflectance * shade
    seen += HAZE[:, None, None]
    seen += (np.float32(CLOUD_REFLECTANCE) - seen) * clouds.opacity
    return seen


def _to_counts(reflectance: Floats) -> NDArray[np.uint16]:
    """Whole numbers for the file; 0 means no data, so the darkest pixel is 1."""
    return np.clip(reflectance * REFLECTANCE_SCALE, 1, 65_535).astype(np.uint16)


def _mask(clouds: Clouds, seen: NDArray[np.bool_]) -> NDArray[np.uint8]:
    cloud, shadow = (_halve(part.astype(np.float32)) >= 0.5 for part in (clouds.cloud, clouds.shadow))
    classes = np.where(cloud, CLOUD, np.where(shadow, SHADOW, CLEAR))
    return np.where(seen, classes, OUTSIDE).astype(np.uint8)


def _halve(values: NDArray[np.uint16] | Floats) -> Floats:
    """Means of squares of two by two pixels along the last two axes."""
    rows = values[..., ::2, :].astype(np.float32) + values[..., 1::2, :]
    return (rows[..., ::2] + rows[..., 1::2]) / 4


def _write(
    grid: Grid, pixels: NDArray[np.uint16] | NDArray[np.uint8], nodata: int, bands: tuple[str, ...]
) -> bytes:
    with MemoryFile() as file:
        with file.open(
            driver="GTiff",
            count=len(bands),
            height=grid.rows,
            width=grid.columns,
            dtype=pixels.dtype,
            crs=f"EPSG:{grid.epsg}",
            transform=grid.transform,
            nodata=nodata,
            tiled=True,
            blockxsize=256,
            blockysize=256,
            compress="deflate",
            zlevel=1,
            predictor=2,
            interleave="band",
        ) as dataset:
            dataset.write(pixels)
            dataset.descriptions = bands
            dataset.update_tags(**SIMULATED_TAG)
        return bytes(file.read())
