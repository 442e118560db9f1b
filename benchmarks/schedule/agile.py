"""Days of made-up agile Earth observation: `python -m benchmarks.schedule.agile OUT.json.gz --requests 1000 --seed 1`.

After gen_agile.py, a work in the public domain that came with the list of goals; the same seed gives the same file.

- Satellites: circular orbits at 550 km and 97.6 degrees, nodes by local time of the morning, phases evenly; a spherical
  Earth turning at the sidereal rate, no J2.
- Targets: 75 % around 48 big cities (Gaussian, 120 km), 25 % anywhere between 55 degrees south and 65 north.
- Candidates: in each access the moments at which the pitch passes +24, +12, 0, -12 and -24 degrees, off-nadir angle at
  most 35 degrees, Sun (equinox) 10 degrees or higher, inside the request's window; at random at most 8 a request.
- Value: credits (1 to 10) x class factor (NORMAL 1, HIGH 3, EMERGENCY 50) x coverage x (1 - 0.3 (off-nadir / 35)^2),
  in whole hundredths. 80 % are NORMAL, 18 % HIGH, 2 % EMERGENCY. 40 % may be taken all day, 60 % for 6 to 18 hours.
- Between captures of a satellite: 6 s, and the angle (Euclid of roll and pitch) at 1.5 degrees a second.
- In one orbit (k = floor(start / period)) at most 25 captures and 400 s of imaging.
- Memory: 0.8 GB a second of imaging, never more than 120 GB, emptied at 0.15 GB/s in contacts with three stations.
- A capture can be commanded in a contact that ends before it starts: `uplink_by` is the last; -1 where there is none.
- Arrival: half of the requests are there 6 hours before the day, the others come evenly through it.
"""

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Instance = dict[str, Any]

RADIUS_KM, MU, TURN_RATE = 6371.0, 398600.4418, 7.2921159e-5
HEIGHT_KM, INCLINATION = 550.0, np.radians(97.6)
STEP_S = 4.0
MEAN_MOTION = np.sqrt(MU / (RADIUS_KM + HEIGHT_KM) ** 3)
PERIOD_S = 2 * np.pi / MEAN_MOTION
PITCHES_DEG, MAX_OFF_NADIR_DEG, MIN_SUN_DEG, MIN_ELEVATION_DEG = (24, 12, 0, -12, -24), 35, 10, 5
CLASS_FACTORS, CLASS_SHARES = (1, 3, 50), [0.80, 0.18, 0.02]
MOST_CANDIDATES = 8
FIELDS = ("request", "sat", "start", "dur", "roll", "pitch", "value", "uplink_by")
STATIONS = [(78.2, 15.4), (68.4, -133.5), (-53.0, -70.9)]
# fmt: off
CITIES = [
    (35.7, 139.7), (28.6, 77.2), (31.2, 121.5), (-23.5, -46.6), (19.4, -99.1), (30.0, 31.2), (19.1, 72.9),
    (39.9, 116.4), (23.8, 90.4), (34.7, 135.5), (40.7, -74.0), (24.9, 67.0), (-34.6, -58.4), (41.0, 29.0),
    (22.6, 88.4), (6.5, 3.4), (-4.3, 15.3), (14.6, 121.0), (39.1, 117.2), (23.1, 113.3), (-22.9, -43.2),
    (31.5, 74.3), (22.5, 114.1), (55.8, 37.6), (12.97, 77.6), (48.9, 2.35), (4.7, -74.1), (-6.2, 106.8),
    (13.1, 80.3), (-12.0, -77.0), (13.8, 100.5), (37.6, 127.0), (17.4, 78.5), (35.7, 51.4), (41.9, -87.6),
    (30.6, 114.3), (10.8, 106.7), (-8.8, 13.2), (23.0, 72.6), (51.5, -0.1), (33.3, 44.4), (24.7, 46.7),
    (29.6, 106.6), (34.05, -118.2), (50.45, 30.5), (52.5, 13.4), (-33.9, 151.2), (40.4, -3.7),
]
# fmt: on


@dataclass(frozen=True)
class Orbit:
    """One satellite: positions (T, 3) in km in the frame of the turning Earth, and along, across and down."""

    position: Floats
    axes: tuple[Floats, Floats, Floats]


@dataclass(frozen=True)
class Sky:
    """The moments (T,) in seconds, the satellites, and the direction of the Sun (T, 3)."""

    t: Floats
    orbits: Sequence[Orbit]
    sun: Floats
    contacts: Sequence[list[list[float]]]


