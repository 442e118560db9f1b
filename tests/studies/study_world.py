"""Studies to be made in a second: three areas, two satellites, some days; every part can be changed."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from shapely import Polygon, box

from swath.fleet import Fleet, load_bundled_elements, load_fleet
from swath.geo.antimeridian import cut_polygon
from swath.planning import Member
from swath.studies import AreaResult, Study, StudyArea, build_square, choose_members, run_study

NOW_S = datetime(2026, 8, 22, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0
FLEET: Fleet = load_fleet()
ELEMENTS = load_bundled_elements()

FUKUI = StudyArea("Fukui", box(135.9, 35.9, 136.3, 36.2))
KANTO = StudyArea("Kanto", box(138.5, 35.0, 141.0, 37.2))
DATE_LINE = StudyArea(
    "Date line", cut_polygon(Polygon([(179.6, -17.2), (180.5, -17.2), (180.5, -16.3), (179.6, -16.3)]))
)
SVALBARD = StudyArea("Svalbard", build_square(15.4, 78.23, 1.0))
AREAS = (FUKUI, KANTO, DATE_LINE)


def members(*names: str) -> tuple[Member, ...]:
    """Satellites of the bundled fleet with their elements."""
    return choose_members(FLEET, ELEMENTS, names or ("GRUS-1A", "GRUS-1B"))


def build(*areas: StudyArea, days: float = 4.0, **changes: Any) -> Study:
    """A study of these areas, or of all three, for some days from now on, by day."""
    given: dict[str, Any] = {
        "areas": areas or AREAS,
        "members": members(),
        "start_s": NOW_S,
        "end_s": changes.get("start_s", NOW_S) + days * DAY_S,
        "limits": FLEET.limits,
        "min_sun_deg": 10.0,
    }
    return Study(**{**given, **changes})


@cache
def results() -> tuple[AreaResult, ...]:
    """What the study of all three areas finds; computed once."""
    return run_study(build())


def find(*areas: StudyArea, **changes: Any) -> AreaResult:
    """What a study finds of its first area."""
    return run_study(build(*areas, **changes))[0]
