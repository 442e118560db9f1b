"""skyfield: NumPy, one pair at a time. It looks for highest moments, so it is complete; edges to half a second."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sgp4.api import Satrec
from skyfield.api import EarthSatellite, load, wgs84
from skyfield.toposlib import GeographicPosition

from benchmarks.access.works import MIN_ELEVATION_DEG, Access, Floats, Tles

RISE, SET = 0, 2
SCALE = load.timescale()


def find(tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float) -> list[Access]:
    satellites = [EarthSatellite.from_satrec(Satrec.twoline2rv(*tle.splitlines()), SCALE) for tle in tles]
    places = [wgs84.latlon(y, x) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    return [
        (i, j, rise_s, set_s)
        for i, satellite in enumerate(satellites)
        for j, place in enumerate(places)
        for rise_s, set_s in find_pair(satellite, place, start_s, end_s)
    ]


def find_pair(
    satellite: EarthSatellite, place: GeographicPosition, start_s: float, end_s: float
) -> Iterator[tuple[float, float]]:
    """Rise and set of each whole pass of one satellite over one place."""
    first, last = (SCALE.from_datetime(datetime.fromtimestamp(t, UTC)) for t in (start_s, end_s))
    times, events = satellite.find_events(place, first, last, altitude_degrees=MIN_ELEVATION_DEG)
    rise_s = None
    for at, event in zip(times.utc_datetime(), events, strict=True):
        if event == RISE:
            rise_s = at.timestamp()
        elif event == SET and rise_s is not None:
            yield rise_s, at.timestamp()
