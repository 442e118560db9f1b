"""The parameter `intersects`: a GeoJSON geometry, as text or as a value."""

import json
from math import isfinite
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from swath.errors import BadParameter


def parse_shape(text: str) -> BaseGeometry:
    """A shape out of the text of a GeoJSON geometry."""
    try:
        return read_shape(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise _refuse("intersects must be a GeoJSON geometry.") from error


def read_shape(geojson: Any) -> BaseGeometry:
    """Any GeoJSON geometry in CRS84 that has a shape. Raises BadParameter."""
    try:
        geometry = shape(geojson)
        bounds = shapely.bounds(geometry)
    except Exception as error:
        # What shapely raises for strange input depends on how it is strange; none of it may become a fault of ours.
        raise _refuse("intersects must be a GeoJSON geometry.") from error
    if not all(isfinite(edge) for edge in bounds) or not geometry.is_valid:
        raise _refuse("intersects must be a valid geometry that is not empty.")
    west, south, east, north = bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise _refuse("Longitudes of intersects go from -180 to 180 and latitudes from -90 to 90.")
    return shapely.force_2d(geometry)


def _refuse(why: str) -> BadParameter:
    return BadParameter("intersects", why)