def make_instance(satellites: int = 5, requests: int = 1000, seed: int = 1, hours: float = 24) -> Instance:
    """The instance as it stands in the file."""
    dice, horizon = np.random.default_rng(seed), int(hours * 3600)
    sky = build_sky(satellites, horizon)
    asked, candidates = list[dict[str, Any]](), list[list[float]]()
    while len(asked) < requests:
        request, chances = draw_request(dice, sky, horizon)
        if chances:
            draw_candidates(dice, request, chances, len(asked), candidates, horizon)
            asked.append(request)
    meta = {
        "seed": seed,
        "horizon": horizon,
        "period": round(PERIOD_S, 1),
        "sats": satellites,
        "settle": 6.0,
        "rate": 1.5,
        "max_captures_orbit": 25,
        "max_seconds_orbit": 400,
        "gb_per_s": 0.8,
        "memory_gb": 120.0,
        "downlink_gb_s": 0.15,
    }
    return {
        "meta": meta,
        "contacts": sky.contacts,
        "requests": asked,
        "candidate_fields": list(FIELDS),
        "candidates": candidates,
    }


def build_sky(satellites: int, horizon: int) -> Sky:
    t = np.arange(0, horizon, STEP_S)
    orbits = [build_orbit(t, number, satellites) for number in range(satellites)]
    sun = np.stack([np.cos(-TURN_RATE * t), np.sin(-TURN_RATE * t), 0 * t], -1)
    return Sky(t, orbits, sun, [find_contacts(t, orbit) for orbit in orbits])


def build_orbit(t: Floats, number: int, satellites: int) -> Orbit:
    """Nodes so that the daylight half is crossed southward around 10:30."""
    node = np.radians(180 - 22.5 + 15 * ((number * 2) % satellites))
    u = MEAN_MOTION * t + 2 * np.pi * number / satellites
    place = [
        np.cos(node) * np.cos(u) - np.sin(node) * np.cos(INCLINATION) * np.sin(u),
        np.sin(node) * np.cos(u) + np.cos(node) * np.cos(INCLINATION) * np.sin(u),
        np.sin(INCLINATION) * np.sin(u),
    ]
    speed = [
        -np.cos(node) * np.sin(u) - np.sin(node) * np.cos(INCLINATION) * np.cos(u),
        -np.sin(node) * np.sin(u) + np.cos(node) * np.cos(INCLINATION) * np.cos(u),
        np.sin(INCLINATION) * np.cos(u),
    ]
    turn = build_turn(t)
    p = np.einsum("tij,tj->ti", turn, np.stack(place, -1))
    v = np.einsum("tij,tj->ti", turn, np.stack(speed, -1))
    return Orbit(p * (RADIUS_KM + HEIGHT_KM), (v, np.cross(p, v), -p))


def build_turn(t: Floats) -> Floats:
    """From the fixed frame into that of the turning Earth, (T, 3, 3)."""
    angle, turn = TURN_RATE * t, np.zeros((len(t), 3, 3))
    turn[:, 0, 0], turn[:, 0, 1] = np.cos(angle), np.sin(angle)
    turn[:, 1, 0], turn[:, 1, 1] = -np.sin(angle), np.cos(angle)
    turn[:, 2, 2] = 1
    return turn


def place_on_earth(lat: float, lon: float) -> Floats:
    lat, lon = np.radians(lat), np.radians(lon)
    return RADIUS_KM * np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)


def find_contacts(t: Floats, orbit: Orbit) -> list[list[float]]:
    """With any station, those that overlap made one."""
    contacts = list[list[float]]()
    for start, end in sorted(
        span for station in STATIONS for span in find_station_contacts(t, orbit, station)
    ):
        if contacts and start < contacts[-1][1]:
            contacts[-1][1] = max(end, contacts[-1][1])
        else:
            contacts.append([start, end])
    return contacts


def find_station_contacts(t: Floats, orbit: Orbit, station: tuple[float, float]) -> Iterator[list[float]]:
    place = place_on_earth(*station)
    sight = orbit.position - place
    elevation = np.degrees(np.arcsin((sight @ (place / RADIUS_KM)) / np.linalg.norm(sight, axis=1)))
    edges = np.flatnonzero(np.diff(np.r_[0, (elevation >= MIN_ELEVATION_DEG).astype(int), 0]))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield [float(t[start]), float(t[min(end, len(t) - 1)])]


