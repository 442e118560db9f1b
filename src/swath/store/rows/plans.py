"""Plans, candidates, chances and elements."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from swath.store.rows.changes import reason_values, to_reason
from swath.store.rows.values import AnyRow, Values
from swath.tasking.model import Candidate, Chance, Plan, PlanStatus, StoredElements


def chance_values(chance: Chance) -> Values:
    return {
        "candidate_id": chance.candidate_id,
        "satellite": chance.satellite,
        "start": chance.start.isoformat(),
        "end": chance.end.isoformat(),
        "roll_deg": chance.roll_deg,
        "pitch_deg": chance.pitch_deg,
        "off_nadir_deg": chance.off_nadir_deg,
        "uplink_by": chance.uplink_by.isoformat(),
        "revolution": chance.revolution,
    }


def to_chance(values: Mapping[str, Any]) -> Chance:
    times = {name: datetime.fromisoformat(values[name]) for name in ("start", "end", "uplink_by")}
    fields: Values = {**values, **times}
    return Chance(**fields)


def plan_values(plan: Plan) -> Values:
    low, high = plan.off_nadir_range
    return {
        "id": plan.id,
        "account_id": plan.account_id,
        "name": plan.name,
        "geometry": plan.geometry,
        "valid_start": plan.valid_start,
        "valid_end": plan.valid_end,
        "off_nadir_min": low,
        "off_nadir_max": high,
        "satellites": list(plan.satellites),
        "status": plan.status,
        "created": plan.created,
        "reason": reason_values(plan.reason),
        "candidate_count": plan.candidate_count,
        "no_candidates": plan.no_candidates,
        "archived": plan.archived,
    }


def to_plan(row: AnyRow) -> Plan:
    return Plan(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        geometry=row.geometry,
        valid_start=row.valid_start,
        valid_end=row.valid_end,
        off_nadir_range=(row.off_nadir_min, row.off_nadir_max),
        satellites=tuple(row.satellites),
        status=PlanStatus(row.status),
        created=row.created,
        reason=to_reason(row.reason),
        candidate_count=row.candidate_count,
        no_candidates=row.no_candidates,
        archived=row.archived,
    )


def candidate_values(candidate: Candidate) -> Values:
    chance = candidate.chance
    return {
        "id": candidate.id,
        "plan_id": candidate.plan_id,
        "account_id": candidate.account_id,
        "satellite": chance.satellite,
        "start": chance.start,
        "end": chance.end,
        "roll_deg": chance.roll_deg,
        "pitch_deg": chance.pitch_deg,
        "off_nadir_deg": chance.off_nadir_deg,
        "uplink_by": chance.uplink_by,
        "revolution": chance.revolution,
        "geometry": candidate.footprint,
        "coverage_percent": candidate.coverage_percent,
        "expected_coverage_percent": candidate.expected_coverage_percent,
        "coverage_probability": candidate.coverage_probability,
        "time_uncertainty_s": candidate.time_uncertainty_s,
        "view_azimuth_deg": candidate.view_azimuth_deg,
        "incidence_deg": candidate.incidence_deg,
        "sun_elevation_deg": candidate.sun_elevation_deg,
        "sun_azimuth_deg": candidate.sun_azimuth_deg,
        "gsd_m": candidate.gsd_m,
        "orbit_state": candidate.orbit_state,
        "constellation": candidate.constellation,
        "elements_epoch": candidate.elements_epoch,
        "access_start": candidate.access_start,
        "access_end": candidate.access_end,
        "expected_delivery": candidate.expected_delivery,
        "created": candidate.created,
        "valid_until": candidate.valid_until,
    }


def to_candidate(row: AnyRow) -> Candidate:
    return Candidate(
        id=row.id,
        plan_id=row.plan_id,
        account_id=row.account_id,
        chance=Chance(
            candidate_id=row.id,
            satellite=row.satellite,
            start=row.start,
            end=row.end,
            roll_deg=row.roll_deg,
            pitch_deg=row.pitch_deg,
            off_nadir_deg=row.off_nadir_deg,
            uplink_by=row.uplink_by,
            revolution=row.revolution,
        ),
        footprint=row.geometry,
        coverage_percent=row.coverage_percent,
        expected_coverage_percent=row.expected_coverage_percent,
        coverage_probability=row.coverage_probability,
        time_uncertainty_s=row.time_uncertainty_s,
        view_azimuth_deg=row.view_azimuth_deg,
        incidence_deg=row.incidence_deg,
        sun_elevation_deg=row.sun_elevation_deg,
        sun_azimuth_deg=row.sun_azimuth_deg,
        gsd_m=row.gsd_m,
        orbit_state=row.orbit_state,
        constellation=row.constellation,
        elements_epoch=row.elements_epoch,
        access_start=row.access_start,
        access_end=row.access_end,
        expected_delivery=row.expected_delivery,
        created=row.created,
        valid_until=row.valid_until,
    )


def to_elements(row: AnyRow) -> StoredElements:
    return StoredElements(row.satellite, row.norad_id, row.epoch, row.omm, row.source, row.imported)
