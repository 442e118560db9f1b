"""Areas as targets: their outlines as edges short enough for what a satellite sees between two points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from swath.access.limits import VERTICAL_SLACK_RAD
from swath.access.look import Floats, Targets, build_targets
from swath.errors import Fault, Invalid
from swath.geo.antimeridian import Area
from swath.geo.areas import parse_area
from swath.geo.ellipsoid import A_M, B_M, ecef_to_geodetic
from swath.geo.outline import build_outline

Ints = NDArray[np.intp]

# A larger area no longer is met and left once a revolution.
LARGEST_RADIUS_KM = 8_000.0
MAX_VERTICES = 1_000_000
# A shapely geometry, or a GeoJSON one.
AreaGiven = Area | Mapping[str, Any]
# For kernels: middles as edges of no length (A, 3, 6), where each area's edges begin (A + 1,), and all edges (E, 3, 6).
PackedAreas = tuple[Floats, Ints, Floats]
_AXES_M = np.array([A_M, A_M, B_M])


@dataclass(frozen=True)
class Areas:
    """Areas (A,): their middles in degrees and as targets, and how far from there they reach as an angle, (A,).

    The edges (E, 3, 6) of area a, each as position (metres ITRF) and vertical of its start, middle and end, are those
    from `first_edge[a]` to before `first_edge[a + 1]`; the area lies to their left.
    """

    lon_deg: Floats
    lat_deg: Floats
    middles: Targets
    radius_rad: Floats
    first_edge: Ints
    edges: Floats

    def __len__(self) -> int:
        return len(self.lon_deg)

    @property
    def packed(self) -> PackedAreas:
        """Middles and outlines for kernels."""
        centres = np.repeat(np.hstack([self.middles.r_m, self.middles.up])[:, None], 3, axis=1)
        return centres, self.first_edge, self.edges

    def take(self, block: slice) -> "Areas":
        """Some that follow one another."""
        first_edge = self.first_edge[block.start : min(block.stop, len(self)) + 1]
        return Areas(
            self.lon_deg[block],
            self.lat_deg[block],
            self.middles.take(block),
            self.radius_rad[block],
            first_edge - first_edge[0],
            self.edges[first_edge[0] : first_edge[-1]],
        )


def build_areas(areas: Sequence[AreaGiven], names: Sequence[str] | None = None) -> Areas:
    """Areas from shapely geometries or GeoJSON; names (A,), else numbers, are for what is said of them.

    Raises Invalid with every fault of the first one that has any.
    """
    called = [f"Area {name}" for name in (names or range(len(areas)))]
    outlines = [_build_edges(_parse(area, i, called[i])) for i, area in enumerate(areas)]
    centres = np.array([_find_centre(edges) for edges in outlines]).reshape(-1, 3)
    radius_rad = np.array([_find_radius_rad(*pair) for pair in zip(centres, outlines, strict=True)])
    _check_sizes(radius_rad * A_M / 1e3, called)
    lon, lat, _ = ecef_to_geodetic(_onto_ellipsoid(centres))
    first_edge = np.cumsum([0, *map(len, outlines)], dtype=np.intp)
    edges = np.concatenate([np.zeros((0, 3, 6)), *outlines])
    return Areas(lon, lat, build_targets(lon, lat), radius_rad + VERTICAL_SLACK_RAD, first_edge, edges)


def _parse(area: AreaGiven, number: int, called: str) -> Area:
    document = mapping(area) if isinstance(area, BaseGeometry) else area
    try:
        return parse_area(document, max_extent_km=np.inf, max_vertices=MAX_VERTICES)
    except Invalid as error:
        where = f"/areas/{number}"
        faults = (Fault(where + f.pointer, f.code, f"{called}: {f.message}") for f in error.faults)
        raise Invalid(*faults) from error


def _check_sizes(radius_km: Floats, called: Sequence[str]) -> None:
    for i in np.flatnonzero(radius_km > LARGEST_RADIUS_KM)[:1].tolist():
        sentence = (
            f"{called[i]} reaches {radius_km[i]:.0f} km from its middle; the limit is "
            f"{LARGEST_RADIUS_KM:.0f} km. Cut it in parts."
        )
        raise Invalid(Fault(f"/areas/{i}", "area_too_large", sentence))


def _build_edges(area: Area) -> Floats:
    outline = build_outline(area)
    ends = outline.points_m[outline.edges]
    r_m = np.stack([ends[:, 0], _onto_ellipsoid(ends.mean(axis=1)), ends[:, 1]], axis=1)
    return np.concatenate([r_m, _to_unit(r_m / _AXES_M**2)], axis=2)


def _find_centre(edges: Floats) -> Floats:
    """The mean direction from the Earth's centre of what lies inside: that of the sum of r x dr around it.

    Any point may be the zero of r; one of the outline keeps the digits of small areas.
    """
    start, end = _to_unit(edges[:, 0, :3]), _to_unit(edges[:, 2, :3])
    return _to_unit(np.cross(start - start[0], end - start[0]).sum(axis=0))


def _find_radius_rad(centre: Floats, edges: Floats) -> float:
    cosine = (_to_unit(edges[:, :2, :3]) @ centre).min()
    return float(np.arccos(np.clip(cosine, -1.0, 1.0)))


def _onto_ellipsoid(directions: Floats) -> Floats:
    return directions / np.linalg.norm(directions / _AXES_M, axis=-1, keepdims=True)


def _to_unit(vectors: Floats) -> Floats:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
