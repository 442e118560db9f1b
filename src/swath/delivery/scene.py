"""A scene as mission control hands it over: three GeoTIFFs, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader, MemoryFile

from swath.delivery.frame import LEAST_SHARE, Frame, build_frame, find_odd
from swath.errors import Fault, Invalid
from swath.figures import write_beside
from swath.geo.polygons import Area

# Bands of each part, in order: reflectance times 10000 in `pan` and `msi`; classes of `CLASSES` in `udm`.
PARTS: Mapping[str, tuple[str, ...]] = {
    "pan": ("pan",),
    "msi": ("blue", "green", "red", "rededge", "nir"),
    "udm": ("udm",),
}
TYPES: Mapping[str, str] = {"pan": "uint16", "msi": "uint16", "udm": "uint8"}
REFLECTANCE_SCALE = 1e-4
# Classes of the unusable-data mask.
CLEAR, CLOUD, SHADOW, OUTSIDE = 0, 1, 2, 255


@dataclass(frozen=True)
class Raster:
    """Pixels of shape (bands, rows, columns) and where on Earth they lie."""

    pixels: NDArray[Any]
    crs: CRS
    transform: Affine
    nodata: int

    @property
    def pixel_m(self) -> float:
        """Side of a pixel in the units of the projection, metres here."""
        return abs(self.transform.a)

    @property
    def frame(self) -> Frame:
        """The ground that it covers."""
        return build_frame(self.crs, self.transform, self.pixels.shape[2], self.pixels.shape[1])

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Pixels that hold data in the first band; shape (rows, columns)."""
        return self.pixels[0] != self.nodata


@dataclass(frozen=True)
class Scene:
    """The three parts; `simulated` is what the files themselves say."""

    pan: Raster
    msi: Raster
    udm: Raster
    simulated: bool


def parse_scene(parts: Mapping[str, bytes]) -> Scene:
    """Read the parts `pan`, `msi` and `udm`. Raises Invalid when one cannot be used, or shows other ground."""
    rasters: dict[str, Raster] = {}
    simulated = False
    for name in PARTS:
        with MemoryFile(parts[name]) as file, _open(file.name, name) as dataset:
            _check(dataset, name)
            rasters[name] = Raster(dataset.read(), dataset.crs, dataset.transform, int(dataset.nodata))
            simulated = simulated or dataset.tags().get("SWATH_SIMULATED") == "YES"
    odd = find_odd((name, raster.frame) for name, raster in rasters.items())
    if odd is not None:
        raise _refuse(odd[0], "does_not_fit", f"{odd[1]}; send the parts of one scene")
    return Scene(**rasters, simulated=simulated)


def check_part(path: str, name: str, footprint: Area) -> None:
    """Make sure that a file is a GeoTIFF that can be that part of a scene of a footprint, to its last pixel. Raises
    Invalid with the cure.
    """
    with _open(path, name) as dataset:
        _check(dataset, name)
        _check_place(dataset, name, footprint)
        try:
            # Block by block, for scenes are large. What is not found now would be when nobody can send it again.
            for _, window in dataset.block_windows(1):
                dataset.read(window=window)
        except RasterioError as error:
            raise _refuse(
                name, "not_readable", "its pixels cannot be read; send the whole file again"
            ) from error


def _open(path: str, name: str) -> DatasetReader:
    try:
        return rasterio.open(path, driver="GTiff")
    except RasterioError as error:
        raise _refuse(name, "not_geotiff", "it is not a TIFF; send a GeoTIFF") from error


def _check(dataset: DatasetReader, name: str) -> None:
    bands, kind = len(PARTS[name]), TYPES[name]
    if dataset.crs is None or not dataset.crs.is_projected or dataset.crs.to_epsg() is None:
        raise _refuse(
            name, "not_projected", "it must be in a projection with an EPSG code, such as a UTM zone"
        )
    if dataset.count != bands or set(dataset.dtypes) != {kind}:
        found = f"{dataset.count} of {', '.join(sorted(set(dataset.dtypes)))}"
        raise _refuse(name, "wrong_bands", f"it must have {bands} band(s) of {kind}, not {found}")
    if dataset.nodata is None:
        raise _refuse(name, "no_nodata", "it must say which value means no data")


def _check_place(dataset: DatasetReader, name: str, footprint: Area) -> None:
    frame = build_frame(dataset.crs, dataset.transform, dataset.width, dataset.height)
    share = frame.share_of(footprint)
    if share < LEAST_SHARE:
        found = write_beside(100 * share, 100 * LEAST_SHARE, decimals=1)
        cure = f"at least {100 * LEAST_SHARE:g} % must be; is it of another capture?"
        raise _refuse(name, "elsewhere", f"{found} % of the capture's footprint is in it, {cure}")


def _refuse(name: str, code: str, sentence: str) -> Invalid:
    end = "" if sentence.endswith("?") else "."
    return Invalid(Fault(f"/{name}", code, f"The part {name!r} cannot be used: {sentence}{end}"))
