"""Areas of interest as people give them on a command line: a box, or a GeoJSON file."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import typer

AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Box:
    """A box in degrees; west > east crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def as_polygon(self) -> dict[str, Any]:
        """The box as GeoJSON, counter-clockwise."""
        west, south, east, north = self.west, self.south, self.east, self.north
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}


def parse_box(text: str) -> Box:
    """A box from `west,south,east,north`; raises typer.BadParameter."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no box; write west,south,east,north in degrees.") from error
    return Box(west, south, east, north)


def load_area(path: Path) -> dict[str, Any]:
    """The polygon in a GeoJSON file, be it bare or in a feature; `-` reads stdin. Raises typer.BadParameter.

    Only the wrapping is looked at here; whether the area can be planned is for the service to say.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
        document = json.loads(text)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{path} cannot be read as GeoJSON: {error}.") from error
    geometry = _unwrapped(document)
    if geometry is None:
        raise typer.BadParameter(f"{path} must hold one {' or '.join(AREAS)}, alone or in a feature.")
    return geometry


def _unwrapped(document: Any) -> dict[str, Any] | None:
    if not isinstance(document, dict):
        return None
    found = cast("dict[str, Any]", document)
    if found.get("type") in AREAS:
        return found
    if found.get("type") == "Feature":
        return _unwrapped(found.get("geometry"))
    features = found.get("features")
    return (
        _unwrapped(features[0])
        if isinstance(features, list) and len(cast("list[Any]", features)) == 1
        else None
    )
