"""lox-space: Rust, an interpolated track per satellite and a search per pair.

IAU_EARTH is another model of the turning Earth than ITRF: up to a second off, and twenty times faster here.
"""

from datetime import UTC, datetime
from pathlib import Path

import lox_space as lox
from skyfield_data import get_skyfield_data_path

from benchmarks.access.works import MAX_OFF_NADIR_DEG, MIN_ELEVATION_DEG, Access, Areas, Floats, Tles

FRAME, SCALE = "IAU_EARTH", "TAI"
SWATH_KM = 57.0
# `compute` takes the ephemeris of the planets, also for work that needs the Earth alone.
PLANETS = lox.SPK(Path(get_skyfield_data_path()) / "de421.bsp")


def find(
    tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float, step_s: float = 60.0
) -> list[Access]:
    stations = [
        build_station(j, x, y) for j, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
    ]
    satellites = [lox.Spacecraft(str(i), lox.SGP4(tle)) for i, tle in enumerate(tles)]
    start = build_time(start_s)
    scenario = lox.Scenario(start, build_time(end_s), spacecraft=satellites, ground_stations=stations)
    analysis = lox.VisibilityAnalysis(scenario, step=lox.TimeDelta(step_s))
    found = analysis.compute(PLANETS).ground_space_intervals()
    return [
        (int(satellite), int(station), *read_interval(interval, start, start_s))
        for (station, satellite), intervals in found.items()
        for interval in intervals
    ]


def find_areas(tles: Tles, areas: Areas, start_s: float, end_s: float, step_s: float = 60.0) -> list[Access]:
    """Its reach is the off-nadir angle and half a swath more."""
    camera = lox.OpticalPayload.off_nadir(SWATH_KM * lox.km, MAX_OFF_NADIR_DEG * lox.deg)
    satellites = [lox.Spacecraft(str(i), lox.SGP4(tle), optical_payload=camera) for i, tle in enumerate(tles)]
    aois = [(str(j), lox.Aoi([(x, y) for x, y in ring.tolist()])) for j, ring in enumerate(areas)]
    start = build_time(start_s)
    scenario = lox.Scenario(start, build_time(end_s), spacecraft=satellites)
    found = lox.OpticalAccessAnalysis(scenario, aois, step=lox.TimeDelta(step_s)).compute().all_windows()
    return [
        (int(satellite), int(area), *read_interval(window.interval(), start, start_s))
        for (satellite, area), windows in found.items()
        for window in windows
    ]


def build_station(number: int, lon_deg: float, lat_deg: float) -> lox.GroundStation:
    place = lox.EllipsoidLocation(FRAME, lon_deg * lox.deg, lat_deg * lox.deg, 0.0 * lox.km)
    return lox.GroundStation(str(number), place, min_elevation=MIN_ELEVATION_DEG * lox.deg)


def read_interval(interval: lox.Interval, start: lox.Time, start_s: float) -> tuple[float, float]:
    return start_s + float(interval.start() - start), start_s + float(interval.end() - start)


def build_time(t_s: float) -> lox.Time:
    return lox.UTC.from_iso(datetime.fromtimestamp(t_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")).to_scale(SCALE)
