"""What the ops door takes as a part of a scene, and what it sends back with which words."""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from tests.delivery.delivery_scenes import make_parts

from swath.delivery.scene import check_part, parse_scene
from swath.errors import Invalid

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


def write(path: Path, **changes: Any) -> str:
    profile = {**GOOD, **changes}
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(np.ones((profile["count"], 8, 8), profile["dtype"]))
    return str(path)


def fault(path: str, part: str = "pan") -> tuple[str, str]:
    with pytest.raises(Invalid) as raised:
        check_part(path, part)
    return raised.value.code, raised.value.message


def test_a_good_part_is_taken(tmp_path: Path):
    check_part(write(tmp_path / "pan.tif"), "pan")


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
    assert fault(str(tmp_path / "pan.tif"))[0] in ("not_geotiff", "not_readable")


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
    assert fault(str(tmp_path / "part.tif"), part)[0] == "not_readable"


def test_a_scene_says_itself_whether_it_is_simulated():
    assert parse_scene(make_parts()).simulated
