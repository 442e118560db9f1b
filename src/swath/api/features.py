"""Builds the features of the wire out of the values of tasking: one function a collection.

Properties are those of the public description first, then ours. Absent values are null, so that every feature of a
collection has the same members.
"""

from datetime import datetime
from typing import Any, Protocol

from shapely.geometry.base import BaseGeometry

from swath.api.collections import Feature
from swath.api.geojson import build_feature
from swath.api.links import GEOJSON, JSON, Link, Links, build_link
from swath.fleet import Band, Satellite
from swath.tasking.model import Candidate, Plan, PlanStatus, Reason, TaskingRequest
from swath.wire import format_time

SATELLITES, TRACKS = "satellites", "satellite_ground_tracks"
PLANS, CANDIDATES, REQUESTS = "plans", "candidates", "requests"
DAY_S = 86_400.0


class SatelliteNow(Protocol):
    """A satellite as it is at a time: the ground it can reach, on which elements, and its way over daylight."""

    @property
    def satellite(self) -> Satellite: ...
    @property
    def elements_epoch(self) -> datetime: ...
    @property
    def geometry(self) -> BaseGeometry: ...
    @property
    def orbit_state(self) -> str: ...


class TrackRow(Protocol):
    """One revolution of a satellite."""

    @property
    def id(self) -> str: ...
    @property
    def satellite_id(self) -> str: ...
    @property
    def revolution(self) -> int: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def geometry(self) -> BaseGeometry: ...


def build_satellite(row: SatelliteNow, now: datetime, links: Links) -> Feature:
    """A satellite; its geometry is the ground that it can reach at `now`."""
    satellite = row.satellite
    properties = {
        "platform": satellite.id,
        "international_designator": satellite.designator,
        "instruments": satellite.sensor.instruments,
        "gsd": satellite.sensor.gsd_m,
        "eo:bands": [_build_band(band) for band in satellite.sensor.bands],
        "sat:orbit_state": row.orbit_state,
        "constellation": satellite.constellation,
        "norad_id": satellite.norad_id,
        "swath_width_km": satellite.sensor.swath_km,
        "max_off_nadir_deg": satellite.agility.max_off_nadir_deg,
        "elements_epoch": format_time(row.elements_epoch),
        "elements_age_days": (now - row.elements_epoch).total_seconds() / DAY_S,
    }
    tracks = links.items(TRACKS, (("filter", f"satellite_id = '{satellite.id}'"),))
    return build_feature(
        links, SATELLITES, satellite.id, row.geometry, properties, [_link(tracks, "ground-tracks")]
    )


def build_track(row: TrackRow, links: Links) -> Feature:
    """One revolution on the ground."""
    properties = {
        "platform": row.satellite_id,
        "start_time": format_time(row.start),
        "end_time": format_time(row.end),
        "satellite_id": row.satellite_id,
        "revolution": row.revolution,
    }
    parent = _link(links.item(SATELLITES, row.satellite_id), "parent")
    return build_feature(links, TRACKS, row.id, row.geometry, properties, [parent])


def build_plan(plan: Plan, links: Links) -> Feature:
    """A plan; its link `candidates` leads to what was found for it."""
    properties = {
        "created": format_time(plan.created),
        "name": plan.name,
        "valid_start": format_time(plan.valid_start),
        "valid_end": format_time(plan.valid_end),
        "off_nadir_range": plan.off_nadir_range,
        "satellites": plan.satellites,
        "status": plan.status,
        "status_reason": _build_reason(plan.reason if plan.status == PlanStatus.FAILED else None),
        "candidate_count": plan.candidate_count,
        "no_candidates": plan.no_candidates,
    }
    candidates = _link(links.candidates_of(plan.id), "candidates")
    return build_feature(links, PLANS, plan.id, plan.geometry, properties, [candidates])


def build_candidate(candidate: Candidate, links: Links) -> Feature:
    """A candidate; its geometry is the footprint."""
    chance = candidate.chance
    properties = {
        "task_plan_id": candidate.plan_id,
        "view:off_nadir": chance.off_nadir_deg,
        "view:sun_elevation": candidate.sun_elevation_deg,
        "view:sun_azimuth": candidate.sun_azimuth_deg,
        "plan_coverage": candidate.coverage_percent,
        "expected_coverage": candidate.expected_coverage_percent,
        "coverage_probability": candidate.coverage_probability,
        "time_uncertainty_s": candidate.time_uncertainty_s,
        "start_datetime": format_time(chance.start),
        "end_datetime": format_time(chance.end),
        "platform": chance.satellite,
        "constellation": candidate.constellation,
        "valid_until": format_time(candidate.valid_until),
        "created": format_time(candidate.created),
        "view:azimuth": candidate.view_azimuth_deg,
        "view:incidence_angle": candidate.incidence_deg,
        "gsd": candidate.gsd_m,
        "sat:orbit_state": candidate.orbit_state,
        "roll_deg": chance.roll_deg,
        "pitch_deg": chance.pitch_deg,
        "elements_epoch": format_time(candidate.elements_epoch),
        "uplink_by": format_time(chance.uplink_by),
        "expected_delivery": candidate.expected_delivery and format_time(candidate.expected_delivery),
    }
    more = [
        _link(links.item(PLANS, candidate.plan_id), "parent"),
        _link(links.items(REQUESTS), "create-request"),
    ]
    return build_feature(links, CANDIDATES, candidate.id, candidate.footprint, properties, more)


def build_request(request: TaskingRequest, links: Links) -> Feature:
    """A request; its link `assets` is there once there are images."""
    properties = {
        "name": request.name,
        "created": format_time(request.created),
        "valid_start": format_time(request.valid_start),
        "valid_end": format_time(request.valid_end),
        "off_nadir_range": request.off_nadir_range,
        "satellites": request.satellites,
        "priority": request.priority,
        "cancel_until": _time(request.cancel_until),
        "task_plan_id": request.plan_id,
        "status": request.status,
        "ag:capture_id": request.capture_id,
        "candidate_id": request.candidate_id,
        "status_reason": _build_reason(request.reason),
        "final": request.final,
        "planned_start": _time(request.planned_start),
        "planned_end": _time(request.planned_end),
        "planned_satellite": request.planned_satellite,
        "expected_delivery": _time(request.expected_delivery),
    }
    more = _build_request_links(request, links)
    return build_feature(links, REQUESTS, request.id, request.footprint, properties, more)


def _build_request_links(request: TaskingRequest, links: Links) -> list[Link]:
    address = links.item(REQUESTS, request.id)
    found = [
        _link(links.item(PLANS, request.plan_id), "parent"),
        build_link(f"{address}/history", "history", JSON, "What has happened so far"),
    ]
    if request.capture_id is not None and request.status == "DATA_AVAILABLE":
        found.append(_link(links.assets_of(request.capture_id), "assets"))
    return found


def _build_band(band: Band) -> dict[str, Any]:
    return {
        "name": band.name,
        "common_name": band.common_name,
        "center_wavelength": band.center_wavelength,
        "full_width_half_max": band.full_width_half_max,
        "solar_illumination": band.solar_illumination,
    }


def _build_reason(reason: Reason | None) -> dict[str, Any] | None:
    if reason is None:
        return None
    return {**reason.evidence, "code": reason.code, "message": reason.message}


def _link(href: str, rel: str) -> Link:
    return build_link(href, rel, GEOJSON)


def _time(at: datetime | None) -> str | None:
    return None if at is None else format_time(at)
