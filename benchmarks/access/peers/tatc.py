"""tatc: one track a satellite, all points at once in NumPy. Its limit is the off-nadir angle, it has no elevation."""

from datetime import UTC, datetime
from typing import Any

from shapely.geometry import Point, Polygon
from tatc.analysis import collect_observations, collect_region_observations
from tatc.schemas import GeneralPerturbationsOrbit, Instrument, Satellite
from tatc.utils import hash_geometry

from benchmarks.access.works import MAX_OFF_NADIR_DEG, Access, Areas, Floats, Tles


def find(tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float) -> list[Access]:
    points = [Point(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    satellites, window = build_satellites(tles), build_window(start_s, end_s)
    found = collect_observations(points, satellites, *window)
    numbers = {(point.x, point.y): j for j, point in enumerate(points)}
    return read_frame(found, [numbers[at.x, at.y] for at in found.geometry])


def find_areas(tles: Tles, areas: Areas, start_s: float, end_s: float) -> list[Access]:
    """It also gives the part of each area that a nadir camera would sweep."""
    polygons = [Polygon(ring) for ring in areas]
    found = collect_region_observations(polygons, build_satellites(tles), *build_window(start_s, end_s))
    numbers = {hash_geometry(polygon): j for j, polygon in enumerate(polygons)}
    return read_frame(found, [numbers[one] for one in found.target_hash])


def build_satellites(tles: Tles) -> list[Satellite]:
    instrument = Instrument(name="camera", field_of_regard=2 * MAX_OFF_NADIR_DEG)
    return [
        Satellite(
            name=str(i), orbit=GeneralPerturbationsOrbit.from_tle(tle.splitlines()), instruments=[instrument]
        )
        for i, tle in enumerate(tles)
    ]


def build_window(start_s: float, end_s: float) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(start_s, UTC), datetime.fromtimestamp(end_s, UTC)


def read_frame(found: Any, targets: list[int]) -> list[Access]:
    satellites = found.satellite.astype(int).tolist()
    rise, fall = ([t.timestamp() for t in column] for column in (found.start, found.end))
    return list(zip(satellites, targets, rise, fall, strict=True))
