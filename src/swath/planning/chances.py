"""Chances: the same strip of ground taken at other pitches of the same access, for the scheduler to choose from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import acos, cos, degrees, radians

import numpy as np
from shapely import intersection

from swath.access import Strip
from swath.access.arc import Arc, fit_arcs
from swath.fleet import GroundStation, Limits, Satellite
from swath.geo.antimeridian import Area, join
from swath.orbit.elements import Elements
from swath.orbit.tracks import compute_revolutions
from swath.planning.coverage import flatten_area
from swath.planning.model import Chance
from swath.planning.promises import compute_late_s
from swath.planning.prospects import build_camera
from swath.planning.shots import Shot, build_strip
from swath.planning.strips import choose_rolls
from swath.planning.sweep import build_outline, sweep_outline
from swath.planning.uplinks import LOOK_BACK_S, Uplinks

PITCH_STEP_DEG = 5.0
MAX_PITCH_DEG = 20.0
# Another pitch may cover this much less of the area, in percent of it.
COVERAGE_SLACK_PERCENT = 1.0


@dataclass(frozen=True)
class _Bounds:
    """What another chance must keep, and one sigma of how late the satellite may be."""

    start_s: float
    end_s: float
    off_nadir_range: tuple[float, float]
    now_s: float
    limits: Limits
    late_s: float


def find_chances(
    first: Chance,
    footprint: Area,
    area: Area,
    *,
    satellite: Satellite,
    elements: Elements,
    stations: Sequence[GroundStation],
    limits: Limits,
    off_nadir_range: tuple[float, float],
    start_s: float,
    end_s: float,
    now_s: float,
) -> tuple[Chance, ...]:
    """The chance itself, then others of the same access by growing pitch, forwards before backwards.

    Each other one covers what `footprint` covers of `area` but for a percent of the area, sees the centre of its own
    footprint within `off_nadir_range` and the satellite's limits, lies inside [start, end), and can still be commanded
    at `now_s`. Pitches are multiples of 5 degrees, at most 20. Raises PropagationFailed.
    """
    uplinks = Uplinks(elements, stations, max(now_s, first.start_s - LOOK_BACK_S), end_s)
    (arc,) = fit_arcs(elements, (first.start_s + first.end_s) / 2)
    bounds = _Bounds(start_s, end_s, off_nadir_range, now_s, limits, compute_late_s(arc, elements))
    shots = list(_find_shots(arc, first, footprint, area, satellite, bounds))
    revolutions = compute_revolutions(elements, [shot.strip.middle_s for shot in shots])
    others = (
        _build_chance(shot, int(n), uplinks, bounds) for shot, n in zip(shots, revolutions, strict=True)
    )
    return first, *(chance for chance in others if chance is not None)


def _find_shots(
    arc: Arc, first: Chance, footprint: Area, area: Area, satellite: Satellite, bounds: _Bounds
) -> Iterator[Shot]:
    part, flat = join([intersection(footprint, area)]), flatten_area(area)
    taken = Strip(first.start_s, first.end_s, first.roll_deg, first.pitch_deg)
    half = build_camera(satellite, bounds.limits).half_fov_deg
    promised = flat.covered_percent(Shot(satellite, arc, taken, half).ring) - COVERAGE_SLACK_PERCENT
    for pitch_deg in _pitches(satellite, first.pitch_deg) if not part.is_empty else ():
        shot = _aim(arc, part, pitch_deg, satellite, bounds)
        if shot and _keeps(shot, satellite, bounds) and flat.covered_percent(shot.ring) >= promised:
            yield shot


def _pitches(satellite: Satellite, taken_deg: float) -> list[float]:
    most = min(MAX_PITCH_DEG, satellite.agility.max_pitch_deg)
    steps = np.arange(0.0, most + 1e-9, PITCH_STEP_DEG)
    both = sorted({*steps.tolist(), *(-steps).tolist()}, key=lambda pitch: (abs(pitch), -pitch))
    return [pitch for pitch in both if pitch != taken_deg]


def _aim(arc: Arc, part: Area, pitch_deg: float, satellite: Satellite, bounds: _Bounds) -> Shot | None:
    """The shot at a pitch that covers most of a part of the area."""
    ratio = cos(radians(satellite.agility.max_off_nadir_deg)) / cos(radians(pitch_deg))
    if ratio > 1:
        return None
    camera, most = build_camera(satellite, bounds.limits), degrees(acos(ratio))
    sweep = sweep_outline(arc, build_outline(part), pitch_deg)
    rolls = choose_rolls(sweep, camera, ((-most, most),), min_share=1.0 - COVERAGE_SLACK_PERCENT / 100)
    if not rolls:
        return None
    strip = build_strip(arc, sweep, rolls[0], camera, bounds.limits, bounds.late_s)
    return Shot(satellite, arc, strip, camera.half_fov_deg) if strip else None


def _keeps(shot: Shot, satellite: Satellite, bounds: _Bounds) -> bool:
    least, most = bounds.off_nadir_range
    inside = least <= shot.off_nadir_deg <= min(most, satellite.agility.max_off_nadir_deg)
    return inside and shot.strip.start_s >= bounds.start_s and shot.strip.end_s <= bounds.end_s


def _build_chance(shot: Shot, revolution: int, uplinks: Uplinks, bounds: _Bounds) -> Chance | None:
    uplink = uplinks.last_before(shot.strip.start_s)
    if uplink is None or uplink.start_s - bounds.limits.command_lead_s <= bounds.now_s:
        return None
    return Chance(
        satellite=shot.satellite.id,
        start_s=shot.strip.start_s,
        end_s=shot.strip.end_s,
        roll_deg=shot.strip.roll_deg,
        pitch_deg=shot.strip.pitch_deg,
        off_nadir_deg=shot.off_nadir_deg,
        uplink_by_s=uplink.start_s - bounds.limits.command_lead_s,
        revolution=revolution,
    )
