"""Makes candidate_reference.json: where satellites and the Sun are while three areas can be imaged, by skyfield alone.

    PYTHONPATH=src python tests/reference/build_candidate_reference.py

Nothing here uses swath. Skyfield finds when each satellite culminates above 40 degrees over an area's middle, and gives
the satellite's and the Sun's place in ITRS (metres) at seven moments around it, with polar motion and UT1 from the IERS
table of astropy-iers-data. The tests build footprints, angles and coverage from these, with pyproj and shapely.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import numpy as np
import skyfield
from astropy_iers_data import IERS_A_FILE
from skyfield.api import EarthSatellite, Loader, load_file, wgs84
from skyfield.data import iers
from skyfield.framelib import itrs
from skyfield_data import get_skyfield_data_path

HERE = Path(__file__).parent
TLE_FILE = HERE.parents[1] / "src/swath/fleet/data/grus_elements.txt"
START = datetime(2026, 8, 22, 12, tzinfo=UTC)
END = START + timedelta(days=5)
SATELLITES = ("GRUS-1A", "GRUS-1C", "GRUS-3B")
AREAS = {
    "fukui": [135.9, 35.9, 136.3, 36.2],
    "amazon": [-60.2, -9.9, -59.0, -9.0],
    "jutland": [8.5, 56.0, 9.5, 57.0],
}
MOMENTS_S = np.arange(-45.0, 46.0, 15.0)


def load_timescale():
    """UT1 and polar motion from the same table as everyone else's; skyfield looks for it under this name."""
    with TemporaryDirectory() as folder:
        copyfile(IERS_A_FILE, Path(folder) / "finals2000A.all")
        timescale = Loader(folder, verbose=False).timescale(builtin=False)
    with open(IERS_A_FILE, "rb") as file:
        iers.install_polar_motion_table(timescale, iers.parse_x_y_dut1_from_finals_all(file))
    return timescale


def read_satellites(timescale):
    lines = [line.rstrip() for line in TLE_FILE.read_text().splitlines() if line and not line.startswith("#")]
    sets = {name: (one, two) for name, one, two in zip(lines[::3], lines[1::3], lines[2::3], strict=True)}
    return [EarthSatellite(*sets[name], name, timescale) for name in SATELLITES]


def build():
    timescale = load_timescale()
    ephemeris = load_file(f"{get_skyfield_data_path()}/de421.bsp")
    looks = []
    for name, (west, south, east, north) in AREAS.items():
        middle = wgs84.latlon((south + north) / 2, (west + east) / 2)
        for satellite in read_satellites(timescale):
            times, kinds = satellite.find_events(
                middle, timescale.from_datetime(START), timescale.from_datetime(END), altitude_degrees=40.0
            )
            for top in times[kinds == 1]:
                whole = top.utc_datetime().replace(microsecond=0)
                moments = timescale.from_datetimes([whole + timedelta(seconds=s) for s in MOMENTS_S])
                sun = ephemeris["earth"].at(moments).observe(ephemeris["sun"]).apparent()
                look = {
                    "area": name,
                    "satellite": satellite.name,
                    "t_s": (whole.timestamp() + MOMENTS_S).tolist(),
                    "r_m": satellite.at(moments).frame_xyz(itrs).m.T.round(3).tolist(),
                    "sun_m": sun.frame_xyz(itrs).m.T.round(-3).tolist(),
                }
                looks.append(look)
    return {
        "source": f"skyfield {skyfield.__version__}, DE421; see {Path(__file__).name}",
        "start_s": START.timestamp(),
        "end_s": END.timestamp(),
        "satellites": SATELLITES,
        "areas": AREAS,
        "looks": looks,
    }


if __name__ == "__main__":
    lines = json.dumps(build()).replace('{"area', '\n{"area')
    (HERE / "candidate_reference.json").write_text(lines + "\n")
