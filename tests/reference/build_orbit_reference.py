"""Makes orbit_reference.json: other people's numbers for orbits, Earth orientation and the Sun.

    PYTHONPATH=src python tests/reference/build_orbit_reference.py

Nothing here uses swath. Positions and velocities: sgp4's own TLE reader (WGS72), then astropy's TEME -> ITRS with the
IERS-A table of astropy-iers-data. Sub-satellite points: ERFA's WGS84 through astropy. Sun: JPL DE421 through skyfield,
apparent place, no refraction (skyfield's delta T is a prediction of its own; the difference does not show at 0.001
degrees).
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import astropy
import skyfield
from astropy import units as u
from astropy.coordinates import ITRS, TEME, CartesianDifferential, CartesianRepresentation
from astropy.time import Time
from astropy.utils import iers
from sgp4.api import WGS72, Satrec
from skyfield.api import Loader, load_file, wgs84
from skyfield_data import get_skyfield_data_path

HERE = Path(__file__).parent
TLE_FILE = HERE.parents[1] / "src/swath/fleet/data/grus_elements.txt"
# Around the epochs of the bundled sets; by day and by night, within and without two weeks.
SPAN_H = (-30.0, 0.0, 0.4, 1.2, 9.7, 26.3, 100.1, 243.9, 336.0)
START = datetime(2026, 8, 22, 12, tzinfo=UTC)
SUN_PLACES = ((139.767, 35.681), (-179.99, -16.5), (0.0, 0.0), (25.7, 66.5), (-64.0, -77.8), (10.0, 89.9))
SUN_TIMES = [datetime(2026, month, 2 * month, 2 * month - 1, 17, tzinfo=UTC) for month in range(1, 13)]


def read_sets() -> list[tuple[str, str, str]]:
    lines = [line.rstrip() for line in TLE_FILE.read_text().splitlines() if line and not line.startswith("#")]
    return list(zip(lines[::3], lines[1::3], lines[2::3], strict=True))


def build_states() -> list[dict[str, object]]:
    return [build_state(*tle, START + timedelta(hours=hours)) for tle in read_sets()[::4] for hours in SPAN_H]


def build_state(name: str, line1: str, line2: str, at: datetime) -> dict[str, object]:
    time = Time(at.replace(tzinfo=None), scale="utc")
    error, r_km, v_kms = Satrec.twoline2rv(line1, line2, WGS72).sgp4(time.jd1, time.jd2)
    assert error == 0
    motion = CartesianDifferential(v_kms * u.km / u.s)
    teme = TEME(CartesianRepresentation(r_km * u.km, differentials=motion), obstime=time)
    itrs = teme.transform_to(ITRS(obstime=time))
    place = itrs.earth_location.to_geodetic("WGS84")
    return {
        "satellite": name,
        "time": at.isoformat(),
        "r_m": itrs.cartesian.xyz.to_value(u.m).tolist(),
        "v_ms": itrs.velocity.d_xyz.to_value(u.m / u.s).tolist(),
        "lon_deg": place.lon.to_value(u.deg),
        "lat_deg": place.lat.to_value(u.deg),
        "height_m": place.height.to_value(u.m),
    }


def build_sun() -> list[dict[str, object]]:
    folder = get_skyfield_data_path()
    planets = load_file(f"{folder}/de421.bsp")
    scale = Loader(folder, verbose=False).timescale(builtin=True)
    rows: list[dict[str, object]] = []
    for at in SUN_TIMES:
        for lon, lat in SUN_PLACES:
            observer = planets["earth"] + wgs84.latlon(lat, lon)
            altitude, azimuth, _ = (
                observer.at(scale.from_datetime(at)).observe(planets["sun"]).apparent().altaz()
            )
            rows.append(
                {
                    "time": at.isoformat(),
                    "lon_deg": lon,
                    "lat_deg": lat,
                    "elevation_deg": altitude.degrees,
                    "azimuth_deg": azimuth.degrees,
                }
            )
    return rows


def build_earth() -> list[dict[str, object]]:
    table = iers.IERS_A.open(iers.IERS_A_FILE)
    rows: list[dict[str, object]] = []
    # The last two lie on both sides of the leap second of 2016-12-31.
    for at in (
        START,
        START + timedelta(days=3.3),
        datetime(2016, 12, 31, 18, tzinfo=UTC),
        datetime(2017, 1, 1, 6, tzinfo=UTC),
    ):
        time = Time(at.replace(tzinfo=None), scale="utc")
        x, y = table.pm_xy(time)
        rows.append(
            {
                "time": at.isoformat(),
                "ut1_utc_s": table.ut1_utc(time).to_value(u.s),
                "x_rad": x.to_value(u.rad),
                "y_rad": y.to_value(u.rad),
            }
        )
    return rows


def main() -> None:
    iers.conf.auto_download = False
    document = {
        "made_with": {"astropy": astropy.__version__, "skyfield": ".".join(map(str, skyfield.VERSION))},
        "states": build_states(),
        "sun": build_sun(),
        "earth": build_earth(),
    }
    (HERE / "orbit_reference.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
