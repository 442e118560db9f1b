"""What a study tells, as rows and documents: the same names in CSV, GeoJSON and JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

import shapely

from swath import __version__
from swath.clock import from_seconds
from swath.geo.antimeridian import Area
from swath.orbit.mean import DAY_S
from swath.planning import Member
from swath.studies.coverage import CoverageCurve
from swath.studies.model import Study
from swath.studies.revisits import Revisits
from swath.studies.run import AreaResult

HOUR_S = 3_600.0
# Tenths of a metre on the ground, which RFC 7946 calls enough; a hundredth of a percent; a third of a second.
LONLAT_DECIMALS = 6
ANGLE_DECIMALS = 4
PERCENT_DECIMALS = 4
HOUR_DECIMALS = 4
MILESTONES = (50.0, 90.0, 99.0)
VERSIONS_OF = ("numpy", "pyproj", "sgp4", "shapely")


class CaptureRow(NamedTuple):
    """One capture that would be possible, as it is written."""

    area: str
    access: int
    satellite: str
    start_utc: str
    end_utc: str
    orbit_state: str
    off_nadir_deg: float
    incidence_deg: float
    roll_deg: float
    sun_elevation_deg: float
    solar_time_h: float
    coverage_percent: float
    adds_percent: float
    lon_deg: float
    lat_deg: float


class RevisitRow(NamedTuple):
    """The statistics of one area; None where there are too few accesses for a figure."""

    area: str
    area_km2: float
    captures: int
    accesses: int
    first_access_utc: str | None
    last_access_utc: str | None
    before_first_h: float
    mean_gap_h: float | None
    median_gap_h: float | None
    max_gap_h: float | None
    after_last_h: float | None
    mean_wait_h: float
    longest_wait_h: float
    covered_percent: float
    hours_to_50: float | None
    hours_to_90: float | None
    hours_to_99: float | None


class CoverageRow(NamedTuple):
    """What of an area is covered from a time on, and by which satellite's capture; none at the ends of the range."""

    area: str
    time_utc: str
    hours: float
    covered_percent: float
    satellite: str


@dataclass(frozen=True)
class AreaSummary:
    """What is kept of an area when its captures are written: its statistics and its curve."""

    name: str
    area: Area
    row: RevisitRow
    coverage: CoverageCurve


def summarize(study: Study, result: AreaResult, area: Area) -> AreaSummary:
    """The statistics of one area."""
    return AreaSummary(result.name, area, _build_revisit_row(study, result), result.coverage)


def build_capture_rows(study: Study, result: AreaResult) -> Iterator[CaptureRow]:
    """The captures of one area, by start."""
    found, names = result.captures, [satellite.id for satellite, _ in study.members]
    figures = zip(
        _round(found.off_nadir_deg, ANGLE_DECIMALS),
        _round(found.incidence_deg, ANGLE_DECIMALS),
        _round(found.roll_deg, ANGLE_DECIMALS),
        _round(found.sun_elevation_deg, ANGLE_DECIMALS),
        _round(found.solar_time_h, HOUR_DECIMALS),
        _round(found.coverage_percent, PERCENT_DECIMALS),
        _round(result.coverage.adds_percent, PERCENT_DECIMALS),
        _round(found.lon_deg, LONLAT_DECIMALS),
        _round(found.lat_deg, LONLAT_DECIMALS),
        strict=True,
    )
    for i, numbers in enumerate(figures):
        yield CaptureRow(
            result.name,
            int(found.access[i]),
            names[found.satellite[i]],
            show_utc(float(found.start_s[i])),
            show_utc(float(found.end_s[i])),
            "ascending" if found.ascending[i] else "descending",
            *numbers,
        )


def build_footprints(result: AreaResult) -> list[str]:
    """The footprints of one area's captures as GeoJSON geometries, in the captures' order."""
    return write_geometries(result.captures.footprints)


def write_geometries(geometries: Any) -> list[str]:
    """Cut geometries (N,) as GeoJSON texts, to a tenth of a metre."""
    rounded = shapely.transform(geometries, lambda lonlat: lonlat.round(LONLAT_DECIMALS))
    return shapely.to_geojson(rounded).tolist()


def build_coverage_rows(study: Study, result: AreaResult) -> Iterator[CoverageRow]:
    """The curve of one area, from the start of the range to its end."""
    curve, names = result.coverage, [satellite.id for satellite, _ in study.members]
    yield _coverage_row(study, result.name, study.start_s, 0.0, "")
    for t_s, capture, percent in zip(curve.t_s, curve.capture, curve.percent, strict=True):
        satellite = names[result.captures.satellite[capture]]
        yield _coverage_row(study, result.name, float(t_s), float(percent), satellite)
    yield _coverage_row(study, result.name, study.end_s, curve.covered_percent, "")


