"""What lies on the ground of a scene: coast, relief, and how strongly each place reflects each band.

Coastlines are real, everything else is made up from noise that belongs to the place; no claim is made
beyond looking like Earth from above. Reflectances of the materials are round figures of common spectral
libraries.
"""

from dataclasses import dataclass

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer

from swath.simulator.grid import UTM_NORTH_DEG, UTM_SOUTH_DEG, Grid, project
from swath.simulator.land import load_land
from swath.simulator.noise import Floats, compute_fractal, compute_noise, hash_nodes, hash_seed

BANDS = ("blue", "green", "red", "rededge", "nir", "pan")
MATERIALS = ("deep", "shallow", "plants", "soil", "sand", "snow")
# Reflectance of each material (row) in each band (column).
SPECTRA = np.array(
    [
        [0.060, 0.042, 0.022, 0.015, 0.010, 0.035],
        [0.095, 0.105, 0.065, 0.035, 0.020, 0.080],
        [0.035, 0.070, 0.040, 0.190, 0.400, 0.060],
        [0.075, 0.100, 0.130, 0.180, 0.235, 0.110],
        [0.140, 0.195, 0.265, 0.300, 0.330, 0.215],
        [0.820, 0.840, 0.840, 0.810, 0.740, 0.835],
    ],
    np.float32,
)

COAST_ROUGHNESS_M = 350.0
SHELF_M = 2_500.0
FIELD_M = 420.0
MAX_HEIGHT_M = 2_200.0
# Snow lies above 5000 m at the equator and down to the sea at 70 degrees.
SNOW_LINE_M, SNOW_LAT_DEG = 5_000.0, 70.0


@dataclass(frozen=True)
class Ground:
    """Height above the sea in metres, and reflectance (bands, rows, columns) without light and shade."""

    height_m: Floats
    reflectance: Floats


def build_ground(grid: Grid, lat_deg: float) -> Ground:
    """The ground under a grid at about that latitude; the same place looks the same in every scene of its zone."""
    seed = hash_seed("ground", grid.epsg)
    land = _roughen(grid, _find_land(grid), seed)
    inland = _blur(land.astype(np.float32), max(1, round(SHELF_M / grid.pixel_m)))
    relief = compute_fractal(seed + 100, grid.x_m, grid.y_m, 32_000, 2 * grid.pixel_m)
    height = land * MAX_HEIGHT_M * _ease((relief + 0.6) / 3.5) ** 2 * inland
    shares = _mix_materials(grid, seed, lat_deg, land, inland, height)
    return Ground(height, np.tensordot(SPECTRA.T, shares, axes=1))


def compute_shade(grid: Grid, height_m: Floats, sun_elevation_deg: float, sun_azimuth_deg: float) -> Floats:
    """How much light slopes get compared with flat ground, 0.35 to 1.6: Lambert's law on the height's gradient."""
    northward, eastward = np.gradient(height_m, -grid.pixel_m, grid.pixel_m)
    azimuth, elevation = np.radians(sun_azimuth_deg), np.radians(sun_elevation_deg)
    slope_to_sun = -(eastward * np.sin(azimuth) + northward * np.cos(azimuth))
    facing = 1 + slope_to_sun / np.tan(elevation)
    return np.clip(facing / np.sqrt(1 + northward**2 + eastward**2), 0.35, 1.6).astype(np.float32)


def _find_land(grid: Grid) -> NDArray[np.bool_]:
    boxes = _degree_boxes(grid)
    land = load_land()
    met = [project(land.within(*box), grid.epsg) for box in boxes]
    return np.logical_or.reduce([grid.covers(area) for area in met])


def _degree_boxes(grid: Grid) -> list[tuple[float, float, float, float]]:
    """One box in degrees around the grid, or two where it crosses the antimeridian."""
    lon, lat = _edge_degrees(grid)
    south, north = max(lat.min() - 0.05, -90.0), min(lat.max() + 0.05, 90.0)
    if north > UTM_NORTH_DEG + 2 or south < UTM_SOUTH_DEG - 2:
        poleward = (south, 90.0) if north > 0 else (-90.0, north)
        return [(-180.0, poleward[0], 180.0, poleward[1])]
    middle = lon[0]
    offset = (lon - middle + 180) % 360 - 180
    west, east = middle + offset.min() - 0.1, middle + offset.max() + 0.1
    if west < -180:
        return [(west + 360, south, 180.0, north), (-180.0, south, east, north)]
    if east > 180:
        return [(west, south, 180.0, north), (-180.0, south, east - 360, north)]
    return [(west, south, east, north)]


