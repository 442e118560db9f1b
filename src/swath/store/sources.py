"""The stored collections as lists: which column stands behind which name of the wire."""

from swath.store import tables as t
from swath.store.pages import Source

_plan, _candidate, _request, _item = t.plans.c, t.candidates.c, t.requests.c, t.items.c

PLANS = Source(
    table=t.plans,
    columns={
        "id": _plan.id,
        "geometry": _plan.geometry,
        "name": _plan.name,
        "status": _plan.status,
        "created": _plan.created,
        "valid_start": _plan.valid_start,
        "valid_end": _plan.valid_end,
        "candidate_count": _plan.candidate_count,
        "satellites": _plan.satellites,
    },
    order=(_plan.created.desc(), _plan.seq.desc()),
    account=_plan.account_id,
    geometry=_plan.geometry,
    start=_plan.valid_start,
    end=_plan.valid_end,
    rtree=True,
)

CANDIDATES = Source(
    table=t.candidates,
    columns={
        "id": _candidate.id,
        "geometry": _candidate.geometry,
        "task_plan_id": _candidate.plan_id,
        "platform": _candidate.satellite,
        "constellation": _candidate.constellation,
        "start_datetime": _candidate.start,
        "end_datetime": _candidate.end,
        "valid_until": _candidate.valid_until,
        "uplink_by": _candidate.uplink_by,
        "created": _candidate.created,
        "plan_coverage": _candidate.coverage_percent,
        "gsd": _candidate.gsd_m,
        "view:off_nadir": _candidate.off_nadir_deg,
        "view:azimuth": _candidate.view_azimuth_deg,
        "view:incidence_angle": _candidate.incidence_deg,
        "view:sun_elevation": _candidate.sun_elevation_deg,
        "view:sun_azimuth": _candidate.sun_azimuth_deg,
        "sat:orbit_state": _candidate.orbit_state,
        "roll_deg": _candidate.roll_deg,
        "pitch_deg": _candidate.pitch_deg,
        "elements_epoch": _candidate.elements_epoch,
    },
    order=(_candidate.start, _candidate.seq),
    account=_candidate.account_id,
    geometry=_candidate.geometry,
    start=_candidate.start,
    end=_candidate.end,
    rtree=True,
)

REQUESTS = Source(
    table=t.requests,
    columns={
        "id": _request.id,
        "geometry": _request.geometry,
        "name": _request.name,
        "priority": _request.priority,
        "task_plan_id": _request.plan_id,
        "candidate_id": _request.candidate_id,
        "status": _request.status,
        "created": _request.created,
        "valid_start": _request.valid_start,
        "valid_end": _request.valid_end,
        "planned_start": _request.planned_start,
        "planned_end": _request.planned_end,
        "cancel_until": _request.cancel_until,
        "ag:capture_id": _request.capture_id,
        "final": _request.final,
    },
    order=(_request.created.desc(), _request.seq.desc()),
    account=_request.account_id,
    geometry=_request.geometry,
    start=_request.valid_start,
    end=_request.valid_end,
    rtree=True,
)

ITEMS = Source(
    table=t.items,
    columns={
        "id": _item.id,
        "geometry": _item.geometry,
        "collection": _item.collection,
        "datetime": _item.start,
        "start_datetime": _item.start,
        "end_datetime": _item.end,
        "created": _item.created,
        "platform": _item.platform,
        "constellation": _item.constellation,
        "gsd": _item.gsd,
        "eo:cloud_cover": _item.cloud_cover,
        "view:off_nadir": _item.off_nadir,
        "view:sun_elevation": _item.sun_elevation,
        "view:sun_azimuth": _item.sun_azimuth,
        "ag:capture_id": _item.capture_id,
    },
    order=(_item.start.desc(), _item.seq.desc()),
    account=_item.account_id,
    geometry=_item.geometry,
    start=_item.start,
    end=_item.end,
    rtree=True,
)