def build_document(
    study: Study, summaries: Sequence[AreaSummary], sources: Mapping[str, str]
) -> dict[str, Any]:
    """What was studied, with what, and what came out, but for captures and curves."""
    return {
        "sources": dict(sources),
        "start": show_utc(study.start_s),
        "end": show_utc(study.end_s),
        "max_off_nadir_deg": study.max_off_nadir_deg,
        "min_sun_deg": study.min_sun_deg,
        "min_coverage_percent": study.min_coverage_percent,
        "strips": asdict(study.limits),
        "satellites": [_describe_member(member, study) for member in study.members],
        "totals": _count(study, summaries),
        "versions": {"swath": __version__, **_find_versions()},
        "areas": [summary.row._asdict() for summary in summaries],
    }


def show_utc(t_s: float) -> str:
    """A time to the millisecond, as 2026-08-22T12:00:00.000Z."""
    return from_seconds(t_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def count(number: float, word: str) -> str:
    """A number of things, in words: 1 access, 2 accesses, 0.5 days."""
    plural = word + ("es" if word.endswith("s") else "s")
    return f"{number:g} {word if number == 1 else plural}"


def _build_revisit_row(study: Study, result: AreaResult) -> RevisitRow:
    revisits, curve = result.revisits, result.coverage
    return RevisitRow(
        result.name,
        round(result.area_km2, 3),
        len(result.captures),
        len(revisits.accesses_s),
        *_show_ends(revisits),
        _hours(revisits.before_first_s) or 0.0,
        _hours(revisits.mean_gap_s),
        _hours(revisits.median_gap_s),
        _hours(revisits.max_gap_s),
        _hours(revisits.after_last_s),
        _hours(revisits.mean_wait_s) or 0.0,
        _hours(revisits.longest_wait_s) or 0.0,
        round(curve.covered_percent, PERCENT_DECIMALS),
        *(_hours(_since(study, curve.first_s(percent))) for percent in MILESTONES),
    )


def _show_ends(revisits: Revisits) -> tuple[str | None, str | None]:
    ends = revisits.accesses_s[[0, -1]].tolist() if len(revisits.accesses_s) else []
    first, last = map(show_utc, ends) if ends else (None, None)
    return first, last


def _coverage_row(study: Study, area: str, t_s: float, percent: float, satellite: str) -> CoverageRow:
    hours = round((t_s - study.start_s) / HOUR_S, HOUR_DECIMALS)
    return CoverageRow(area, show_utc(t_s), hours, round(percent, PERCENT_DECIMALS), satellite)


def _describe_member(member: Member, study: Study) -> dict[str, Any]:
    satellite, elements = member
    ages = [(t_s - elements.epoch_s) / DAY_S for t_s in (study.start_s, study.end_s)]
    return {
        "id": satellite.id,
        "norad_id": satellite.norad_id,
        "swath_km": satellite.sensor.swath_km,
        "max_off_nadir_deg": satellite.agility.max_off_nadir_deg,
        "elements_epoch": show_utc(elements.epoch_s),
        "elements_age_days": [round(age, 2) for age in ages],
    }


def _count(study: Study, summaries: Sequence[AreaSummary]) -> dict[str, Any]:
    rows = [summary.row for summary in summaries]
    return {
        "areas": len(rows),
        "satellites": len(study.members),
        "days": round(study.days, 4),
        "captures": sum(row.captures for row in rows),
        "accesses": sum(row.accesses for row in rows),
        "areas_without_access": sum(not row.accesses for row in rows),
        "covered_percent": round(compute_mean_coverage(summaries), PERCENT_DECIMALS),
    }


def compute_mean_coverage(summaries: Sequence[AreaSummary]) -> float:
    """What of all areas together is covered in the end, in percent of their square kilometres."""
    whole = sum(summary.row.area_km2 for summary in summaries)
    return sum(one.row.area_km2 * one.coverage.covered_percent for one in summaries) / whole if whole else 0.0


def _find_versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in VERSIONS_OF:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _since(study: Study, t_s: float | None) -> float | None:
    return None if t_s is None else t_s - study.start_s


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR_S, HOUR_DECIMALS)


def _round(values: Any, decimals: int) -> Iterable[float]:
    return values.round(decimals).tolist()
