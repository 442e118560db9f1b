"""The nine images: real COGs in the right place, with the numbers of the scene."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile
from rio_cogeo.cogeo import cog_validate
from tests.delivery.delivery_scenes import make_parts

from swath.delivery.images import COG, PNG, Image, build_images, compute_statistics
from swath.delivery.pictures import THUMBNAIL_PX, build_thumbnail, compute_true_colour, encode_png
from swath.delivery.scene import Raster, Scene, parse_scene

# rasterio 1.4 multiplies affine matrices in the way that affine 3 would rather not have.
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")

KEYS = ["thumbnail", "tci", "band0", "band1", "band2", "band3", "band4", "band5", "msi_udm"]


@pytest.fixture(scope="module")
def scene() -> Scene:
    return parse_scene(make_parts())


@pytest.fixture(scope="module")
def images(scene: Scene) -> Mapping[str, Image]:
    return {image.key: image for image in build_images(scene)}


@pytest.fixture
def opened(images: Mapping[str, Image], tmp_path: Path) -> Iterator[Mapping[str, rasterio.DatasetReader]]:
    datasets = {}
    for key, image in images.items():
        if image.raster is not None:
            (tmp_path / image.file).write_bytes(image.body)
            datasets[key] = rasterio.open(tmp_path / image.file)
    yield datasets
    for dataset in datasets.values():
        dataset.close()


def test_there_are_nine_images_under_the_names_of_the_contract(images: Mapping[str, Image]):
    assert list(images) == KEYS
    assert [image.media_type for image in images.values()] == [PNG, *[COG] * 8]


def test_every_raster_is_a_valid_cloud_optimized_geotiff(opened: Mapping[str, rasterio.DatasetReader]):
    for key, dataset in opened.items():
        assert cog_validate(dataset.name, strict=True, quiet=True) == (True, [], []), key


@pytest.mark.parametrize("key, part, band", [("band0", "pan", 0), ("band1", "msi", 0), ("band5", "msi", 4)])
def test_bands_keep_the_numbers_of_the_scene(
    opened: Mapping[str, rasterio.DatasetReader], scene: Scene, key: str, part: str, band: int
):
    raster: Raster = getattr(scene, part)
    np.testing.assert_array_equal(opened[key].read(1), raster.pixels[band])


def test_images_lie_where_the_scene_lies(opened: Mapping[str, rasterio.DatasetReader], scene: Scene):
    for key, dataset in opened.items():
        raster = scene.pan if key in ("tci", "band0") else scene.msi
        assert dataset.crs == raster.crs
        assert dataset.transform.almost_equals(raster.transform)


def test_no_data_is_said_in_every_file(opened: Mapping[str, rasterio.DatasetReader]):
    assert {key: dataset.nodata for key, dataset in opened.items()} == {
        key: 255 if key == "msi_udm" else 0 for key in KEYS[1:]
    }


def test_every_file_of_a_simulated_scene_says_so(opened: Mapping[str, rasterio.DatasetReader]):
    assert all(dataset.tags()["SWATH_SIMULATED"] == "YES" for dataset in opened.values())


def test_the_true_colour_image_is_as_sharp_as_the_panchromatic_one(scene: Scene):
    colour = compute_true_colour(scene)
    valid = colour.valid
    pan = scene.pan.pixels[0].astype(float)
    # Where the panchromatic band is brighter than its neighbour, so is the picture, nearly always.
    brighter = pan[:, 1:] > pan[:, :-1] * 1.05
    both = brighter & valid[:, 1:] & valid[:, :-1] & (colour.pixels[1, :, :-1] < 250)
    risen = colour.pixels[:, :, 1:].mean(axis=0) > colour.pixels[:, :, :-1].mean(axis=0)
    assert risen[both].mean() > 0.9


def test_water_looks_blue_and_clouds_look_white(scene: Scene):
    red, green, blue = compute_true_colour(scene).pixels.astype(int)
    fine = np.kron(scene.udm.pixels[0], np.ones((2, 2), int))
    dark_infrared = np.kron(scene.msi.pixels[4] < 300, np.ones((2, 2), bool)) & (fine == 0)
    assert np.median((blue - red)[dark_infrared]) > 10
    cloud = fine == 1
    assert np.median(np.stack([red, green, blue])[:, cloud]) > 200


def test_statistics_are_of_valid_pixels_only():
    raster = Raster(np.array([[[0, 10], [20, 30]]], np.uint16), None, rasterio.Affine.identity(), 0)  # type: ignore[arg-type]
    (found,) = compute_statistics(raster)
    assert found == {"minimum": 10, "maximum": 30, "mean": 20, "stddev": 8.165, "valid_percent": 75}


def test_statistics_of_nothing_say_that_nothing_is_valid():
    raster = Raster(np.zeros((1, 2, 2), np.uint8), None, rasterio.Affine.identity(), 0)  # type: ignore[arg-type]
    assert compute_statistics(raster) == [{"valid_percent": 0.0}]


def read_png(body: bytes) -> np.ndarray:
    with (
        MemoryFile(body) as file,
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        file.open() as dataset,
    ):
        return dataset.read()


def test_the_thumbnail_is_a_small_png_that_is_clear_outside_the_footprint(images: Mapping[str, Image]):
    rgba = read_png(images["thumbnail"].body)
    assert rgba.shape[0] == 4
    assert max(rgba.shape[1:]) <= THUMBNAIL_PX
    assert rgba[3, 0, 0] == 0
    assert rgba[3, rgba.shape[1] // 2, rgba.shape[2] // 2] == 255


def test_only_simulated_scenes_are_lettered(scene: Scene):
    colour = compute_true_colour(scene)
    plain, lettered = (read_png(build_thumbnail(colour, word)) for word in ("", "SIMULATED"))
    changed = (plain != lettered).any(axis=0)
    assert changed.any()
    rows, columns = np.nonzero(changed)
    assert rows.min() > plain.shape[1] * 0.8
    assert columns.max() < plain.shape[2] * 0.75


def test_png_pixels_come_back_as_they_were():
    rgba = np.arange(3 * 5 * 4, dtype=np.uint8).reshape(3, 5, 4)
    body = encode_png(rgba)
    assert struct.unpack(">II", body[16:24]) == (5, 3)
    assert zlib.crc32(body[12:29]) == struct.unpack(">I", body[29:33])[0]
    np.testing.assert_array_equal(np.moveaxis(read_png(body), 0, -1), rgba)
