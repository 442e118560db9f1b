"""The five collections of the Tasking API, declared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from swath import wire
from swath.api import features
from swath.api.collections import Collection, Creation, Removal
from swath.api.features import CANDIDATES, PLANS, REQUESTS, SATELLITES, TRACKS, SatelliteNow, TrackRow
from swath.api.queryables import (
    CANDIDATE_QUERYABLES,
    PLAN_QUERYABLES,
    REQUEST_QUERYABLES,
    SATELLITE_QUERYABLES,
    TRACK_QUERYABLES,
)
from swath.cache import Cache
from swath.query import Page, Query, Record
from swath.settings import PageLimits
from swath.tasking import plans, requests
from swath.tasking.bounds import BoundsDraft
from swath.tasking.model import Candidate, Plan, Priority, StoredElements, TaskingRequest
from swath.tasking.plans import PlanDraft
from swath.tasking.ports import Store, UnitOfWork
from swath.tasking.requests import RequestDraft
from swath.tasking.rules import Rules


class Reference(Protocol):
    """Computes satellites and ground tracks from element sets, as of a time."""

    def find_satellites(
        self, query: Query, elements: Sequence[StoredElements], now: datetime
    ) -> Page[Any]: ...
    def satellite(
        self, name: str, elements: Sequence[StoredElements], now: datetime
    ) -> SatelliteNow | None: ...
    def find_tracks(self, query: Query, elements: Sequence[StoredElements], now: datetime) -> Page[Any]: ...
    def track(self, track_id: str, elements: Sequence[StoredElements], now: datetime) -> TrackRow | None: ...


R = TypeVar("R")
T = TypeVar("T")
SATELLITE_STEP_S = 10
# A revolution takes 95 minutes; only then another one begins and the last one ends.
TRACKS_KEPT_S = 60
# The newest element sets.
Elements = Callable[[], Sequence[StoredElements]]


def build_collections(
    store: Store,
    rules: Rules,
    reference: Reference,
    *,
    open_reference: bool = True,
    limits: PageLimits,
) -> tuple[Collection, ...]:
    """All collections, in the order in which they are listed."""
    elements = _read_elements(store)
    return (
        build_satellites(elements, reference, open_reference, limits.satellites),
        build_tracks(elements, reference, open_reference, limits.tracks),
        build_plans(store, rules, limits.plans),
        build_candidates(store, limits.candidates),
        build_requests(store, rules, limits.requests),
    )


def build_satellites(elements: Elements, reference: Reference, is_open: bool, max_limit: int) -> Collection:
    def find(query: Query, now: datetime) -> Page[Record[_Dated]]:
        at = _step(now)
        page = reference.find_satellites(query, elements(), at)
        return _as_records(page, lambda row: _Dated(row, at), at + timedelta(seconds=SATELLITE_STEP_S))

    def load(name: str, _: str | None, now: datetime) -> "_Dated | None":
        at = _step(now)
        row = reference.satellite(name, elements(), at)
        return None if row is None else _Dated(row, at)

    return Collection(
        id=SATELLITES,
        title="Satellites",
        description="Satellites that can be tasked; the geometry is the ground that each can reach now.",
        feature=wire.Satellite,
        queryables=SATELLITE_QUERYABLES,
        find=find,
        load=load,
        build=lambda row, links: features.build_satellite(row.row, row.now, links),
        max_limit=max_limit,
        open=is_open,
        kept_s=SATELLITE_STEP_S,
    )


def build_tracks(elements: Elements, reference: Reference, is_open: bool, max_limit: int) -> Collection:
    def find(query: Query, now: datetime) -> Page[Record[TrackRow]]:
        page = reference.find_tracks(query, elements(), now)
        return _as_records(page, lambda row: row, now + timedelta(seconds=TRACKS_KEPT_S))

    return Collection(
        id=TRACKS,
        title="Ground tracks",
        description="Where the satellites will pass over: one line a revolution, from the running one on.",
        feature=wire.GroundTrack,
        queryables=TRACK_QUERYABLES,
        find=find,
        load=lambda track_id, _, now: reference.track(track_id, elements(), now),
        build=features.build_track,
        max_limit=max_limit,
        open=is_open,
        kept_s=TRACKS_KEPT_S,
    )


def build_plans(store: Store, rules: Rules, max_limit: int) -> Collection:
    def find(query: Query, _: datetime) -> Page[Record[Plan]]:
        with store.read() as reader:
            return reader.find_plans(query)

    def load(plan_id: str, account_id: str | None, _: datetime) -> Plan:
        with store.read() as reader:
            return plans.find_plan(reader, plan_id, account_id)

    def make(uow: UnitOfWork, account_id: str, body: wire.NewPlan, now: datetime) -> Plan:
        return plans.create(uow, rules, account_id, _plan_draft(body), now)

    return Collection(
        id=PLANS,
        title="Plans",
        description="Areas and times of interest for which candidates are found; a plan promises nothing.",
        feature=wire.Plan,
        queryables=PLAN_QUERYABLES,
        find=find,
        load=load,
        build=features.build_plan,
        max_limit=max_limit,
        creation=Creation(wire.NewPlan, make, "Make a plan", build_new_plan),
        removal=Removal(plans.archive, "Archive a plan"),
    )


def build_candidates(store: Store, max_limit: int) -> Collection:
    def find(query: Query, now: datetime) -> Page[Record[Candidate]]:
        with store.read() as reader:
            return reader.find_candidates(query, now)

    def load(candidate_id: str, account_id: str | None, _: datetime) -> Candidate | None:
        with store.read() as reader:
            return reader.candidate(candidate_id, account_id)

    return Collection(
        id=CANDIDATES,
        title="Candidates",
        description="Possible captures of a plan; the geometry is the ground that one covers.",
        feature=wire.Candidate,
        queryables=CANDIDATE_QUERYABLES,
        find=find,
        load=load,
        build=features.build_candidate,
        max_limit=max_limit,
    )


def build_requests(store: Store, rules: Rules, max_limit: int) -> Collection:
    def find(query: Query, _: datetime) -> Page[Record[TaskingRequest]]:
        with store.read() as reader:
            return reader.find_requests(query)

    def load(request_id: str, account_id: str | None, _: datetime) -> TaskingRequest:
        with store.read() as reader:
            return requests.find_request(reader, request_id, account_id)

    def make(uow: UnitOfWork, account_id: str, body: wire.NewRequest, now: datetime) -> TaskingRequest:
        return requests.submit(uow, rules, account_id, _request_draft(body), now)

    return Collection(
        id=REQUESTS,
        title="Requests",
        description="Wishes for candidates, and what became of them.",
        feature=wire.TaskingRequest,
        queryables=REQUEST_QUERYABLES,
        find=find,
        load=load,
        build=features.build_request,
        max_limit=max_limit,
        creation=Creation(wire.NewRequest, make, "Ask for a capture", lambda _: NEW_REQUEST, (402, 404)),
    )


def build_new_plan(now: datetime) -> Mapping[str, Any]:
    """A plan that may be made at that time."""
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    ring = [[136.0, 35.9], [136.4, 35.9], [136.4, 36.2], [136.0, 36.2], [136.0, 35.9]]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "name": "Rice around Fukui",
            "valid_start": wire.format_time(start),
            "valid_end": wire.format_time(start + timedelta(days=13)),
            "off_nadir_range": [0, 25],
        },
    }


@dataclass(frozen=True)
class _Dated:
    """A row with the time for which it was computed."""

    row: SatelliteNow
    now: datetime


def _as_records(page: Page[R], to_value: Callable[[R], T], until: datetime) -> Page[Record[T]]:
    """Computed rows stay the same objects until they are computed again."""
    values = map(to_value, page.rows)
    return Page(tuple(Record(value, lambda value=value: value) for value in values), page.matched, until)


def _step(now: datetime) -> datetime:
    """The last full ten seconds: a satellite in a list is then the same as by itself a moment later."""
    return now.replace(second=now.second - now.second % SATELLITE_STEP_S, microsecond=0)


def _read_elements(store: Store) -> Elements:
    """Reads them again only when anything in the store has changed."""
    kept = Cache[Sequence[StoredElements]](1)

    def read() -> Sequence[StoredElements]:
        with store.read() as reader:
            return reader.elements()

    return lambda: kept.get(store.version(), read)


def _plan_draft(body: wire.NewPlan) -> PlanDraft:
    sent = body.properties
    return PlanDraft(
        name=sent.name,
        geometry=body.geometry,
        valid_start=sent.valid_start,
        valid_end=sent.valid_end,
        off_nadir_range=sent.off_nadir_range,
        satellites=sent.satellites,
    )


def _request_draft(body: wire.NewRequest) -> RequestDraft:
    sent = body.properties
    bounds = BoundsDraft(sent.valid_start, sent.valid_end, sent.off_nadir_range, sent.satellites)
    return RequestDraft(sent.name, sent.candidate_id, Priority(sent.priority), body.geometry, bounds)


NEW_REQUEST: Mapping[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Polygon", "coordinates": []},
    "properties": {
        "name": "Rice around Fukui",
        "candidate_id": "T3Bwb3J0dW5pdHlDYW5kaWRhdGU6OEFLckVYYTl6Z1lSekoyUA==",
        "priority": "NORMAL",
    },
}