def draw_request(
    dice: np.random.Generator, sky: Sky, horizon: int
) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """A request without coverage and arrival, and all chances to serve it."""
    lat, lon = draw_place(dice)
    kind = dice.choice(3, p=CLASS_SHARES)
    credits, seconds = int(dice.integers(1, 11)), int(dice.integers(10, 41))
    window = draw_window(dice, horizon)
    place = place_on_earth(lat, lon)
    lit = (sky.sun @ (place / RADIUS_KM)) >= np.sin(np.radians(MIN_SUN_DEG))
    chances = [
        chance
        for number in range(len(sky.orbits))
        for chance in find_chances(sky, number, place, lit, seconds, window)
    ]
    request = {"cls": int(kind), "credits": credits, "dur": seconds, "window": window}
    return {**request, "lat": round(lat, 3), "lon": round(lon, 3)}, chances


def draw_place(dice: np.random.Generator) -> tuple[float, float]:
    if dice.random() >= 0.75:
        return dice.uniform(-55, 65), dice.uniform(-180, 180)
    city = CITIES[dice.integers(len(CITIES))]
    lat = city[0] + dice.normal() * 120 / 111
    return lat, city[1] + dice.normal() * 120 / (111 * np.cos(np.radians(city[0])))


def draw_window(dice: np.random.Generator, horizon: int) -> list[float]:
    if dice.random() < 0.4:
        return [0.0, float(horizon)]
    length = dice.uniform(6, 18) * 3600
    start = dice.uniform(0, max(horizon - length, 1))
    return [start, min(start + length, horizon)]


def find_chances(
    sky: Sky, number: int, place: Floats, lit: NDArray[np.bool_], seconds: int, window: Sequence[float]
) -> Iterator[tuple[Any, ...]]:
    """(satellite, start, roll, pitch, off-nadir, uplink_by), by pitch and then by time."""
    orbit = sky.orbits[number]
    look = place - orbit.position
    x, y, z = (np.einsum("ti,ti->t", look, axis) for axis in orbit.axes)
    pitch, roll = np.degrees(np.arctan2(x, z)), np.degrees(np.arctan2(y, z))
    off_nadir = np.degrees(np.arccos(np.clip(z / np.linalg.norm(look, axis=1), -1, 1)))
    good = ((look @ place) < 0) & lit & (off_nadir <= MAX_OFF_NADIR_DEG)
    for wanted in PITCHES_DEG:
        for i in np.flatnonzero((pitch[:-1] >= wanted) & (pitch[1:] < wanted) & good[:-1] & good[1:]):
            start = sky.t[i] - seconds / 2
            if max(window[0], 0) <= start and start + seconds <= window[1]:
                ends = [contact[1] for contact in sky.contacts[number] if contact[1] <= start]
                figures = (float(one) for one in (start, roll[i], pitch[i], off_nadir[i]))
                yield (number, *figures, ends[-1] if ends else -1.0)


def draw_candidates(
    dice: np.random.Generator,
    request: dict[str, Any],
    chances: list[tuple[Any, ...]],
    number: int,
    candidates: list[list[float]],
    horizon: int,
) -> None:
    """Some of the chances as candidates, and what the request still lacks."""
    if len(chances) > MOST_CANDIDATES:
        chances = [chances[i] for i in sorted(dice.choice(len(chances), MOST_CANDIDATES, replace=False))]
    coverage = dice.uniform(0.5, 1)
    request["coverage"] = round(float(coverage), 3)
    request["arrive"] = -21600.0 if dice.random() < 0.5 else float(dice.uniform(0, horizon))
    worth = 100 * request["credits"] * CLASS_FACTORS[request["cls"]] * coverage
    for satellite, start, roll, pitch, off_nadir, uplink_by in chances:
        value = round(worth * (1 - 0.3 * (off_nadir / 35) ** 2))
        figures = [
            round(start, 1),
            request["dur"],
            round(roll, 2),
            round(pitch, 2),
            value,
            round(uplink_by, 1),
        ]
        candidates.append([number, satellite, *figures])


def write_instance(instance: Instance, file: Path) -> None:
    """The same bytes for the same instance."""
    text = json.dumps(instance, separators=(",", ":")).encode()
    file.write_bytes(gzip.compress(text, mtime=0) if file.suffix == ".gz" else text)


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.schedule.agile", description="A made-up day.")
    parser.add_argument("out", type=Path, metavar="OUT.json[.gz]")
    parser.add_argument("--sats", type=int, default=5)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=24)
    options = parser.parse_args()
    instance = make_instance(options.sats, options.requests, options.seed, options.hours)
    write_instance(instance, options.out)
    print(f"{options.out}: {len(instance['requests'])} requests, {len(instance['candidates'])} candidates")


if __name__ == "__main__":
    main()
