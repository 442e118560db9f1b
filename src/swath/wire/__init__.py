"""What travels between swath and its clients, as pydantic models: drafts are sent, documents are read.

Imports nothing else of swath, so that the SDK stays light.
"""

from swath.wire.accounts import (
    AccountList,
    AccountRecord,
    ClientRecord,
    Funds,
    Issued,
    KeyRecord,
    LiveSecret,
    NewAccount,
    NewClient,
    NewCredits,
    NewSecret,
)
from swath.wire.candidates import Candidate, CandidateProperties
from swath.wire.durations import DURATION, parse_duration
from swath.wire.geojson import Document, Draft, Feature, FeaturePage, Geometry, Link, Linked
from swath.wire.history import History, HistoryEntry, Standing
from swath.wire.plans import NewPlan, NewPlanProperties, Plan, PlanProperties, PlanStatus, Reason
from swath.wire.problems import BrokenRule, Problem, Token
from swath.wire.reference import (
    Band,
    GroundTrack,
    GroundTrackProperties,
    Satellite,
    SatelliteProperties,
)
from swath.wire.requests import (
    Account,
    NewRequest,
    NewRequestProperties,
    Priority,
    RequestProperties,
    RequestStatus,
    TaskingRequest,
    empty_polygon,
)
from swath.wire.times import Time, format_time, parse_instant, parse_time

__all__ = [
    "DURATION",
    "Account",
    "AccountList",
    "AccountRecord",
    "Band",
    "BrokenRule",
    "Candidate",
    "CandidateProperties",
    "ClientRecord",
    "Document",
    "Draft",
    "Feature",
    "FeaturePage",
    "Funds",
    "Geometry",
    "GroundTrack",
    "GroundTrackProperties",
    "History",
    "HistoryEntry",
    "Issued",
    "KeyRecord",
    "Link",
    "Linked",
    "LiveSecret",
    "NewAccount",
    "NewClient",
    "NewCredits",
    "NewPlan",
    "NewPlanProperties",
    "NewRequest",
    "NewRequestProperties",
    "NewSecret",
    "Plan",
    "PlanProperties",
    "PlanStatus",
    "Priority",
    "Problem",
    "Reason",
    "RequestProperties",
    "RequestStatus",
    "Satellite",
    "SatelliteProperties",
    "Standing",
    "TaskingRequest",
    "Time",
    "Token",
    "empty_polygon",
    "format_time",
    "parse_duration",
    "parse_instant",
    "parse_time",
]
