"""Where land is: Natural Earth's coastlines, packed with the project (`data/NOTE.md`)."""

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

    polygons: NDArray[np.object_]
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
        polygons = np.array(_unpack(arrays), dtype=object)
    return Land(polygons, shapely.STRtree(polygons))


def _unpack(arrays: Any) -> list[Polygon]:
    rings = _split(arrays["steps"].T, arrays["ring_lengths"])
    degrees = [np.cumsum(ring, axis=0) * arrays["scale"] + arrays["translate"] for ring in rings]
    grouped = _split(np.arange(len(degrees)), arrays["polygon_lengths"])
    return [Polygon(degrees[of[0]], [degrees[hole] for hole in of[1:]]) for of in grouped]


def _split(rows: NDArray[Any], lengths: NDArray[np.int32]) -> list[NDArray[Any]]:
    return np.split(rows, np.cumsum(lengths)[:-1])
