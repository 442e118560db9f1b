"""What the ops door takes as a part of a scene, and what it sends back with which words."""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.warp import transform_bounds
from shapely import affinity
from shapely.geometry import MultiPolygon, box
from tests.delivery.delivery_scenes import FOOTPRINT, make_parts

from swath.delivery.scene import check_part, parse_scene
from swath.errors import Invalid
from swath.geo.polygons import Area

GOOD: dict[str, Any] = {
    "driver": "GTiff",
    "count": 1,
    "height": 8,
    "width": 8,
    "dtype": "uint16",
    "crs": "EPSG:32654",
    "transform": rasterio.Affine(10, 0, 300_000, 0, -10, 4_000_000),
    "nodata": 0,
}

# What such a file shows.
HERE = box(*transform_bounds("EPSG:32654", "OGC:CRS84", 300_000, 3_999_920, 300_080, 4_000_000))


def write(path: Path, **changes: Any) -> str:
    profile = {**GOOD, **changes}
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(np.ones((profile["count"], profile["height"], profile["width"]), profile["dtype"]))
    return str(path)


def fault(path: str, part: str = "pan", footprint: Area = HERE) -> tuple[str, str]:
    with pytest.raises(Invalid) as raised:
        check_part(path, part, footprint)
    return raised.value.code, raised.value.message


def test_a_good_part_is_taken(tmp_path: Path):
    check_part(write(tmp_path / "pan.tif"), "pan", HERE)


@pytest.mark.parametrize(
    "changes, code, cure",
    [
        ({"count": 2}, "wrong_bands", "must have 1 band.s. of uint16, not 2 of uint16"),
        ({"dtype": "float32"}, "wrong_bands", "not 1 of float32"),
        ({"nodata": None}, "no_nodata", "which value means no data"),
        ({"crs": "EPSG:4326"}, "not_projected", "such as a UTM zone"),
    ],
)
def test_a_part_of_the_wrong_kind_is_refused_with_the_cure(
    tmp_path: Path, changes: dict[str, Any], code: str, cure: str
):
    found, message = fault(write(tmp_path / "pan.tif", **changes))
    assert found == code
    assert re.search(cure, message)


@pytest.mark.parametrize("body", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"II*\x00" + bytes(60)])
def test_what_is_no_tiff_is_refused(tmp_path: Path, body: bytes):
    (tmp_path / "pan.tif").write_bytes(body)
    assert fault(str(tmp_path / "pan.tif"))[0] in ("not_geotiff", "not_projected")


def test_half_a_file_is_refused(tmp_path: Path):
    whole = make_parts()["pan"]
    (tmp_path / "pan.tif").write_bytes(whole[: len(whole) // 8])
    assert fault(str(tmp_path / "pan.tif"), footprint=FOOTPRINT)[0] in ("not_geotiff", "not_readable")


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.999])
def test_a_file_that_lacks_its_end_is_refused(tmp_path: Path, kept: float):
    # Uncompressed, as here, the directory stands before the pixels, as in a Cloud Optimized GeoTIFF.
    profile: dict[str, Any] = {**GOOD, "height": 300, "width": 300}
    with rasterio.open(tmp_path / "pan.tif", "w", **profile) as dataset:
        dataset.write(np.ones((1, 300, 300), "uint16"))
    whole = (tmp_path / "pan.tif").read_bytes()
    (tmp_path / "pan.tif").write_bytes(whole[: int(len(whole) * kept)])
    assert fault(str(tmp_path / "pan.tif"))[0] == "not_readable"


@pytest.mark.parametrize("part", ["pan", "msi", "udm"])
def test_a_file_that_was_damaged_on_its_way_is_refused(tmp_path: Path, part: str):
    whole = bytearray(make_parts(600)[part])
    with rasterio.open(io.BytesIO(whole)) as dataset:
        (row, column), _ = list(dataset.block_windows(1))[-1]
        place, size = (
            int(dataset.get_tag_item(f"{name}_{column}_{row}", "TIFF", 1))
            for name in ("BLOCK_OFFSET", "BLOCK_SIZE")
        )
    whole[place : place + size] = b"\xff" * size
    (tmp_path / "part.tif").write_bytes(whole)
    assert fault(str(tmp_path / "part.tif"), part, FOOTPRINT)[0] == "not_readable"


def test_a_scene_says_itself_whether_it_is_simulated():
    assert parse_scene(make_parts()).simulated


@pytest.mark.parametrize(
    "footprint",
    [
        FOOTPRINT,
        MultiPolygon([box(179.8, 0, 180, 0.4), box(-180, 0, -179.8, 0.4)]),
        box(20, 84.2, 23, 84.5),
        box(-180, 89.8, 180, 90),
    ],
    ids=["middle latitudes", "antimeridian", "polar", "pole"],
)
def test_a_scene_of_the_footprint_is_taken_wherever_that_lies(tmp_path: Path, footprint: Area):
    for part, body in make_parts(64, footprint=footprint).items():
        (tmp_path / part).write_bytes(body)
        check_part(str(tmp_path / part), part, footprint)


@pytest.mark.parametrize(
    "changes, footprint",
    [
        ({}, affinity.translate(HERE, 1)),
        ({}, affinity.translate(HERE, 180)),
        ({}, affinity.translate(HERE, 0.6 * (HERE.bounds[2] - HERE.bounds[0]))),
        ({"crs": "EPSG:32633"}, HERE),
        ({"transform": rasterio.Affine(1, 0, 300_000, 0, -1, 4_000_000)}, HERE),
    ],
    ids=["beside", "other side of the Earth", "half beside", "another zone", "far too small"],
)
def test_a_part_that_shows_another_place_is_refused(tmp_path: Path, changes: Any, footprint: Area):
    code, message = fault(write(tmp_path / "pan.tif", **changes), footprint=footprint)
    assert code == "elsewhere"
    assert "of the capture's footprint" in message


@pytest.mark.parametrize(
    "changes, found",
    [
        ({"crs": "EPSG:32653"}, "EPSG:32653"),
        ({"transform": rasterio.Affine(10, 0, 300_400, 0, -10, 4_000_000)}, "corners lie up to 400"),
        ({"height": 1, "width": 1, "transform": rasterio.Affine(800, 0, 300_000, 0, -800, 4_000_000)}, "800"),
    ],
    ids=["another zone", "beside", "one pixel"],
)
def test_parts_that_show_different_ground_make_no_scene(tmp_path: Path, changes: Any, found: str):
    fitting = {
        "pan": write(tmp_path / "pan.tif", height=80, width=80),
        "msi": write(tmp_path / "msi.tif", count=5, height=80, width=80),
    }
    udm = {"dtype": "uint8", "height": 80, "width": 80}

    def read(**odd: Any) -> dict[str, bytes]:
        paths = {**fitting, "udm": write(tmp_path / "udm.tif", **udm | odd)}
        return {name: Path(path).read_bytes() for name, path in paths.items()}

    parse_scene(read())
    with pytest.raises(Invalid, match=found) as raised:
        parse_scene(read(**changes))
    assert raised.value.code == "does_not_fit"
