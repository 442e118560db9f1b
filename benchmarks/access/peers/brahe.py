"""brahe: Rust, a grid per pair on all cores. Passes shorter than its step may be lost."""

import brahe as bh
from astropy_iers_data import IERS_A_FILE

from benchmarks.access.works import MIN_ELEVATION_DEG, Access, Floats, Tles

EARTH_TABLE = bh.FileEOPProvider.from_standard_file(IERS_A_FILE, True, "Hold")
bh.set_global_eop_provider_from_file_provider(EARTH_TABLE)


def find(
    tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float, step_s: float = 60.0
) -> list[Access]:
    places = [build_place(j, x, y) for j, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))]
    satellites = [build_satellite(i, tle) for i, tle in enumerate(tles)]
    start, end = bh.Epoch.from_unix_timestamp(start_s), bh.Epoch.from_unix_timestamp(end_s)
    limit = bh.ElevationConstraint(min_elevation_deg=MIN_ELEVATION_DEG)
    config = bh.AccessSearchConfig(initial_time_step=step_s, parallel=True)
    found = bh.location_accesses(places, satellites, start, end, limit, config=config)
    return [read_window(window) for window in found]


def build_place(number: int, lon_deg: float, lat_deg: float) -> bh.PointLocation:
    return bh.PointLocation(lon_deg, lat_deg, 0.0).with_name(str(number))


def build_satellite(number: int, tle: str) -> bh.SGPPropagator:
    return bh.SGPPropagator.from_tle(*tle.splitlines(), 60.0).with_name(str(number))


def read_window(window: bh.AccessWindow) -> Access:
    rise, fall = window.start.unix_timestamp(), window.end.unix_timestamp()
    return int(window.satellite_name), int(window.location_name), rise, fall
