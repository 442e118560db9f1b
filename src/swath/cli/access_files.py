"""What `swath access` reads: element sets in any format, and targets as CSV or GeoJSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from swath.access.features import find_names, parse_features
from swath.access.target_file import Target, check_degrees, parse_targets, read_text
from swath.errors import Malformed
from swath.orbit.elements import Elements, parse_elements

AREAS = ("Polygon", "MultiPolygon")
Geometry = Mapping[str, Any]


@dataclass(frozen=True)
class Targets:
    """What is to be imaged: places, and areas as GeoJSON geometries with their names."""

    places: tuple[Target, ...] = ()
    areas: tuple[Geometry, ...] = ()
    area_names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the places, then of the areas."""
        return tuple(place.target for place in self.places) + self.area_names


def load_elements(path: Path) -> tuple[Elements, ...]:
    """The element sets of a file in any format we read; raises Malformed."""
    found = parse_elements(read_text(path))
    if not found:
        raise Malformed(f"{path} holds no element set.")
    return found


def load_targets(path: Path) -> Targets:
    """The targets of a CSV file with the columns target, lon_deg, lat_deg, or of GeoJSON points and polygons.

    Raises Malformed that names the line or the feature; whether polygons are sound is not looked at.
    """
    text = read_text(path).lstrip("\ufeff")
    if text.lstrip().startswith(("{", "[")):
        return _parse_geojson(text, str(path))
    return Targets(tuple(parse_targets(text, str(path))))


def find_shared(names: Sequence[str]) -> list[str]:
    """Names that are given more than once, in order."""
    return [name for name, count in Counter(names).items() if count > 1]


def _parse_geojson(text: str, path: str) -> Targets:
    places: list[Target] = []
    areas: list[tuple[Geometry, str]] = []
    for number, feature in enumerate(parse_features(text, path), 1):
        name, where = next(find_names(feature), str(number)), f"{path}, feature {number}"
        geometry = _geometry_of(feature, where)
        if geometry["type"] == "Point":
            places.append(Target(name, *_position(geometry.get("coordinates"), where)))
        else:
            areas.append((geometry, name))
    geometries, names = tuple(zip(*areas, strict=True)) or ((), ())
    return Targets(tuple(places), geometries, names)


def _geometry_of(feature: Mapping[str, Any], where: str) -> Geometry:
    geometry = feature.get("geometry")
    if not isinstance(geometry, Mapping):
        raise Malformed(f"{where} has no geometry.")
    kind = cast("Geometry", geometry).get("type")
    if kind not in ("Point", *AREAS):
        raise Malformed(f"{where} is a {kind}; targets are Points, Polygons and MultiPolygons.")
    return cast("Geometry", geometry)


def _position(coordinates: Any, where: str) -> tuple[float, float]:
    if not isinstance(coordinates, list) or not 2 <= len(cast("list[Any]", coordinates)) <= 3:
        raise Malformed(f"{where}: a Point has [longitude, latitude]; found {str(coordinates)[:60]}.")
    lon, lat = cast("list[Any]", coordinates)[:2]
    return check_degrees(lon, "longitude", 180.0, where), check_degrees(lat, "latitude", 90.0, where)
