"""The nine assets of a scene: thumbnail, true colour, six bands and the mask of unusable data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from rasterio.io import MemoryFile
from rio_cogeo.cogeo import cog_translate
from rio_cogeo.profiles import cog_profiles

from swath.delivery.pictures import build_thumbnail, compute_true_colour
from swath.delivery.scene import Raster, Scene

PNG = "image/png"
COG = "image/tiff; application=geotiff; profile=cloud-optimized"
# Asset and band of the scene that each reflectance image holds.
MSI_BANDS = ("band1", "band2", "band3", "band4", "band5")


@dataclass(frozen=True)
class Image:
    """One delivered file. `raster` is None for the thumbnail, which has no place on Earth."""

    key: str
    file: str
    media_type: str
    body: bytes
    raster: Raster | None


def build_images(scene: Scene) -> Iterator[Image]:
    """The nine images, one after the other so that only one is held at a time."""
    true_colour = compute_true_colour(scene)
    word = "SIMULATED" if scene.simulated else ""
    yield Image("thumbnail", "thumbnail.png", PNG, build_thumbnail(true_colour, word), None)
    yield _build_cog("tci", true_colour, "average", scene.simulated)
    yield _build_cog("band0", scene.pan, "average", scene.simulated)
    for number, key in enumerate(MSI_BANDS):
        band = Raster(
            scene.msi.pixels[number : number + 1], scene.msi.crs, scene.msi.transform, scene.msi.nodata
        )
        yield _build_cog(key, band, "average", scene.simulated)
    yield _build_cog("msi_udm", scene.udm, "mode", scene.simulated)


def compute_statistics(raster: Raster) -> Sequence[Mapping[str, float]]:
    """Minimum, maximum, mean, standard deviation and share of valid pixels of each band."""
    valid = raster.valid
    percent = round(100 * float(valid.mean()), 3)
    return [_statistics_of(band[valid], percent) for band in raster.pixels]


def _statistics_of(values: np.ndarray[Any, Any], valid_percent: float) -> Mapping[str, float]:
    if values.size == 0:
        return {"valid_percent": 0.0}
    return {
        "minimum": int(values.min()),
        "maximum": int(values.max()),
        "mean": round(float(values.mean()), 3),
        "stddev": round(float(values.std()), 3),
        "valid_percent": valid_percent,
    }


def _build_cog(key: str, raster: Raster, resampling: Literal["average", "mode"], simulated: bool) -> Image:
    with _plain(raster, simulated) as source, MemoryFile() as target:
        with source.open() as dataset:
            cog_translate(
                dataset,
                target.name,
                {**cog_profiles.get("deflate"), "predictor": 2},
                nodata=raster.nodata,
                overview_resampling=resampling,
                in_memory=True,
                forward_band_tags=True,
                quiet=True,
            )
        return Image(key, f"{key}.tif", COG, bytes(target.read()), raster)


def _plain(raster: Raster, simulated: bool) -> MemoryFile:
    """The raster as an uncompressed GeoTIFF in memory, for rio-cogeo to read."""
    bands, rows, columns = raster.pixels.shape
    file = MemoryFile()
    with file.open(
        driver="GTiff",
        count=bands,
        height=rows,
        width=columns,
        dtype=raster.pixels.dtype,
        crs=raster.crs,
        transform=raster.transform,
        nodata=raster.nodata,
    ) as dataset:
        dataset.write(raster.pixels)
        if simulated:
            dataset.update_tags(SWATH_SIMULATED="YES", TIFFTAG_IMAGEDESCRIPTION="SIMULATED: not a real image")
    return file
