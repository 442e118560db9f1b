"""What tasking is about: frozen values and their statuses; which steps those may take says `swath.tasking.machine`.

Times are aware UTC datetimes, angles degrees, geometries shapely in CRS84 (lon, lat), already cut at the
antimeridian as RFC 7946 asks. Ids are wire ids (`swath.ids`).
"""

from swath.tasking.model.accounts import Account, ApiClient, Balance, ClientSecret, Entry, EntryKind
from swath.tasking.model.captures import Acknowledgement, Capture, CaptureStatus, CatalogItem, UplinkOutcome
from swath.tasking.model.changes import DueKind, DueWork, Event, Reason, Standing
from swath.tasking.model.plans import Candidate, Chance, Plan, PlanStatus, StoredElements
from swath.tasking.model.requests import Priority, RequestStatus, TaskingRequest
from swath.tasking.model.schedules import Activity, Schedule, change_lines, group_lines

__all__ = [
    "Account",
    "Acknowledgement",
    "Activity",
    "ApiClient",
    "Balance",
    "Candidate",
    "Capture",
    "CaptureStatus",
    "CatalogItem",
    "Chance",
    "ClientSecret",
    "DueKind",
    "DueWork",
    "Entry",
    "EntryKind",
    "Event",
    "Plan",
    "PlanStatus",
    "Priority",
    "Reason",
    "RequestStatus",
    "Schedule",
    "Standing",
    "StoredElements",
    "TaskingRequest",
    "UplinkOutcome",
    "change_lines",
    "group_lines",
]
