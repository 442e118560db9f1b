"""Captures that satellites could make of an area: strips as planning lays them, whoever commands them and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from swath.access.look import Floats
from swath.access.search import LONGEST_FLIGHT_S
from swath.geo.antimeridian import Area
from swath.geo.outline import build_outlines
from swath.planning.model import Terms
from swath.planning.shots import Shots, Wish, choose_shots
from swath.planning.sifting import Verdicts
from swath.planning.sightings import Sightings, build_craft, find_sightings
from swath.studies.model import Study

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

# Approaches of one satellite are half a turn apart; two that are closer are one, found from both sides of an edge.
SAME_S = 600.0
HOUR_S = 3_600.0
DEG_AN_HOUR = 15.0


@dataclass(frozen=True)
class Captures:
    """Captures of one area, columns (N,) by start.

    `satellite` counts the study's satellites, `access` the area's accesses from 1 on by time: captures of one access
    are strips beside one another, of which a satellite as a rule makes one. Times are POSIX seconds, angles degrees;
    centres are those of the footprints, which are in CRS84, cut at the antimeridian.
    """

    satellite: Ints
    access: Ints
    start_s: Floats
    end_s: Floats
    roll_deg: Floats
    off_nadir_deg: Floats
    incidence_deg: Floats
    sun_elevation_deg: Floats
    coverage_percent: Floats
    ascending: Bools
    lon_deg: Floats
    lat_deg: Floats
    footprints: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.access)

    @property
    def solar_time_h(self) -> Floats:
        """Mean local solar time at the centre in the middle of the capture, hours from 0 to 24."""
        middle_s = (self.start_s + self.end_s) / 2
        return np.mod(middle_s / HOUR_S + self.lon_deg / DEG_AN_HOUR, 24.0)

    def take(self, order: Ints) -> "Captures":
        """Some of them, in that order."""
        return Captures(*(column[order] for column in vars(self).values()))


def find_captures(study: Study, area: Area) -> Captures:
    """The captures of an area that keep every limit of the study and lie wholly in its range.

    Raises PropagationFailed when SGP4 gives no position for a satellite.
    """
    first, pieces = 0, list[Captures]()
    for number, shots, kept in _find_shots(study, area):
        pieces.append(_describe(number, first, shots, kept))
        first += len(shots.sightings)
    found = _join(pieces)
    found = found.take(np.lexsort((found.roll_deg, found.satellite, found.start_s)))
    return replace(found, access=_count_by_time(found.access))


def _find_shots(study: Study, area: Area) -> Iterator[tuple[int, Shots, Ints]]:
    """Each satellite's shots in each stretch of the range, and which of them keep the limits."""
    # One area at a time, though many would be quicker: so not one bit depends on which areas share a shard.
    outlines, terms = build_outlines([area]), _build_terms(study)
    wish, range_s = Wish(terms.off_nadir_range, terms.limits), (study.start_s, study.end_s)
    # Nobody commands a study's captures.
    crafts = [build_craft(member, (), study.limits, range_s) for member in study.members]
    last_s = [-inf] * len(crafts)
    for start_s, end_s in _stretches(study):
        for number, craft in enumerate(crafts):
            fresh = _take_later(find_sightings(outlines, craft, start_s, end_s), last_s[number] + SAME_S)
            last_s[number] = max([last_s[number], *fresh.middle_s.tolist()])
            verdicts = Verdicts(choose_shots(fresh, wish), terms)
            yield number, verdicts.shots, _find_kept(verdicts)


def _build_terms(study: Study) -> Terms:
    sun_deg = -90.0 if study.min_sun_deg is None else study.min_sun_deg
    most = 90.0 if study.max_off_nadir_deg is None else study.max_off_nadir_deg
    limits = replace(study.limits, min_sun_elevation_deg=sun_deg)
    return Terms(study.start_s, study.end_s, (0.0, most), limits, study.start_s)


def _stretches(study: Study) -> Iterator[tuple[float, float]]:
    """The range in parts that one fit of an orbit serves."""
    count = ceil((study.end_s - study.start_s) / LONGEST_FLIGHT_S)
    return pairwise(np.linspace(study.start_s, study.end_s, count + 1).tolist())


def _take_later(sightings: Sightings, first_s: float) -> Sightings:
    return sightings.take(np.flatnonzero(sightings.middle_s >= first_s))


def _find_kept(verdicts: Verdicts) -> Ints:
    kept = verdicts.access[verdicts.shots.sighting] & ~verdicts.dark & ~verdicts.outside
    return np.flatnonzero(kept)


def _describe(number: int, first: int, shots: Shots, kept: Ints) -> Captures:
    """Some of a satellite's shots; accesses are its sightings, counted from `first` on."""
    footprints = np.empty(len(kept), np.object_)
    for k, i in enumerate(kept.tolist()):
        footprints[k] = shots.footprint(i)
    return Captures(
        satellite=np.full(len(kept), number, np.intp),
        access=first + shots.sighting[kept],
        start_s=shots.start_s[kept],
        end_s=shots.end_s[kept],
        roll_deg=shots.roll_deg[kept],
        off_nadir_deg=shots.look.off_nadir_deg[kept],
        incidence_deg=shots.look.incidence_deg[kept],
        sun_elevation_deg=shots.sun[0][kept],
        coverage_percent=shots.coverage_percent[kept],
        ascending=shots.northward[kept],
        lon_deg=shots.centres[0][kept],
        lat_deg=shots.centres[1][kept],
        footprints=footprints,
    )


def _join(pieces: Sequence[Captures]) -> Captures:
    columns = zip(*(vars(piece).values() for piece in pieces), strict=True)
    return Captures(*(np.concatenate(column) for column in columns))


def _count_by_time(access: Ints) -> Ints:
    """The same accesses numbered from 1 on as they come."""
    _, first, which = np.unique(access, return_index=True, return_inverse=True)
    place = np.empty(len(first), np.intp)
    place[np.argsort(first)] = np.arange(1, len(first) + 1)
    return place[which]
