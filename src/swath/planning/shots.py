"""Shots: strips as they would be captured, with everything that is seen and measured at them, as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from math import radians

import numpy as np
from numpy.typing import NDArray

from swath.access import Look, Strip
from swath.access.arc import Arc
from swath.access.footprint import close_ring, trace_outline
from swath.access.look import Floats, compute_gsd_m
from swath.access.parallel import map_in_threads
from swath.fleet import Limits, Satellite
from swath.geo.antimeridian import Area
from swath.geo.ellipsoid import A_M
from swath.geo.outline import build_outlines
from swath.orbit.sun import sun_angles
from swath.planning.choice import FIRST, LAST, ROLL, SHARE, Asked, choose_strips
from swath.planning.growth import nodes_and_growth
from swath.planning.keys import number_strips
from swath.planning.measures import CENTRE, DRIFT, LOOK, NORTH, NORTHWARD, Aim, find_reach, measure_strips
from swath.planning.sightings import Craft, Sightings, find_sightings

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

# As fine as angles are (`choice.py`).
TIME_DECIMALS = 3
# Sightings whose strips are chosen in one go: some milliseconds of work.
AT_A_TIME = 2_000


@dataclass(frozen=True)
class Wish:
    """What a strip is asked to keep: off-nadir angles of its centre from least to most, in degrees, at a pitch."""

    off_nadir_range: tuple[float, float]
    limits: Limits
    pitch_deg: float = 0.0


@dataclass(frozen=True)
class Shots:
    """Strips (N,) of one craft's sightings: which sighting, when, at which roll, and what part of its area they cover.

    Times are POSIX seconds, angles degrees. `access` tells for each sighting (S,) whether the satellite, within its
    own limit, sees some of the area, and `seen` whether strips within the wish do; `first_s` and `last_s` (S,) when
    the area is swept.
    """

    sightings: Sightings
    pitch_deg: float
    sighting: Ints
    start_s: Floats
    end_s: Floats
    roll_deg: Floats
    coverage_percent: Floats
    access: Bools
    seen: Bools
    first_s: Floats
    last_s: Floats

    def __len__(self) -> int:
        return len(self.sighting)

    @property
    def middle_s(self) -> Floats:
        """Mid-capture, POSIX seconds (N,)."""
        return (self.start_s + self.end_s) / 2

    @property
    def centres(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of the footprints' centres: halfway between the swath's edges at mid-capture."""
        lon, lat = self.measures[:, CENTRE].T
        return lon, lat

    @property
    def look(self) -> Look:
        """What lies between the satellite at mid-capture and the footprint's centre, (N,)."""
        return Look(*self.measures[:, LOOK].T)

    @cached_property
    def sun(self) -> tuple[Floats, Floats]:
        """Elevation and azimuth of the Sun at mid-capture at the footprint's centre, in degrees (N,)."""
        return sun_angles(self.middle_s, *self.centres)

    @property
    def gsd_m(self) -> Floats:
        """Ground sampling distance at the footprint's centre, (N,)."""
        satellite = self.sightings.craft.satellite
        return compute_gsd_m(satellite.sensor.gsd_m, satellite.nominal_altitude_km * 1e3, self.look)

    @property
    def northward(self) -> Bools:
        """Whether the satellite flies north at mid-capture, (N,)."""
        return self.measures[:, NORTHWARD] > 0.0

    @property
    def northern(self) -> Bools:
        """Whether the satellite is north of the equator at mid-capture, (N,)."""
        return self.measures[:, NORTH] >= 0.0

    @property
    def drift_ms(self) -> Floats:
        """How fast the Earth turns the ground below to the left of the track (N,): to the right of a late satellite's.

        What it turns along the track is a hundredth of the satellite's speed.
        """
        return self.measures[:, DRIFT]

    @cached_property
    def numbers(self) -> Ints:
        """Which strip of its sighting each is, (N,): see `number_strips`."""
        starts = np.flatnonzero(np.diff(self.sighting)) + 1
        groups = np.split(self.roll_deg, starts) if len(self) else []
        return np.array([number for rolls in groups for number in number_strips(rolls.tolist())], np.intp)

    @property
    def reach_s(self) -> tuple[Floats, Floats]:
        """From when to when each strip can be imaged, pitching as far as pitch and off-nadir limits allow."""
        agility = self.sightings.craft.satellite.agility
        most, most_pitch = radians(agility.max_off_nadir_deg), radians(agility.max_pitch_deg)
        earlier, later = find_reach(self._aim, most, most_pitch)
        return self.start_s + earlier, self.end_s + later

    def strip(self, i: int) -> Strip:
        """One of the strips."""
        return Strip(float(self.start_s[i]), float(self.end_s[i]), float(self.roll_deg[i]), self.pitch_deg)

    def footprint(self, i: int) -> Area:
        """The ground that one of the strips covers, cut at the antimeridian."""
        half_deg = float(np.degrees(self.sightings.craft.camera.half_fov))
        return close_ring(trace_outline(self.arc(i), self.strip(i), half_deg))

    def arc(self, i: int) -> Arc:
        """The arc that one of the strips is flown on."""
        return self.sightings.arc(int(self.sighting[i]))

    @cached_property
    def measures(self) -> Floats:
        """What is seen at mid-capture (N, MEASURES): see `measure_strips`."""
        return measure_strips(self._aim)

    @property
    def _aim(self) -> Aim:
        roll, pitch = np.radians(self.roll_deg), radians(self.pitch_deg)
        tau_s = self.middle_s - self.sightings.middle_s[self.sighting]
        half_fov = self.sightings.craft.camera.half_fov
        return Aim(self.sightings.curves, self.sighting, tau_s, roll, pitch, half_fov)


