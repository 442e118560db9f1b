"""How large an area is on the ellipsoid, how wide and high its box, and the cap that holds it."""

import numpy as np
import shapely
from pyproj import Geod
from shapely import get_coordinates

from swath.geo.antimeridian import HALF_TURN_DEG, TURN_DEG, Area, unwrap
from swath.geo.ellipsoid import A_M, E2, Floats
from swath.geo.plane import build_plane, segmentize

# Beyond this latitude a box of longitudes and latitudes is a poor box, and the local plane's may be the smaller.
NEAR_POLE_DEG = 80.0
# A box higher than this is no longer something to lay in a plane.
PLANE_REACH_KM = 2_000.0


def area_m2(area: Area) -> float:
    """Square metres on the ellipsoid of a cut or continuous area whose edges are straight in longitude and latitude.

    Measured on the equal-area cylinder (Snyder, Map Projections, USGS 1395, eq. 10-15 and 3-12), where meridians and
    parallels stay straight, so that caps and cuts are exact.
    """
    fine = segmentize(area)
    return float(shapely.transform(fine, _onto_cylinder).area)


def outline_m(area: Area) -> float:
    """Roughly how long the outlines of an area are in metres, on a sphere; along a pole they have no length."""
    coordinates, part = get_coordinates(shapely.get_rings(shapely.get_parts(area)), return_index=True)
    lon, lat = np.radians(coordinates).T
    east = np.diff(lon) * np.cos((lat[:-1] + lat[1:]) / 2)
    return float(A_M * np.hypot(east, np.diff(lat))[np.diff(part) == 0].sum())


def extent_km(area: Area) -> tuple[float, float]:
    """Width and height in kilometres of the smallest box around a cut area.

    The box of its bounding longitudes and latitudes: height along a meridian, width as the geodesic between the
    corners of the longer side. Close to a pole the box that lies straight in the local plane counts if it is smaller.
    """
    box = _lonlat_box_km(area)
    near_pole = np.abs(get_coordinates(area)[:, 1]).max() > NEAR_POLE_DEG
    if near_pole and box[1] < PLANE_REACH_KM:
        return min(box, _plane_box_km(area), key=max)
    return box


def compute_bbox(area: Area) -> tuple[float, float, float, float]:
    """The bounding box of a cut area by RFC 7946 section 5: west, south, east, north; west > east across 180."""
    west, south, east, north = unwrap(area).bounds
    return west, south, east if east <= HALF_TURN_DEG else east - TURN_DEG, north


def bounding_cap(area: Area) -> tuple[float, float, float]:
    """Longitude and latitude in degrees of a middle, and the geodesic radius in metres within which the area lies."""
    plane = build_plane(area)
    lon, lat = get_coordinates(segmentize(area)).T
    _, _, distance_m = Geod(ellps="WGS84").inv(
        np.full_like(lon, plane.lon_deg), np.full_like(lat, plane.lat_deg), lon, lat
    )
    # A metre for what bulges between two points of the outline.
    return plane.lon_deg, plane.lat_deg, float(np.max(distance_m)) + 1.0


def _onto_cylinder(lonlat_deg: Floats) -> Floats:
    sin = np.sin(np.radians(lonlat_deg[:, 1]))
    e = np.sqrt(E2)
    q = (1 - E2) * (sin / (1 - E2 * sin**2) + np.arctanh(e * sin) / e)
    return np.column_stack([A_M * np.radians(lonlat_deg[:, 0]), A_M * q / 2])


def _lonlat_box_km(area: Area) -> tuple[float, float]:
    west, south, east, north = unwrap(area).bounds
    longer_side = 0.0 if south <= 0.0 <= north else min(south, north, key=abs)
    height_m = Geod(ellps="WGS84").inv(west, south, west, north)[2]
    return _width_m(west, east, longer_side) / 1e3, height_m / 1e3


def _width_m(west: float, east: float, lat: float) -> float:
    """Between two meridians, in as many pieces as keep the geodesic from going round the other way."""
    pieces = 1 + int((east - west) // 90)
    return pieces * float(Geod(ellps="WGS84").inv(west, lat, west + (east - west) / pieces, lat)[2])


def _plane_box_km(area: Area) -> tuple[float, float]:
    west, south, east, north = build_plane(area).flatten(area).bounds
    return (east - west) / 1e3, (north - south) / 1e3
