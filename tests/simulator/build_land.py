"""Makes src/swath/simulator/data/land.npz from the npm package world-atlas.

Usage: npm pack world-atlas@2.0.2, unpack it, then

    python tests/simulator/build_land.py package/land-10m.json src/swath/simulator/data/land.npz

The TopoJSON joins what Natural Earth had cut at the antimeridian and at the pole; here it is cut again.
Vertices stay on the TopoJSON's grid of whole numbers and are kept as steps from one to the next, which
packs five times better than coordinates. `swath.simulator.land.load_land` undoes it.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import Polygon


def stitch(arcs: list[np.ndarray], ring: list[int]) -> np.ndarray:
    """The vertices of a ring in degrees with continuous longitudes; ~i is arc i walked backwards."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in ring]
    degrees = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
    return np.column_stack([np.unwrap(degrees[:, 0], period=360), degrees[:, 1]])


def close_at_pole(ring: np.ndarray) -> np.ndarray:
    """A ring that runs around the South Pole instead of returning is led down to it and back."""
    if abs(ring[-1, 0] - ring[0, 0]) < 180:
        return ring
    return np.vstack([ring, [[ring[-1, 0], -90], [ring[0, 0], -90], ring[0]]])


def cut(polygon: Polygon) -> Iterator[Polygon]:
    """The parts of a polygon with continuous longitudes, each moved into -180..180."""
    for shift in (-360, 0, 360):
        inside = shapely.clip_by_rect(translate(polygon, shift), -180, -90, 180, 90)
        yield from (part for part in shapely.get_parts(inside) if part.area > 0)


def pack(topology: dict[str, Any]) -> dict[str, np.ndarray]:
    """The arrays of the packed file: steps of all rings, and how long each ring and each polygon is."""
    scale, corner = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + corner for arc in topology["arcs"]]
    (land,) = topology["objects"]["land"]["geometries"]
    whole = [[close_at_pole(stitch(arcs, ring)) for ring in polygon] for polygon in land["arcs"]]
    polygons = [part for shell, *holes in whole for part in cut(Polygon(shell, holes))]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    vertices = np.rint((shapely.get_coordinates(rings) - corner) / scale)
    return {
        "steps": np.diff(vertices, axis=0, prepend=0).astype(np.int32).T,
        "ring_lengths": shapely.get_num_coordinates(rings).astype(np.int32),
        "polygon_lengths": np.array([1 + len(polygon.interiors) for polygon in polygons], np.int32),
        "scale": scale,
        "translate": corner,
    }


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    np.savez_compressed(target, **pack(json.loads(source.read_text())))
