"""Selection: which prospects become candidates of a plan, and which limit the others are lost to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from swath.access import Contact
from swath.fleet import Limits
from swath.orbit.elements import Elements
from swath.orbit.tracks import compute_revolutions
from swath.planning.coverage import FlatArea
from swath.planning.keys import build_key, name_half_turn, number_strips
from swath.planning.model import CandidateDraft, Loss
from swath.planning.promises import compute_late_s, judge_shot
from swath.planning.prospects import Prospect
from swath.planning.shots import Shot, build_strip
from swath.planning.strips import Stretch, allow_rolls, choose_rolls, reachable_share

# The Sun stands at most this much higher at a footprint's centre than at the area's middle.
SUN_SLACK_DEG = 4.0


@dataclass(frozen=True)
class Terms:
    """What a plan and the house ask of a capture: inside [start, end), an off-nadir range, limits, time to command."""

    plan_id: str
    start_s: float
    end_s: float
    off_nadir_range: tuple[float, float]
    limits: Limits
    now_s: float


@dataclass(frozen=True)
class _Chosen:
    """A shot that keeps every limit, its strip's number within the access, and the contact that commands it."""

    prospect: Prospect
    shot: Shot
    strip_number: int
    uplink: Contact


@dataclass(frozen=True)
class Selection:
    """Candidates by start, how many prospects were accesses, and how many of these each limit cost."""

    drafts: tuple[CandidateDraft, ...]
    accesses: int
    lost: Mapping[Loss, int]


def select(prospects: Iterable[Prospect], area: FlatArea, terms: Terms) -> Selection:
    """The candidates that prospects give under these terms."""
    accesses = [prospect for prospect in prospects if prospect.is_access(terms.start_s, terms.end_s)]
    chosen: list[_Chosen] = []
    lost: Counter[Loss] = Counter()
    for access in accesses:
        kept, loss = _choose(access, terms)
        chosen += kept
        if loss is not None:
            lost[loss] += 1
    drafts = _build_drafts(chosen, area, terms)
    by_start = sorted(drafts, key=lambda draft: (draft.start_s, draft.satellite, draft.roll_deg))
    return Selection(tuple(by_start), len(accesses), lost)


def may_be_lit(prospect: Prospect, min_sun_elevation_deg: float) -> bool:
    """Whether the Sun may stand high enough at any footprint of the prospect."""
    return prospect.sun_elevation_deg >= min_sun_elevation_deg - SUN_SLACK_DEG


def _choose(prospect: Prospect, terms: Terms) -> tuple[list[_Chosen], Loss | None]:
    """The shots of a prospect that keep all limits; when there are none, the limit that its best shot broke."""
    if not may_be_lit(prospect, terms.limits.min_sun_elevation_deg):
        return [], Loss.NIGHT
    allowed = _allow(prospect, terms)
    shots = _aim(prospect, allowed, terms.limits)
    if not shots:
        seen = reachable_share(prospect.sweep, prospect.craft.camera, allowed) > 0
        return [], Loss.COVERAGE if seen else Loss.OFF_NADIR
    verdicts = [_judge(prospect, shot, terms) for shot in shots]
    numbers = number_strips([shot.strip.roll_deg for shot in shots])
    kept = [
        _Chosen(prospect, shot, number, verdict)
        for shot, number, verdict in zip(shots, numbers, verdicts, strict=True)
        if isinstance(verdict, Contact)
    ]
    first = verdicts[0]
    return kept, first if not kept and isinstance(first, Loss) else None


def _allow(prospect: Prospect, terms: Terms) -> tuple[Stretch, ...]:
    """Rolls within the plan's off-nadir range and the satellite's own limit."""
    least = terms.off_nadir_range[0]
    most = min(terms.off_nadir_range[1], prospect.craft.satellite.agility.max_off_nadir_deg)
    return allow_rolls(prospect.sweep, prospect.craft.camera, (least, most)) if least < most else ()


def _aim(prospect: Prospect, allowed: tuple[Stretch, ...], limits: Limits) -> list[Shot]:
    craft, sweep = prospect.craft, prospect.sweep
    rolls = choose_rolls(sweep, craft.camera, allowed, limits.min_coverage_percent / 100)
    late_s = compute_late_s(prospect.arc, craft.elements)
    strips = (build_strip(prospect.arc, sweep, roll, craft.camera, limits, late_s) for roll in rolls)
    return [
        Shot(craft.satellite, prospect.arc, strip, craft.camera.half_fov_deg)
        for strip in strips
        if strip is not None
    ]


def _judge(prospect: Prospect, shot: Shot, terms: Terms) -> Contact | Loss:
    """The contact that commands a shot, or the first limit that it breaks."""
    if shot.sun[0] < terms.limits.min_sun_elevation_deg:
        return Loss.NIGHT
    if shot.strip.start_s < terms.start_s or shot.strip.end_s > terms.end_s:
        return Loss.TOI
    uplink = prospect.craft.uplinks.last_before(shot.strip.start_s)
    if uplink is None or uplink.start_s - terms.limits.command_lead_s <= terms.now_s:
        return Loss.LEAD_TIME
    return uplink


def _build_drafts(chosen: Sequence[_Chosen], area: FlatArea, terms: Terms) -> list[CandidateDraft]:
    by_elements: dict[Elements, list[_Chosen]] = {}
    for one in chosen:
        by_elements.setdefault(one.prospect.craft.elements, []).append(one)
    drafts: list[CandidateDraft] = []
    for elements, some in by_elements.items():
        revolutions = compute_revolutions(elements, [one.shot.strip.middle_s for one in some])
        drafts += [_build_draft(one, int(n), area, terms) for one, n in zip(some, revolutions, strict=True)]
    return drafts


def _build_draft(chosen: _Chosen, revolution: int, area: FlatArea, terms: Terms) -> CandidateDraft:
    shot, elements = chosen.shot, chosen.prospect.craft.elements
    strip, look, coverage = shot.strip, shot.look, area.covered_percent(shot.ring)
    confidence = judge_shot(shot, chosen.prospect.sweep, elements)
    half_turn = name_half_turn(elements, revolution, shot.orbit_state, is_north=shot.is_north)
    access_start, access_end = shot.reach_s
    return CandidateDraft(
        key=build_key(terms.plan_id, shot.satellite.id, half_turn, chosen.strip_number),
        satellite=shot.satellite.id,
        start_s=strip.start_s,
        end_s=strip.end_s,
        roll_deg=strip.roll_deg,
        pitch_deg=strip.pitch_deg,
        off_nadir_deg=shot.off_nadir_deg,
        view_azimuth_deg=float(look.azimuth_deg[0]),
        incidence_deg=float(look.incidence_deg[0]),
        sun_elevation_deg=shot.sun[0],
        sun_azimuth_deg=shot.sun[1],
        gsd_m=shot.gsd_m,
        orbit_state=shot.orbit_state,
        coverage_percent=coverage,
        expected_coverage_percent=coverage * confidence.expected,
        coverage_probability=confidence.probability,
        time_uncertainty_s=compute_late_s(shot.arc, elements),
        footprint=shot.footprint,
        centre=shot.centre,
        elements_epoch=elements.epoch,
        access_start_s=max(access_start, terms.start_s),
        access_end_s=min(access_end, terms.end_s),
        uplink_by_s=chosen.uplink.start_s - terms.limits.command_lead_s,
        uplink=chosen.uplink,
        revolution=revolution,
    )
