"""Areas as they are sent, and what is said of those that are refused."""

from typing import Any

import pytest

from swath.errors import Invalid
from swath.geo.polygons import Area, parse_area


def read(geojson: Any) -> Area:
    return parse_area(geojson, max_extent_km=250, max_vertices=1000)


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def square(west: Any, south: Any, east: Any, north: Any) -> list[list[Any]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def refusals(geojson: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        read(geojson)
    assert all(fault.message.endswith((".", "0")) for fault in caught.value.faults)
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def message(geojson: Any) -> str:
    with pytest.raises(Invalid) as caught:
        read(geojson)
    return str(caught.value)