def find_shots(
    areas: Sequence[Area], crafts: Sequence[Craft], start_s: float, end_s: float, wish: Wish
) -> Iterator[Shots]:
    """Every capture that each craft can make of areas in [start, end), POSIX seconds, as `choose_shots` chooses them.

    By day and by night, whether or not it can be commanded. They come piece by piece, by craft, area and time. At least
    one area, three weeks at most. Raises PropagationFailed when SGP4 gives no position for a craft.
    """
    outlines = build_outlines(areas)
    # SGP4 keeps Python's lock: one craft is propagated here while threads choose for those before.
    found = (find_sightings(outlines, craft, start_s, end_s) for craft in crafts)
    pieces = (some.take(slice(i, i + AT_A_TIME)) for some in found for i in range(0, len(some), AT_A_TIME))
    return map_in_threads(partial(_choose_and_measure, wish=wish), pieces)


def _choose_and_measure(sightings: Sightings, wish: Wish) -> Shots:
    shots = choose_shots(sightings, wish)
    # Here threads share the work; later it would be done by whoever asks.
    _ = shots.measures, shots.sun
    return shots


def choose_shots(sightings: Sightings, wish: Wish) -> Shots:
    """The strips that cover most of the area from each sighting, best first, then neighbours that add to it.

    Strips last as long as the area needs and a margin for the satellite that comes early or late, within the limits.
    """
    count, limits = len(sightings), wish.limits
    strips, found = np.empty((count, _most_strips(sightings), 4)), np.zeros(count, np.intp)
    access, seen, span = np.zeros(count, np.bool_), np.zeros(count, np.bool_), np.empty((count, 2))
    margin_s = np.minimum(limits.time_margin_sigmas * sightings.late_s, limits.max_time_margin_s)
    choose_strips(
        sightings.curves,
        sightings.area,
        sightings.outlines.packed,
        sightings.craft.camera,
        _ask(sightings.craft.satellite, wish),
        margin_s,
        nodes_and_growth(),
        (strips, found, access, seen, span),
    )
    sighting = np.repeat(np.arange(count), found)
    rows = strips[sighting, np.arange(len(sighting)) - np.repeat(np.cumsum(found) - found, found)]
    closest_s = sightings.middle_s[sighting]
    start_s, end_s = (np.round(closest_s + rows[:, end], TIME_DECIMALS) for end in (FIRST, LAST))
    return Shots(
        sightings=sightings,
        pitch_deg=wish.pitch_deg,
        sighting=sighting,
        start_s=start_s,
        end_s=end_s,
        roll_deg=rows[:, ROLL],
        coverage_percent=100.0 * rows[:, SHARE],
        access=access,
        seen=seen,
        first_s=sightings.middle_s + span[:, 0],
        last_s=sightings.middle_s + span[:, 1],
    )


def _ask(satellite: Satellite, wish: Wish) -> Asked:
    own, (least, most), limits = satellite.agility.max_off_nadir_deg, wish.off_nadir_range, wish.limits
    pitch, least, most, own = (radians(angle) for angle in (wish.pitch_deg, least, min(most, own), own))
    share = limits.min_coverage_percent / 100
    return Asked(pitch, least, most, own, share, limits.min_strip_s, limits.max_strip_s)


def _most_strips(sightings: Sightings) -> int:
    """How many strips beside one another an area can need: the widest one's width over a strip's own, and some."""
    camera, (_, radius_rad) = sightings.craft.camera, sightings.outlines.caps
    across_m = 2 * A_M * float(radius_rad.max())
    wide = across_m / (sightings.craft.satellite.nominal_altitude_km * 1e3)
    return 4 + int(wide / (2 * camera.half_fov - camera.overlap))
