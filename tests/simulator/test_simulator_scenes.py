"""A simulated scene: the right ground in the right place, the same each time, and marked as simulated."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.io import MemoryFile
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from swath.simulator.grid import build_grid, find_epsg
from swath.simulator.scenes import CLOUD, OUTSIDE, View, build_scene

TOKYO_BAY = affinity.rotate(box(139.5, 35.2, 140.1, 35.7), -12)
FIJI = MultiPolygon([box(179.7, -17.0, 180, -16.5), box(-180, -17.0, -179.6, -16.5)])
NORTH_POLE = Polygon([(-180, 89.6), (-90, 89.6), (0, 89.6), (90, 89.6), (180, 89.6), (180, 90), (-180, 90)])


def view(footprint: BaseGeometry = TOKYO_BAY, cloud_percent: float = 12.0) -> View:
    return View(footprint, datetime(2026, 8, 22, 1, 30, tzinfo=UTC), 52.0, 110.0, cloud_percent)


@pytest.fixture(scope="module")
def scene() -> Mapping[str, bytes]:
    return build_scene(view(), longest_px=240)


def read(part: bytes) -> tuple[np.ndarray, rasterio.profiles.Profile, dict[str, str]]:
    with MemoryFile(part) as file, file.open() as dataset:
        return dataset.read(), dataset.profile, dataset.tags()


def test_the_parts_have_the_bands_and_types_that_the_ops_door_takes(scene: Mapping[str, bytes]):
    found = {name: (read(part)[0].shape[0], str(read(part)[0].dtype)) for name, part in scene.items()}
    assert found == {"pan": (1, "uint16"), "msi": (5, "uint16"), "udm": (1, "uint8")}


def test_multispectral_pixels_are_twice_as_large_on_the_same_corner(scene: Mapping[str, bytes]):
    pan, msi = read(scene["pan"])[1], read(scene["msi"])[1]
    assert msi["transform"].a == 2 * pan["transform"].a
    assert (msi["transform"].c, msi["transform"].f) == (pan["transform"].c, pan["transform"].f)
    assert (pan["width"], pan["height"]) == (2 * msi["width"], 2 * msi["height"])


def test_the_scene_lies_in_the_utm_zone_of_its_centre_and_covers_the_footprint(scene: Mapping[str, bytes]):
    pixels, profile, _ = read(scene["pan"])
    assert profile["crs"].to_epsg() == 32654
    to_utm = Transformer.from_crs("OGC:CRS84", "EPSG:32654", always_xy=True)
    for lon, lat, inside in ((139.8, 35.45, True), (139.45, 35.45, False), (140.2, 35.45, False)):
        column, row = ~profile["transform"] @ to_utm.transform(lon, lat)
        seen = 0 <= row < profile["height"] and 0 <= column < profile["width"]
        assert bool(seen and pixels[0, int(row), int(column)] > 0) == inside


def test_outside_the_footprint_there_is_no_data(scene: Mapping[str, bytes]):
    pan, msi, udm = (read(scene[name])[0] for name in ("pan", "msi", "udm"))
    assert pan[0, 0, 0] == 0
    assert (msi[:, 0, 0] == 0).all()
    assert np.array_equal(msi[0] == 0, udm[0] == OUTSIDE)


def test_water_is_dark_in_the_infrared_and_plants_are_bright():
    pixels, profile, _ = read(build_scene(view(cloud_percent=0), longest_px=240)["msi"])
    to_utm = Transformer.from_crs("OGC:CRS84", "EPSG:32654", always_xy=True)
    column, row = ~profile["transform"] @ to_utm.transform(139.85, 35.42)
    blue, *_, infrared = pixels[:, int(row), int(column)]
    assert infrared < 400 < blue
    assert pixels[4].max() > 2_500


def test_the_mask_counts_as_many_clouds_as_were_asked_for(scene: Mapping[str, bytes]):
    mask = read(scene["udm"])[0][0]
    assert 100 * (mask == CLOUD).sum() / (mask != OUTSIDE).sum() == pytest.approx(12, abs=1)


def test_the_same_view_gives_the_same_scene_and_another_day_another(scene: Mapping[str, bytes]):
    assert build_scene(view(), longest_px=240) == scene
    other = replace(view(), at=datetime(2026, 8, 23, 1, 30, tzinfo=UTC))
    assert build_scene(other, longest_px=240)["udm"] != scene["udm"]


def test_every_part_says_that_it_is_simulated(scene: Mapping[str, bytes]):
    for part in scene.values():
        tags = read(part)[2]
        assert tags["SWATH_SIMULATED"] == "YES"
        assert "SIMULATED" in tags["TIFFTAG_IMAGEDESCRIPTION"]


def test_a_footprint_across_the_antimeridian_is_one_scene():
    pixels, profile, _ = read(build_scene(view(FIJI), longest_px=200)["pan"])
    assert profile["crs"].to_epsg() in (32701, 32760)
    assert profile["width"] * profile["transform"].a < 100_000
    middle = pixels[0, 20:-20, 20:-20]
    assert (middle > 0).mean() > 0.99


def test_a_footprint_around_the_pole_is_a_scene_in_polar_stereographic():
    pixels, profile, _ = read(build_scene(view(NORTH_POLE), longest_px=120)["pan"])
    assert profile["crs"].to_epsg() == 5041
    assert pixels[0, profile["height"] // 2, profile["width"] // 2] > 0


@pytest.mark.parametrize(
    "lon, lat, epsg",
    [
        (139.8, 35.5, 32654),
        (-179.9, 10, 32601),
        (180, 10, 32601),
        (10, -45, 32732),
        (10, 85, 5041),
        (10, -85, 5042),
    ],
)
def test_zones(lon: float, lat: float, epsg: int):
    assert find_epsg(lon, lat) == epsg


@pytest.mark.parametrize("footprint", [TOKYO_BAY, FIJI, NORTH_POLE])
def test_grids_are_even_and_as_long_as_asked(footprint: BaseGeometry):
    grid = build_grid(footprint, 300)
    assert grid.rows % 2 == grid.columns % 2 == 0
    assert 290 <= max(grid.rows, grid.columns) <= 304


@pytest.mark.slow
def test_a_full_scene_takes_seconds():
    assert len(build_scene(view())["pan"]) > 500_000
