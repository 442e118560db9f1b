"""Sifting: which sightings become candidates of a plan, and which limit the others are lost to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from swath.access import Contact
from swath.orbit.tracks import compute_revolutions
from swath.planning.keys import build_key, name_half_turn
from swath.planning.model import CandidateDraft, Loss, Terms
from swath.planning.shot_confidence import judge_shot
from swath.planning.shots import Shots, Wish, choose_shots
from swath.planning.sightings import Sightings

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Sifted:
    """Candidates by start, how many sightings were accesses, and how many of these each limit cost."""

    drafts: tuple[CandidateDraft, ...]
    accesses: int
    lost: Mapping[Loss, int]


@dataclass(frozen=True)
class Verdicts:
    """Shots of one craft, and what the terms say of each: the first limit it breaks, or which uplink commands it."""

    shots: Shots
    terms: Terms

    @cached_property
    def access(self) -> Bools:
        """Which sightings (S,) are accesses: some of the area is seen, and swept in [start, end)."""
        swept = (self.shots.last_s >= self.terms.start_s) & (self.shots.first_s < self.terms.end_s)
        return self.shots.access & swept

    @cached_property
    def dark(self) -> Bools:
        """Which shots (N,) lack light."""
        return self.shots.sun[0] < self.terms.limits.min_sun_elevation_deg

    @cached_property
    def outside(self) -> Bools:
        """Which shots (N,) do not lie wholly in [start, end)."""
        return (self.shots.start_s < self.terms.start_s) | (self.shots.end_s > self.terms.end_s)

    @cached_property
    def uplinks(self) -> Mapping[int, Contact]:
        """The contact that can still command a shot, for those that keep all other limits."""
        asked = np.flatnonzero(self.access[self.shots.sighting] & ~self.dark & ~self.outside)
        found = self.shots.sightings.craft.uplinks.last_before_each(self.shots.start_s[asked])
        first_s = self.terms.first_uplink_s
        pairs = zip(asked.tolist(), found, strict=True)
        return {i: contact for i, contact in pairs if contact is not None and contact.start_s > first_s}

    @cached_property
    def downlinks(self) -> Mapping[int, Contact | None]:
        """The first contact that brings down each shot that has an uplink, if there is one within days."""
        kept = sorted(self.uplinks)
        found = self.shots.sightings.craft.downlinks.first_after_each(self.shots.end_s[kept])
        return dict(zip(kept, found, strict=True))

    def losses(self) -> Iterator[Loss]:
        """The limit that each access without a candidate is lost to: the one that its best shot breaks."""
        kept = {int(self.shots.sighting[i]) for i in self.uplinks}
        best = {int(sighting): i for i, sighting in reversed(list(enumerate(self.shots.sighting.tolist())))}
        for sighting in np.flatnonzero(self.access).tolist():
            if sighting not in kept:
                yield self._loss_of(sighting, best.get(sighting))

    def _loss_of(self, sighting: int, best: int | None) -> Loss:
        if best is None:
            if self.shots.sightings.sun_elevation_deg[sighting] < self.terms.limits.min_sun_elevation_deg:
                return Loss.NIGHT
            return Loss.COVERAGE if self.shots.seen[sighting] else Loss.OFF_NADIR
        if self.dark[best]:
            return Loss.NIGHT
        return Loss.TOI if self.outside[best] else Loss.LEAD_TIME


def sift(sightings: Iterable[Sightings], terms: Terms) -> Sifted:
    """The candidates that sightings give under these terms."""
    wish = Wish(terms.off_nadir_range, terms.limits)
    verdicts = [Verdicts(choose_shots(some, wish), terms) for some in sightings]
    drafts = [draft for one in verdicts for draft in build_drafts(one)]
    by_start = sorted(drafts, key=lambda draft: (draft.start_s, draft.satellite, draft.roll_deg))
    lost = Counter(loss for one in verdicts for loss in one.losses())
    return Sifted(tuple(by_start), sum(int(one.access.sum()) for one in verdicts), lost)


def build_drafts(verdicts: Verdicts) -> Iterator[CandidateDraft]:
    """The shots that keep every limit, as candidates."""
    shots, kept = verdicts.shots, sorted(verdicts.uplinks)
    if not kept:
        return
    elements = shots.sightings.craft.elements
    revolutions = compute_revolutions(elements, shots.middle_s[kept])
    for i, revolution in zip(kept, revolutions.tolist(), strict=True):
        yield _build_draft(verdicts, i, revolution)


def _build_draft(verdicts: Verdicts, i: int, revolution: int) -> CandidateDraft:
    shots, terms, uplink = verdicts.shots, verdicts.terms, verdicts.uplinks[i]
    craft, strip = shots.sightings.craft, shots.strip(i)
    earliest_s, latest_s = shots.reach_s
    orbit_state = "ascending" if shots.northward[i] else "descending"
    half_turn = name_half_turn(craft.elements, revolution, orbit_state, is_north=bool(shots.northern[i]))
    confidence, coverage = judge_shot(shots, i), float(shots.coverage_percent[i])
    return CandidateDraft(
        key=build_key(terms.plan_id, craft.satellite.id, half_turn, int(shots.numbers[i])),
        satellite=craft.satellite.id,
        start_s=strip.start_s,
        end_s=strip.end_s,
        roll_deg=strip.roll_deg,
        pitch_deg=strip.pitch_deg,
        off_nadir_deg=float(shots.look.off_nadir_deg[i]),
        view_azimuth_deg=float(shots.look.azimuth_deg[i]),
        incidence_deg=float(shots.look.incidence_deg[i]),
        sun_elevation_deg=float(shots.sun[0][i]),
        sun_azimuth_deg=float(shots.sun[1][i]),
        gsd_m=float(shots.gsd_m[i]),
        orbit_state=orbit_state,
        coverage_percent=coverage,
        expected_coverage_percent=coverage * confidence.expected,
        coverage_probability=confidence.probability,
        time_uncertainty_s=float(shots.sightings.late_s[shots.sighting[i]]),
        footprint=shots.footprint(i),
        centre=(float(shots.centres[0][i]), float(shots.centres[1][i])),
        elements_epoch=craft.elements.epoch,
        access_start_s=max(float(earliest_s[i]), terms.start_s),
        access_end_s=min(float(latest_s[i]), terms.end_s),
        uplink_by_s=uplink.start_s - terms.limits.command_lead_s,
        uplink=uplink,
        downlink=verdicts.downlinks[i],
        revolution=revolution,
    )
