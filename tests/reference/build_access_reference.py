"""Makes access_reference.json: accesses by dense sampling with software that is not ours.

    PYTHONPATH=src python tests/reference/build_access_reference.py

Nothing here uses swath. Positions: sgp4 (WGS72) and astropy's TEME -> ITRS with the IERS-A table of astropy-iers-data.
Places and verticals: ERFA's WGS84 through astropy. Sun: JPL DE421 through skyfield, apparent place, no refraction.
Every four seconds of the range are looked at, every local maximum a hundred times finer; edges are then narrowed down
to a microsecond. An access is [satellite, target, rise, set, t_max, elevation, off-nadir, sun elevation, sun azimuth]
in POSIX seconds and degrees.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import astropy
import numpy as np
import skyfield
from astropy import units as u
from astropy.coordinates import ITRS, TEME, CartesianRepresentation, EarthLocation
from astropy.time import Time
from astropy.utils import iers
from sgp4 import omm
from sgp4.api import Satrec
from skyfield.api import Loader, load_file, wgs84
from skyfield_data import get_skyfield_data_path

HERE = Path(__file__).parent
START_S = datetime(2026, 8, 22, 6, 20, tzinfo=UTC).timestamp()
END_S = START_S + 2 * 86400.0
STEP_S = 4.0
EPOCH = "2026-08-22T06:00:00.000000"
TARGETS = [
    ("equator", 0.0, 0.0),
    ("tokyo", 139.767, 35.681),
    ("taveuni, on the antimeridian", 180.0, -16.5),
    ("chukotka, beside it", -179.9999, 66.9),
    ("85 degrees north", 12.0, 85.0),
    ("turning latitude", -40.0, 82.3),
    ("turning latitude, south", 100.0, -82.4),
    ("north pole", 0.0, 90.0),
    ("santiago", -70.65, -33.45),
]
LIMITS = [("elevation", 10.0), ("elevation", 55.0), ("off_nadir", 30.0)]
ORBITS = [
    # name, revolutions a day, eccentricity, inclination, node, perigee, anomaly, B*
    ("SUN-SYNCHRONOUS", 14.98828504, 0.0006513, 97.4441, 98.4210, 309.7616, 50.3034, 1.3568e-5),
    ("HIGHER", 14.91515, 0.000566, 97.75, 233.8473, 10.2711, 349.8623, 7.5e-5),
    ("ECCENTRIC", 13.2, 0.08, 63.4, 20.0, 270.0, 10.0, 1e-5),
    ("TROPIC", 15.1, 0.001, 12.0, 150.0, 40.0, 200.0, 1e-5),
]


def build_omm(orbit):
    name, motion, eccentricity, inclination, node, perigee, anomaly, bstar = orbit
    return {
        "OBJECT_NAME": name, "OBJECT_ID": "2000-001A", "EPOCH": EPOCH, "MEAN_MOTION": motion,
        "ECCENTRICITY": eccentricity, "INCLINATION": inclination, "RA_OF_ASC_NODE": node,
        "ARG_OF_PERICENTER": perigee, "MEAN_ANOMALY": anomaly, "EPHEMERIS_TYPE": 0, "CLASSIFICATION_TYPE": "U",
        "NORAD_CAT_ID": 90000 + ORBITS.index(orbit), "ELEMENT_SET_NO": 999, "REV_AT_EPOCH": 1, "BSTAR": bstar,
        "MEAN_MOTION_DOT": 0.0, "MEAN_MOTION_DDOT": 0.0,
    }  # fmt: skip


def positions_m(satrec, t_s):
    """ITRS positions (N, 3)."""
    time = Time(t_s // 86400 + 2440587.5, t_s % 86400 / 86400, format="jd", scale="utc")
    error, r_km, _ = satrec.sgp4_array(time.jd1, time.jd2)
    assert not error.any()
    teme = TEME(CartesianRepresentation(r_km.T * u.km), obstime=time)
    return teme.transform_to(ITRS(obstime=time)).cartesian.xyz.to_value(u.m).T


def up(lon_deg, lat_deg):
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def angles_deg(r_m, lon_deg, lat_deg):
    """Elevation at the place and off-nadir angle at the satellite, by arc sine and arc cosine."""
    place = EarthLocation.from_geodetic(lon_deg, lat_deg, 0).get_itrs().cartesian.xyz.to_value(u.m)
    sight = r_m - place
    sight /= np.linalg.norm(sight, axis=1)[:, None]
    elevation = np.degrees(np.arcsin(np.clip(sight @ up(lon_deg, lat_deg), -1, 1)))
    below = EarthLocation.from_geocentric(*(r_m.T * u.m)).to_geodetic("WGS84")
    vertical = up(below.lon.to_value(u.deg), below.lat.to_value(u.deg))
    return elevation, np.degrees(np.arccos(np.clip((sight * vertical).sum(1), -1, 1)))


def find_events(satrec, t_s, r_m, lon, lat, kind, limit):
    def margin(r):
        elevation, off_nadir = angles_deg(r, lon, lat)
        return elevation - limit if kind == "elevation" else np.where(elevation > 0, limit - off_nadir, -90.0)

    def at(t):
        return margin(positions_m(satrec, np.atleast_1d(t)))

    samples = margin(r_m)
    peaks = 1 + np.flatnonzero((samples[1:-1] >= samples[:-2]) & (samples[1:-1] > samples[2:]))
    near = (t_s[peaks] > START_S - 3600) & (t_s[peaks] < END_S + 3600)
    for k in peaks[near & (samples[peaks] > -5)]:
        fine = np.linspace(t_s[k - 1], t_s[k + 1], 201)
        inside = float(fine[np.argmax(at(fine))])
        if at(inside)[0] <= 0:
            continue
        before = t_s[np.flatnonzero((samples < 0) & (t_s < inside))[-1]]
        after = t_s[np.flatnonzero((samples < 0) & (t_s > inside))[0]]
        yield close_in(at, before, inside), close_in(at, after, inside)


def close_in(f, outside, inside):
    """The last of the times inside, by ever finer looks at the interval between the two."""
    while abs(inside - outside) > 5e-7:
        t = np.linspace(outside, inside, 41)
        k = int(np.argmax(f(t) > 0))
        outside, inside = t[k - 1], t[k]
    return inside


def find_highest(satrec, rise, fall, lon, lat):
    """When the elevation is highest, by ever finer looks."""
    low, high = rise, fall
    while high - low > 1e-4:
        t = np.linspace(low, high, 21)
        k = int(np.argmax(angles_deg(positions_m(satrec, t), lon, lat)[0]))
        low, high = t[max(k - 1, 0)], t[min(k + 1, 20)]
    return (low + high) / 2


def build():
    iers.earth_orientation_table.set(iers.IERS_A.open(iers.IERS_A_FILE))
    ephemeris = load_file(f"{get_skyfield_data_path()}/de421.bsp")
    timescale = Loader(get_skyfield_data_path(), verbose=False).timescale(builtin=True)
    records, accesses = (
        [build_omm(orbit) for orbit in ORBITS],
        {f"{kind} {limit:g}": [] for kind, limit in LIMITS},
    )
    pad_s = 7200.0
    t_s = np.arange(START_S - pad_s, END_S + pad_s, STEP_S)
    for number, record in enumerate(records):
        satrec = Satrec()
        omm.initialize(satrec, {key: str(value) for key, value in record.items()})
        r_m = positions_m(satrec, t_s)
        for place, (_, lon, lat) in enumerate(TARGETS):
            for kind, limit in LIMITS:
                for rise, fall in find_events(satrec, t_s, r_m, lon, lat, kind, limit):
                    if fall <= START_S or rise >= END_S:
                        continue
                    top = find_highest(satrec, rise, fall, lon, lat)
                    elevation, off_nadir = angles_deg(positions_m(satrec, np.array([top])), lon, lat)
                    instant = timescale.from_datetime(datetime.fromtimestamp(top, UTC))
                    observer = ephemeris["earth"] + wgs84.latlon(lat, lon)
                    height, azimuth, _ = observer.at(instant).observe(ephemeris["sun"]).apparent().altaz()
                    row = [number, place, rise, fall, top, float(elevation[0]), float(off_nadir[0])]
                    rounded = [round(value, 7) for value in (*row, height.degrees, azimuth.degrees)]
                    accesses[f"{kind} {limit:g}"].append(rounded)
        print(record["OBJECT_NAME"], {limit: len(rows) for limit, rows in accesses.items()})  # noqa: T201
    return {
        "source": f"astropy {astropy.__version__}, skyfield {skyfield.__version__}, sgp4; see {Path(__file__).name}",
        "start_s": START_S,
        "end_s": END_S,
        "elements": records,
        "targets": TARGETS,
        "accesses": accesses,
    }


if __name__ == "__main__":
    lines = json.dumps(build(), indent=None).replace("], [", "],\n[")
    (HERE / "access_reference.json").write_text(lines + "\n")
