"""What is measured: satellites, places and areas, the same for every engine."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ELEMENTS = Path(__file__).parents[2] / "src/swath/fleet/data/grus_elements.txt"
SATELLITE = "GRUS-1A"
START_S = 1_787_400_000.0  # 2026-08-22T12:00:00Z, some hours after the epoch of the elements
DAY_S = 86_400.0
MIN_ELEVATION_DEG = 55.0
MAX_OFF_NADIR_DEG = 30.0
# What counts as an access, in the words of `find_accesses`; tatc knows the second kind only.
Limits = dict[str, float]
ELEVATION: Limits = {"min_elevation_deg": MIN_ELEVATION_DEG}
OFF_NADIR: Limits = {"max_off_nadir_deg": MAX_OFF_NADIR_DEG}
SEED = 20260822

Floats = NDArray[np.float64]
Tles = tuple[str, ...]
Areas = tuple[Floats, ...]
# Satellite and target by their number, rise and set in POSIX seconds.
Access = tuple[int, int, float, float]


@dataclass(frozen=True)
class Work:
    """Element sets of two lines each, what they look at, and a time range from a POSIX second on.

    They look at places, which are arrays of longitudes and of latitudes in degrees, or at areas, which are closed
    rings (V, 2) of both.
    """

    name: str
    tles: Tles
    places: tuple[Floats, Floats] | None
    areas: Areas | None
    start_s: float
    days: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.days * DAY_S

    @property
    def targets(self) -> int:
        return len(self.places[0]) if self.places else len(self.areas or ())

    @property
    def pair_days(self) -> float:
        """Satellites times targets times days: what the time of most engines grows with."""
        return len(self.tles) * self.targets * self.days

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What an engine is called with: (tles, lon, lat, start, end) or (tles, areas, start, end)."""
        return self.tles, *(self.places or (self.areas,)), self.start_s, self.end_s

    def part(self, targets: int) -> "Work":
        """The same with the first so many targets."""
        if self.places:
            lon, lat = self.places
            return replace(self, places=(lon[:targets], lat[:targets]))
        return replace(self, areas=(self.areas or ())[:targets])


def build_constellation(planes: int, per_plane: int, raan_step_deg: float, phase_step_deg: float) -> Tles:
    """Copies of the real satellite, turned in node and mean anomaly; the first is the real one."""
    slots = [(plane, k) for plane in range(planes) for k in range(per_plane)]
    return tuple(
        build_tle(90_000 + i, plane * raan_step_deg, k * 360 / per_plane + plane * phase_step_deg)
        for i, (plane, k) in enumerate(slots)
    )


def build_tle(number: int, raan_shift_deg: float, anomaly_shift_deg: float) -> str:
    """Both lines of the satellite under another catalogue number, checksums renewed."""
    first, second = read_lines()
    raan = (float(second[17:25]) + raan_shift_deg) % 360
    anomaly = (float(second[43:51]) + anomaly_shift_deg) % 360
    first = f"1 {number:05d}{first[7:68]}"
    second = f"2 {number:05d}{second[7:17]}{raan:8.4f}{second[25:43]}{anomaly:8.4f}{second[51:68]}"
    return "\n".join(line + str(compute_checksum(line)) for line in (first, second))


def read_lines() -> tuple[str, str]:
    lines = ELEMENTS.read_text("ascii").splitlines()
    at = lines.index(SATELLITE)
    return lines[at + 1], lines[at + 2]


def compute_checksum(line: str) -> int:
    return sum(int(c) if c.isdigit() else c == "-" for c in line) % 10


def draw_places(count: int, highest_deg: float = 80.0) -> tuple[Floats, Floats]:
    """Longitudes and latitudes, equally dense everywhere between the parallels; the same at every run."""
    dice = np.random.default_rng(SEED)
    reach = math.sin(math.radians(highest_deg))
    return dice.uniform(-180, 180, count), np.degrees(np.arcsin(dice.uniform(-reach, reach, count)))


def draw_rings(count: int, vertices: int = 20, radius_deg: float = 0.25) -> Iterator[Floats]:
    """Round areas with a wavy edge, about half a degree wide, away from poles and antimeridian."""
    dice = np.random.default_rng(SEED)
    for lon, lat in zip(*draw_places(count, 70.0), strict=True):
        turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
        radius = radius_deg * dice.uniform(0.8, 1.2, vertices)
        x, y = radius * np.cos(turn) / math.cos(math.radians(lat)), radius * np.sin(turn)
        ring = np.column_stack([np.clip(lon, -178, 178) + x, lat + y])
        yield np.vstack([ring, ring[:1]])


FIVE = build_constellation(5, 1, 15.0, 72.0)
TWENTY = build_constellation(4, 5, 45.0, 18.0)
TWO_HUNDRED = build_constellation(10, 20, 18.0, 1.8)


def build_works() -> dict[str, Work]:
    """By name. W4 is for engines that can give their answer in parts; AOI is as large as W2."""
    works = [
        Work("W1", FIVE, (np.array([136.22]), np.array([36.06])), None, START_S, 14),
        Work("W2", FIVE, draw_places(100), None, START_S, 14),
        Work("W3", TWENTY, draw_places(1_000), None, START_S, 7),
        Work("W4", TWO_HUNDRED, draw_places(10_000), None, START_S, 14),
        Work("AOI", FIVE, None, tuple(draw_rings(100)), START_S, 14),
    ]
    return {work.name: work for work in works}
