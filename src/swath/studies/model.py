"""What a study is: areas, satellites, a time range and limits; no plan, no account, nobody to command anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from swath.errors import Fault, Invalid
from swath.figures import write_beside
from swath.fleet import Limits
from swath.geo.antimeridian import Area
from swath.geo.measures import extent_km
from swath.orbit.mean import DAY_S
from swath.planning import Member

# One strip of a minute takes an area of this size whole, corner to corner. Plans have the same limit.
MAX_EXTENT_KM = 250.0
MAX_VERTICES = 10_000
MAX_DAYS = 400.0
# What fleet files allow.
OFF_NADIR_DEG = (0.1, 60.0)
# What a person can still read.
MOST_FAULTS = 20


@dataclass(frozen=True)
class StudyArea:
    """An area by its name, in CRS84, cut at the antimeridian."""

    name: str
    area: Area


@dataclass(frozen=True)
class Study:
    """Which captures satellites could make of areas in [start, end), POSIX seconds.

    A capture looks at most `max_off_nadir_deg` off nadir, each satellite at most as far as it can; None leaves only
    that. The Sun stands `min_sun_deg` high or higher; None takes nights too. An access counts for revisits when its
    best capture covers `min_coverage_percent` of the area or more. `limits` say how strips are laid.
    """

    areas: tuple[StudyArea, ...]
    members: tuple[Member, ...]
    start_s: float
    end_s: float
    limits: Limits
    max_off_nadir_deg: float | None = None
    min_sun_deg: float | None = None
    min_coverage_percent: float = 1.0

    @property
    def days(self) -> float:
        """How long the range is."""
        return (self.end_s - self.start_s) / DAY_S

    @property
    def work(self) -> float:
        """How much there is to compute: areas by satellites by days."""
        return len(self.areas) * len(self.members) * self.days


def check_study(study: Study) -> Study:
    """The same study, if it can be made. Raises Invalid with each rule that it breaks."""
    faults = tuple(islice(_find_faults(study), MOST_FAULTS))
    if faults:
        raise Invalid(*faults)
    return study


def name_repeats(names: Iterable[str]) -> list[str]:
    """Names that come more than once, each once, in order."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    return [name for name, times in seen.items() if times > 1]


def _find_faults(study: Study) -> Iterator[Fault]:
    yield from _range_faults(study)
    yield from _limit_faults(study)
    yield from _member_faults(study)
    yield from _area_faults(study)


def _range_faults(study: Study) -> Iterator[Fault]:
    if not study.start_s < study.end_s:
        yield Fault("/end", "interval", "The end of the range must come after its start.")
    elif study.days > MAX_DAYS:
        found = write_beside(study.days, MAX_DAYS, decimals=1)
        sentence = f"The range is {found} days long; a study takes {MAX_DAYS:g} at most."
        yield Fault("/end", "too_long", sentence)


def _limit_faults(study: Study) -> Iterator[Fault]:
    low, high = OFF_NADIR_DEG
    if study.max_off_nadir_deg is not None and not low <= study.max_off_nadir_deg <= high:
        found = f"The largest off-nadir angle is {write_beside(study.max_off_nadir_deg, low, high)} degrees"
        yield Fault("/max_off_nadir_deg", "off_nadir_range", f"{found}; it must be from {low:g} to {high:g}.")
    if study.min_sun_deg is not None and not -90.0 <= study.min_sun_deg <= 90.0:
        found = f"The least sun elevation is {write_beside(study.min_sun_deg, -90, 90)} degrees"
        yield Fault("/min_sun_deg", "sun_range", f"{found}; it must be from -90 to 90.")
    if not 0.0 <= study.min_coverage_percent <= 100.0:
        found = f"The least coverage is {write_beside(study.min_coverage_percent, 0, 100)} percent"
        yield Fault("/min_coverage_percent", "coverage_range", f"{found}; it must be from 0 to 100.")


def _member_faults(study: Study) -> Iterator[Fault]:
    if not study.members:
        yield Fault("/members", "no_satellite", "The study has no satellite; it needs at least one.")
    for name in name_repeats(satellite.id for satellite, _ in study.members):
        yield Fault("/members", "satellite_twice", f"Satellite {name} is in the study twice.")


def _area_faults(study: Study) -> Iterator[Fault]:
    if not study.areas:
        yield Fault("/areas", "no_area", "The study has no area; it needs at least one.")
    for name in name_repeats(one.name for one in study.areas):
        sentence = f"Several areas are called {name!r}; each needs a name of its own."
        yield Fault("/areas", "name_twice", sentence)
    for i, one in enumerate(study.areas):
        width, height = (0.0, 0.0) if one.area.is_empty else extent_km(one.area)
        if not 0.0 < max(width, height) <= MAX_EXTENT_KM:
            wide, high = (write_beside(size, 0, MAX_EXTENT_KM, decimals=1) for size in (width, height))
            found = f"Area {one.name!r} is {wide} km wide and {high} km high"
            yield Fault(
                f"/areas/{i}", "extent", f"{found}; it must be larger than 0, up to {MAX_EXTENT_KM:g} km."
            )
