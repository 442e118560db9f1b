"""Chances: the same strip of ground taken at other pitches of the same access, for the scheduler to choose from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from shapely import intersection

from swath.access import Strip
from swath.access.arc import Arc
from swath.fleet import GroundStation, Satellite
from swath.geo.antimeridian import Area, join
from swath.geo.outline import Outline, build_outline
from swath.orbit.tracks import compute_revolutions
from swath.planning.model import Chance, Member, Terms
from swath.planning.shots import Shots, Wish, choose_shots
from swath.planning.sightings import Craft, build_craft, build_sighting
from swath.planning.sweep import covered_share, sweep_outline

PITCH_STEP_DEG = 5.0
MAX_PITCH_DEG = 20.0
# More than lies between the nadirs of a ball and of an ellipsoid.
NADIR_SLACK_DEG = 0.5
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
    revolutions = compute_revolutions(craft.elements, [float(shot.middle_s[0]) for shot in shots])
    pairs = zip(shots, revolutions.tolist(), strict=True)
    others = (_build_chance(shot, revolution, craft, terms) for shot, revolution in pairs)
    return first, *(chance for chance in others if chance is not None)


def _find_shots(first: Chance, footprint: Area, area: Area, craft: Craft, terms: Terms) -> Iterator[Shots]:
    """The best shot at each other pitch, where it takes what the first chance takes of the area."""
    part, whole = join([intersection(footprint, area)]), build_outline(area)
    if part.is_empty:
        return
    taken = Strip(first.start_s, first.end_s, first.roll_deg, first.pitch_deg)
    sightings = build_sighting(craft, part, (first.start_s + first.end_s) / 2)
    arc = sightings.arc(0)
    promised = _covered_percent(arc, whole, taken, craft) - COVERAGE_SLACK_PERCENT
    limits = replace(terms.limits, min_coverage_percent=100.0 - COVERAGE_SLACK_PERCENT)
    for pitch_deg in _pitches(craft.satellite, first.pitch_deg, terms.off_nadir_range[1]):
        shots = choose_shots(
            sightings, Wish((0.0, craft.satellite.agility.max_off_nadir_deg), limits, pitch_deg)
        )
        if (
            len(shots)
            and _keeps(shots, terms)
            and _covered_percent(arc, whole, shots.strip(0), craft) >= promised
        ):
            yield shots


def _pitches(satellite: Satellite, taken_deg: float, off_nadir_deg: float) -> list[float]:
    """Whoever pitches looks at least as far off nadir, but for which nadir is meant."""
    most = min(MAX_PITCH_DEG, satellite.agility.max_pitch_deg, off_nadir_deg + NADIR_SLACK_DEG)
    steps = np.arange(0.0, most + 1e-9, PITCH_STEP_DEG)
    both = sorted({*steps.tolist(), *(-steps).tolist()}, key=lambda pitch: (abs(pitch), -pitch))
    return [pitch for pitch in both if pitch != taken_deg]


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


def _build_chance(shots: Shots, revolution: int, craft: Craft, terms: Terms) -> Chance | None:
    strip = shots.strip(0)
    uplink = craft.uplinks.last_before(strip.start_s)
    if uplink is None or uplink.start_s <= terms.first_uplink_s:
        return None
    return Chance(
        satellite=craft.satellite.id,
        start_s=strip.start_s,
        end_s=strip.end_s,
        roll_deg=strip.roll_deg,
        pitch_deg=strip.pitch_deg,
        off_nadir_deg=float(shots.look.off_nadir_deg[0]),
        uplink_by_s=uplink.start_s - terms.limits.command_lead_s,
        revolution=revolution,
    )
