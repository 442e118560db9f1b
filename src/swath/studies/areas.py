"""Areas as people have them: GeoJSON with many features, or a table of points, each with a name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import shapely
from shapely import Polygon

from swath.access.features import Document, find_names, list_features, parse_features
from swath.access.target_file import HEADER, parse_targets, read_text
from swath.errors import Fault, Invalid, Malformed
from swath.geo.antimeridian import Area, cut_polygon
from swath.geo.areas import parse_area
from swath.geo.plane import LocalPlane
from swath.studies.model import MAX_EXTENT_KM, MAX_VERTICES, StudyArea, name_repeats

# A point is studied as a square of this size, in kilometres.
POINT_SIZE_KM = 1.0
# Close to a pole the sides of a square are far from straight in longitude and latitude; they get more points.
NEAR_POLE_DEG = 80.0
PIECES = 16
CUT_UP = "Cut the area up."


def load_areas(
    path: Path, name_property: str | None = None, point_size_km: float = POINT_SIZE_KM
) -> tuple[StudyArea, ...]:
    """The areas of a GeoJSON file, or of a CSV file with the columns target, lon_deg, lat_deg.

    Features are polygons or points; a point is studied as a square around it. They are called by a property: the one
    given, or name, title or id. Raises Malformed or Invalid, with the file and the feature that is wrong.
    """
    text = read_text(path).lstrip("\ufeff")
    if text.lstrip().startswith(("{", "[")):
        return _parse_geojson(text, str(path), name_property, point_size_km)
    return _parse_table(text, str(path), point_size_km)


def parse_areas(
    document: Any, name_property: str | None = None, point_size_km: float = POINT_SIZE_KM
) -> tuple[StudyArea, ...]:
    """The areas of a GeoJSON document: a FeatureCollection, a Feature or a geometry. Raises Malformed or Invalid."""
    return _build_areas(list_features(document), name_property, point_size_km)


def build_square(lon_deg: float, lat_deg: float, size_km: float) -> Area:
    """A square around a place, with sides towards north and east, straight in the local plane."""
    half_m = 500.0 * size_km
    corners = half_m * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]], float)
    if abs(lat_deg) > NEAR_POLE_DEG:
        corners = shapely.get_coordinates(shapely.segmentize(Polygon(corners), half_m / PIECES))
    return cut_polygon(Polygon(LocalPlane(lon_deg, lat_deg).unproject(corners)))


def _build_areas(
    features: Sequence[Document], name_property: str | None, point_size_km: float
) -> tuple[StudyArea, ...]:
    names = [_name_of(feature, i, name_property) for i, feature in enumerate(features)]
    for name in name_repeats(names):
        places = " and ".join(str(i) for i, one in enumerate(names) if one == name)
        sentence = f"Features {places} are all called {name!r}; give each a name of its own"
        raise Invalid(Fault("/features", "name_twice", f"{sentence}, or choose another property for names."))
    return tuple(
        StudyArea(name, _area_of(feature, name, i, point_size_km))
        for i, (name, feature) in enumerate(zip(names, features, strict=True))
    )


def _parse_geojson(text: str, name: str, name_property: str | None, size_km: float) -> tuple[StudyArea, ...]:
    features = parse_features(text, name)
    try:
        return _build_areas(features, name_property, size_km)
    except Malformed as error:
        raise Malformed(f"{name}: {error.message}") from error
    except Invalid as error:
        raise Invalid(
            *(replace(fault, message=f"{name}: {fault.message}") for fault in error.faults)
        ) from error


def _parse_table(text: str, name: str, size_km: float) -> tuple[StudyArea, ...]:
    if "," not in text.partition("\n")[0]:
        columns = ",".join(HEADER)
        raise Malformed(f"{name} is neither GeoJSON, which begins with {{, nor CSV with columns {columns}.")
    targets = parse_targets(text, name)
    for repeated in name_repeats(target.target for target in targets):
        raise Malformed(f"{name}: several targets are called {repeated!r}; give each a name of its own.")
    return tuple(StudyArea(target, build_square(lon, lat, size_km)) for target, lon, lat in targets)


def _name_of(feature: Document, i: int, name_property: str | None) -> str:
    if name_property is None:
        return next(find_names(feature), f"area {i + 1}")
    found = feature.get("properties")
    properties = cast("Document", found) if isinstance(found, Mapping) else {}
    if properties.get(name_property) in (None, ""):
        has = ", ".join(properties) or "none"
        raise Malformed(f"Feature {i} has no property {name_property!r} to be called by; it has {has}.")
    return str(properties[name_property])


def _area_of(feature: Document, name: str, i: int, size_km: float) -> Area:
    geometry = feature.get("geometry")
    try:
        if isinstance(geometry, Mapping) and cast("Document", geometry).get("type") == "Point":
            return _square_of(cast("Document", geometry), size_km)
        return parse_area(geometry, max_extent_km=MAX_EXTENT_KM, max_vertices=MAX_VERTICES)
    except Invalid as error:
        raise Invalid(*(_tell_of(fault, name, i) for fault in error.faults)) from error


def _square_of(geometry: Document, size_km: float) -> Area:
    try:
        lon, lat = (float(value) for value in geometry["coordinates"][:2])
        if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
            raise ValueError
    except (KeyError, TypeError, ValueError) as error:
        found = geometry.get("coordinates")
        sentence = f"A Point's coordinates must be longitude and latitude in degrees; found {found!r}."
        raise Invalid(Fault("/geometry/coordinates", "position", sentence)) from error
    return build_square(lon, lat, size_km)


def _tell_of(fault: Fault, name: str, i: int) -> Fault:
    cure = f" {CUT_UP}" if fault.code in ("too_wide", "too_high") else ""
    return Fault(f"/features/{i}{fault.pointer}", fault.code, f"Area {name!r}: {fault.message}{cure}")
