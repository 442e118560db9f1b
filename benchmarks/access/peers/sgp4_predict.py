"""sgp4-predict: Rust, an adaptive step per pair.

With its default longest step it loses most high passes over points, though none over areas.
"""

from datetime import UTC, datetime, timedelta

from sgp4_predict import GeodeticPoint, Interval, Polygon, Predictor, Tle

from benchmarks.access.works import MAX_OFF_NADIR_DEG, MIN_ELEVATION_DEG, Access, Areas, Floats, Tles


def find(tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float) -> list[Access]:
    window, predictors = build_interval(start_s, end_s), [build_predictor(tle) for tle in tles]
    places = [GeodeticPoint(y, x, 0.0) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    steps = {"min_step": timedelta(seconds=10), "max_step": timedelta(seconds=120)}
    return [
        (i, j, transit.start.timestamp(), transit.end.timestamp())
        for i, predictor in enumerate(predictors)
        for j, place in enumerate(places)
        for transit in predictor.transits_iter(place, window, MIN_ELEVATION_DEG, **steps)
    ]


def find_areas(tles: Tles, areas: Areas, start_s: float, end_s: float) -> list[Access]:
    window, predictors = build_interval(start_s, end_s), [build_predictor(tle) for tle in tles]
    polygons = [Polygon([(y, x) for x, y in ring.tolist()]) for ring in areas]
    return [
        (i, j, found.start.timestamp(), found.end.timestamp())
        for i, predictor in enumerate(predictors)
        for j, polygon in enumerate(polygons)
        for found in predictor.aoi_iter(polygon, window, max_off_nadir_deg=MAX_OFF_NADIR_DEG)
    ]


def build_predictor(tle: str) -> Predictor:
    return Predictor.from_tle(Tle("satellite", *tle.splitlines()))


def build_interval(start_s: float, end_s: float) -> Interval:
    return Interval(datetime.fromtimestamp(start_s, UTC), datetime.fromtimestamp(end_s, UTC))
