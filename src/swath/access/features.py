"""GeoJSON as people have it: a collection of features, one feature or a bare geometry, and what they are called."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from swath.errors import Malformed

Document = Mapping[str, Any]

# Properties that features are called by, the first that there is, in any letter case.
NAMES = ("name", "title", "id")
# Names of longitude-latitude systems that old files give; all others are refused.
LONLAT = ("CRS84", "EPSG::4326", "EPSG:4326")
GEOMETRIES = ("Polygon", "MultiPolygon", "Point")


def parse_features(text: str, name: str) -> list[Document]:
    """The features of a file's text, which is called by a name. Raises Malformed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{name} is not JSON: {error}.") from error
    try:
        return list_features(document)
    except Malformed as error:
        raise Malformed(f"{name}: {error.message}") from error


def list_features(document: Any) -> list[Document]:
    """The features of a GeoJSON document in longitude and latitude; a geometry is a feature without properties.

    Raises Malformed; of geometries nothing but the type of a bare one is looked at.
    """
    kind = cast("Document", document).get("type") if isinstance(document, Mapping) else None
    features = _find_features(document, kind)
    _check_crs(document)
    return features


def find_names(feature: Document) -> Iterator[str]:
    """What a feature may be called, the best first: properties name, title and id in any letter case, and its id."""
    found = feature.get("properties")
    properties = cast("Document", found) if isinstance(found, Mapping) else {}
    lower = {key.lower(): value for key, value in properties.items()}
    for value in (*(lower.get(name) for name in NAMES), feature.get("id")):
        if value not in (None, ""):
            yield str(value)


def _find_features(document: Any, kind: Any) -> list[Document]:
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list) or not all(isinstance(one, Mapping) for one in features):
            raise Malformed("The FeatureCollection's features are no array of features.")
        if not features:
            raise Malformed("The FeatureCollection holds no feature; at least one is needed.")
        return cast("list[Document]", features)
    if kind == "Feature":
        return [cast("Document", document)]
    if kind in GEOMETRIES:
        return [{"type": "Feature", "geometry": document, "properties": {}}]
    found = f"a document of type {kind!r}" if kind else f"a {type(document).__name__} without type"
    raise Malformed(f"Areas come as a GeoJSON FeatureCollection, Feature or Polygon; found {found}.")


def _check_crs(document: Document) -> None:
    crs = json.dumps(document["crs"]) if document.get("crs") else LONLAT[0]
    if not any(name in crs for name in LONLAT):
        raise Malformed(f"The file's coordinates are in {crs}; save it in longitude and latitude, EPSG:4326.")
