"""Chances: the same strip of ground taken at other pitches of the same access, for the scheduler to choose from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from shapely import intersection

from swath.access import Strip
from swath.access.arc import POSITION, Arc
from swath.access.look import Floats
from swath.fleet import GroundStation, Satellite
from swath.geo.antimeridian import Area, join
from swath.geo.outline import Outline, build_outlines
from swath.orbit.tracks import compute_revolutions
from swath.planning.model import Chance, Member, Terms
from swath.planning.shots import Shots, Wish, choose_shots
from swath.planning.sightings import Craft, Sightings, build_craft, build_sighting
from swath.planning.sweep import covered_share, sweep_outline

PITCH_STEP_DEG = 5.0
MAX_PITCH_DEG = 20.0
# What a pitch is further off nadir than a flat Earth would have it, or less far: 0.1 degrees, up to 30 off nadir.
FLAT_SLACK_DEG = 0.5
# Another pitch may cover this much less of the area, in percent of it.
COVERAGE_SLACK_PERCENT = 1.0


def find_chances(
    first: Chance,
    footprint: Area,
    area: Area,
    member: Member,
    stations: Sequence[GroundStation],
    terms: Terms,
) -> tuple[Chance, ...]:
    """The chance itself, then others of the same access by growing pitch, forwards before backwards.

    Each other one covers what `footprint` covers of `area` but for a percent of the area, and keeps the terms: their
    off-nadir range, and the satellite's own, where it sees the centre of its own footprint. Pitches are multiples of 5
    degrees, at most 20. Raises PropagationFailed.
    """
    craft = build_craft(member, stations, terms.limits, (first.start_s, terms.end_s), terms.now_s)
    shots = list(_find_shots(first, footprint, area, craft, terms))
    pairs = zip(shots, _find_revolutions(first, shots), strict=True)
    others = (_build_chance(first, shot, revolution, terms) for shot, revolution in pairs)
    return first, *(chance for chance in others if chance is not None)


def _find_shots(first: Chance, footprint: Area, area: Area, craft: Craft, terms: Terms) -> Iterator[Shots]:
    """The best shot at each other pitch, where it takes what the first chance takes of the area."""
    part = join([intersection(footprint, area)])
    if part.is_empty:
        return
    taken = Strip(first.start_s, first.end_s, first.roll_deg, first.pitch_deg)
    outlines = build_outlines([part, area])
    sightings, whole = build_sighting(craft, outlines, (first.start_s + first.end_s) / 2), outlines.outline(1)
    arc = sightings.arc(0)
    promised = _covered_percent(arc, whole, taken, craft) - COVERAGE_SLACK_PERCENT
    limits = replace(terms.limits, min_coverage_percent=100.0 - COVERAGE_SLACK_PERCENT)
    for pitch_deg in _pitches(craft.satellite, taken, terms.off_nadir_range):
        shots = choose_shots(
            sightings, Wish((0.0, craft.satellite.agility.max_off_nadir_deg), limits, pitch_deg)
        )
        if (
            len(shots)
            and _keeps(shots, terms)
            and _covered_percent(arc, whole, shots.strip(0), craft) >= promised
        ):
            yield shots


def _pitches(satellite: Satellite, taken: Strip, off_nadir_range: tuple[float, float]) -> list[float]:
    """Other pitches at which what a strip takes may lie within a range off nadir: by size, forwards first."""
    (least, most), widest = off_nadir_range, min(MAX_PITCH_DEG, satellite.agility.max_pitch_deg)
    steps = np.arange(0.0, widest + 1e-9, PITCH_STEP_DEG)
    found = np.abs(compute_off_nadir_deg(taken, steps))
    near = steps[(found >= least - FLAT_SLACK_DEG) & (found <= most + FLAT_SLACK_DEG)]
    both = sorted({*near.tolist(), *(-near).tolist()}, key=lambda pitch: (abs(pitch), -pitch))
    return [pitch for pitch in both if pitch != taken.pitch_deg]


def compute_off_nadir_deg(taken: Strip, pitch_deg: Floats) -> Floats:
    """How far off nadir, at other pitches (N,), lies what a strip takes, if the Earth were flat.

    Roll turns about the track after pitch has, so ground at a distance across it is seen at tan(roll) / cos(pitch).
    """
    across = np.tan(np.radians(taken.roll_deg)) / np.cos(np.radians(taken.pitch_deg))
    return np.degrees(np.arctan(np.hypot(across, np.tan(np.radians(pitch_deg)))))


def _find_revolutions(first: Chance, shots: Sequence[Shots]) -> Sequence[int]:
    """A new revolution begins at the equator: on the side of the first chance, and so near to it, it is the same."""
    if all(bool(shot.northern[0]) == _is_northern(shot.sightings) for shot in shots):
        return [first.revolution] * len(shots)
    elements = shots[0].sightings.craft.elements
    return compute_revolutions(elements, [float(shot.middle_s[0]) for shot in shots]).tolist()


def _is_northern(sightings: Sightings) -> bool:
    """Whether the craft is north of the equator at the middle of its first approach."""
    return bool(sightings.curves[0, POSITION, 0][2] >= 0.0)


def _covered_percent(arc: Arc, outline: Outline, strip: Strip, craft: Craft) -> float:
    swept, roll = sweep_outline(arc, outline, strip.pitch_deg).swept, float(np.radians(strip.roll_deg))
    edges = roll - craft.camera.half_fov, roll + craft.camera.half_fov
    return 100.0 * covered_share(swept, *edges, strip.start_s - arc.middle_s, strip.end_s - arc.middle_s)


def _keeps(shots: Shots, terms: Terms) -> bool:
    """Whether the best of the shots keeps the terms."""
    least, most = terms.off_nadir_range
    own = shots.sightings.craft.satellite.agility.max_off_nadir_deg
    inside = least <= float(shots.look.off_nadir_deg[0]) <= min(most, own)
    return inside and bool(shots.start_s[0] >= terms.start_s and shots.end_s[0] <= terms.end_s)


def _build_chance(first: Chance, shots: Shots, revolution: int, terms: Terms) -> Chance | None:
    strip, uplink_by_s = shots.strip(0), _find_uplink_s(first, shots, terms)
    if uplink_by_s is None or uplink_by_s <= terms.now_s:
        return None
    return Chance(
        satellite=first.satellite,
        start_s=strip.start_s,
        end_s=strip.end_s,
        roll_deg=strip.roll_deg,
        pitch_deg=strip.pitch_deg,
        off_nadir_deg=float(shots.look.off_nadir_deg[0]),
        uplink_by_s=uplink_by_s,
        revolution=revolution,
    )


def _find_uplink_s(first: Chance, shots: Shots, terms: Terms) -> float | None:
    """The last moment to have a command ready; the first chance's own, unless a contact may end between the two."""
    sightings, start_s = shots.sightings, float(shots.start_s[0])
    uplinks, apart_s = sightings.craft.uplinks, abs(start_s - float(sightings.middle_s[0]))
    if uplinks.are_out_of_reach(sightings.curves[0, POSITION, 0], max(apart_s, first.end_s - first.start_s)):
        return first.uplink_by_s
    found = uplinks.last_before(start_s)
    return None if found is None else found.start_s - terms.limits.command_lead_s
