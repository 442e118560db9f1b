"""Where land is: Natural Earth's coastlines, packed with the project (`data/NOTE.md`). Lakes count as land."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon, box


@dataclass(frozen=True)
class Land:
    """All land as polygons in lon, lat degrees, indexed by their boxes."""

    polygons: NDArray[Any]
    index: shapely.STRtree

    def within(self, west: float, south: float, east: float, north: float) -> MultiPolygon:
        """The land inside a box in degrees (-180 <= west < east <= 180), cut to it."""
        frame = box(west, south, east, north)
        met = self.polygons[self.index.query(frame)]
        cut = [shapely.clip_by_rect(polygon, west, south, east, north) for polygon in met]
        parts = [part for area in cut for part in shapely.get_parts(area)]
        return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


@cache
def load_land() -> Land:
    """Read the packed polygons; once a process, about 0.1 s."""
    packed = resources.files("swath.simulator").joinpath("data/land.npz").read_bytes()
    with np.load(BytesIO(packed)) as arrays:
        polygons = _unpack(arrays)
    return Land(polygons, shapely.STRtree(polygons))


def _unpack(arrays: Any) -> NDArray[Any]:
    vertices = np.cumsum(arrays["steps"], axis=1).T * arrays["scale"] + arrays["translate"]
    rings: Any = shapely.linearrings(vertices, indices=_group(arrays["ring_lengths"]))
    return np.asarray(shapely.polygons(rings, indices=_group(arrays["polygon_lengths"])))


def _group(lengths: NDArray[np.int32]) -> NDArray[np.intp]:
    """The number of its group for each member: lengths 2, 1 give 0, 0, 1."""
    return np.repeat(np.arange(len(lengths)), lengths)
