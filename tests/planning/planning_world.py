"""A plan to find candidates for, with the bundled fleet; every part can be changed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shapely import Polygon, box

from swath.fleet import Fleet, Satellite, load_bundled_elements, load_fleet
from swath.geo.antimeridian import Area, cut_polygon
from swath.orbit.elements import Elements, parse_tle
from swath.planning import Finding, find_candidates

NOW_S = datetime(2026, 8, 22, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0
FLEET: Fleet = load_fleet()
ELEMENTS = {elements.name: elements for elements in load_bundled_elements()}
HISTORY = parse_tle((Path(__file__).parents[1] / "data" / "grus_history.txt").read_text("ascii"))
GRUS_1 = ("GRUS-1A", "GRUS-1B", "GRUS-1C", "GRUS-1D", "GRUS-1E")

FUKUI = box(135.9, 35.9, 136.3, 36.2)
KANTO = box(138.5, 35.0, 141.0, 37.2)
DATE_LINE = cut_polygon(Polygon([(179.6, -17.2), (180.5, -17.2), (180.5, -16.3), (179.6, -16.3)]))


def crew(*names: str) -> list[tuple[Satellite, Elements]]:
    """Satellites of the fleet with their elements."""
    return [(FLEET.satellites[name], ELEMENTS[name]) for name in names or GRUS_1]


def polar_crew() -> list[tuple[Satellite, Elements]]:
    """A satellite that flies over both poles."""
    return [(FLEET.satellites["GRUS-1A"], replace(ELEMENTS["GRUS-1A"], inclination_deg=90.0))]


def search(
    area: Area = FUKUI, *, days: float = 5.0, limits: dict[str, float] | None = None, **changes: Any
) -> Finding:
    """Find candidates with what is given, and for the rest: five days from now on, two satellites, 0 to 30 degrees."""
    start_s = changes.pop("start_s", NOW_S)
    given = {
        "area": area,
        "start_s": start_s,
        "end_s": start_s + days * DAY_S,
        "off_nadir_range": (0.0, 30.0),
        "satellites": crew("GRUS-1A", "GRUS-1B"),
        "stations": FLEET.stations,
        "limits": replace(FLEET.limits, **(limits or {})),
        "now_s": NOW_S,
        "plan_id": "plan-1",
    }
    return find_candidates(**{**given, **changes})
