"""A plan to find candidates for, with the bundled fleet; every part can be changed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shapely import Polygon, box

from swath.fleet import Fleet, load_bundled_elements, load_fleet
from swath.geo.antimeridian import Area, cut_polygon
from swath.orbit.elements import parse_tle
from swath.planning import FoundCandidates, Member, Terms, find_candidates

NOW_S = datetime(2026, 8, 22, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0
FLEET: Fleet = load_fleet()
ELEMENTS = {elements.name: elements for elements in load_bundled_elements()}
HISTORY = parse_tle((Path(__file__).parents[1] / "data" / "grus_history.txt").read_text("ascii"))
GRUS_1 = ("GRUS-1A", "GRUS-1B", "GRUS-1C", "GRUS-1D", "GRUS-1E")

FUKUI = box(135.9, 35.9, 136.3, 36.2)
KANTO = box(138.5, 35.0, 141.0, 37.2)
DATE_LINE = cut_polygon(Polygon([(179.6, -17.2), (180.5, -17.2), (180.5, -16.3), (179.6, -16.3)]))


def members(*names: str) -> list[Member]:
    """Satellites of the fleet with their elements."""
    return [(FLEET.satellites[name], ELEMENTS[name]) for name in names or GRUS_1]


def polar_member() -> list[Member]:
    """A satellite that flies over both poles."""
    return [(FLEET.satellites["GRUS-1A"], replace(ELEMENTS["GRUS-1A"], inclination_deg=90.0))]


def search(
    area: Area = FUKUI, *, days: float = 5.0, limits: dict[str, float] | None = None, **changes: Any
) -> FoundCandidates:
    """Find candidates with what is given, and for the rest: five days from now on, two satellites, 0 to 30 degrees."""
    some, others = changes.pop("satellites", members("GRUS-1A", "GRUS-1B")), changes.pop("others", ())
    stations, start_s = changes.pop("stations", FLEET.stations), changes.pop("start_s", NOW_S)
    limited = replace(FLEET.limits, **(limits or {}))
    terms = Terms(start_s, start_s + days * DAY_S, (0.0, 30.0), limited, NOW_S, "plan-1")
    return find_candidates(area, replace(terms, **changes), some, stations, others)