def _edge_degrees(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    columns = np.linspace(0, grid.columns, 9)
    rows = np.linspace(0, grid.rows, 9)
    column, row = (edge.ravel() for edge in np.meshgrid(columns, rows))
    corner: Affine = grid.transform
    x, y = corner.c + column * corner.a, corner.f + row * corner.e
    back = Transformer.from_crs(f"EPSG:{grid.epsg}", "OGC:CRS84", always_xy=True)
    lon, lat = back.transform(x, y)
    return np.asarray(lon), np.asarray(lat)


def _roughen(grid: Grid, land: NDArray[np.bool_], seed: int) -> NDArray[np.bool_]:
    """Shift each pixel's look-up a little, so that the coast is not made of straight lines between vertices."""
    if land.all() or not land.any():
        return land
    reach = COAST_ROUGHNESS_M / grid.pixel_m
    shifts = [
        compute_fractal(seed + n, grid.x_m, grid.y_m, 4_000, 2 * grid.pixel_m) * reach for n in (20, 40)
    ]
    rows = np.clip(np.arange(grid.rows)[:, None] + shifts[0], 0, grid.rows - 1).astype(np.intp)
    columns = np.clip(np.arange(grid.columns) + shifts[1], 0, grid.columns - 1).astype(np.intp)
    return land[rows, columns]


def _mix_materials(
    grid: Grid, seed: int, lat_deg: float, land: NDArray[np.bool_], inland: Floats, height_m: Floats
) -> Floats:
    """Shares of the materials in each pixel, shape (materials, rows, columns), each pixel summing to 1."""
    texture = compute_noise(seed + 60, grid.x_m, grid.y_m, 2.5 * grid.pixel_m)
    wet = compute_fractal(seed + 80, grid.x_m, grid.y_m, 20_000, 300) + _climate_wetness(lat_deg)
    snow_line = SNOW_LINE_M * max(0.0, 1 - abs(lat_deg) / SNOW_LAT_DEG)
    snow = _ease((height_m - snow_line + 60 * texture) / 200 + 0.5 - 0.5 * (snow_line > 0))
    plants = _ease(0.3 + 0.5 * wet + 0.08 * texture + 0.22 * _find_fields(grid, seed, height_m))
    sand = _ease(0.1 - 0.8 * wet + 0.1 * texture)
    shallow = _ease(inland * 2.5 + 0.03 * texture)
    bare = (1 - snow) * (1 - plants)
    on_land = [plants * (1 - snow), bare * (1 - sand), bare * sand, snow]
    at_sea = [1 - shallow, shallow]
    return np.stack([share * ~land for share in at_sea] + [share * land for share in on_land])


def _find_fields(grid: Grid, seed: int, height_m: Floats) -> Floats:
    """Farmland on low ground: oblong fields, each with its own crop, -1 to 1; 0 where the ground is too high."""
    rows = np.floor(grid.y_m / FIELD_M).astype(np.int64)
    columns = np.floor(grid.x_m / (1.6 * FIELD_M)).astype(np.int64)
    crops = hash_nodes(
        seed + 7, np.arange(rows.min(), rows.max() + 1), np.arange(columns.min(), columns.max() + 1)
    )
    each = crops[(rows - rows.min())[:, None], columns - columns.min()]
    return each * (height_m < 120)


def _climate_wetness(lat_deg: float) -> float:
    """Dry around the 24th parallels, where the air of the tropics comes down; wet elsewhere."""
    return float(0.9 - 1.6 * np.exp(-(((abs(lat_deg) - 24) / 7) ** 2)))


def _ease(u: Floats) -> Floats:
    """Smooth step from 0 to 1 over [0, 1]."""
    u = np.clip(u, 0, 1)
    return u * u * (3 - 2 * u)


def _blur(values: Floats, radius: int) -> Floats:
    """Mean over a square of 2 radius + 1 pixels, twice; edges repeat."""
    for axis in (0, 1, 0, 1):
        values = _box_mean(values, radius, axis)
    return values


def _box_mean(values: Floats, radius: int, axis: int) -> Floats:
    width = 2 * radius + 1
    pads = [(radius + 1, radius) if a == axis else (0, 0) for a in (0, 1)]
    sums = np.cumsum(np.pad(values, pads, mode="edge"), axis=axis, dtype=np.float64)
    upper = np.take(sums, range(width, sums.shape[axis]), axis)
    lower = np.take(sums, range(sums.shape[axis] - width), axis)
    return ((upper - lower) / width).astype(np.float32)
