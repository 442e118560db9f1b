"""From the command to the catalogue: the simulated mission control at the real door, and delivery behind it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from tests.ops.ops_world import Door, camera, capture_of, command, open_door

from swath.delivery.deliver import deliver
from swath.query import Query
from swath.simulator.control import SimulatedControl
from swath.simulator.door import OpsDoor
from swath.store.database import SqlStore
from swath.tasking.model import Account, CaptureStatus, DueKind, DueWork, RequestStatus
from swath.tasking.rules import Rules

pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


@pytest.fixture
def faults() -> list[dict[str, object]]:
    return []


@pytest.fixture
def door(
    store: SqlStore, rules: Rules, now: datetime, tmp_path: Path, faults: list[dict[str, object]]
) -> Door:
    made = open_door(store, rules, now, tmp_path)
    router = APIRouter()
    router.add_api_route("/sandbox/faults", lambda: {"faults": faults})
    assert isinstance(made.http.app, FastAPI)
    made.http.app.include_router(router)
    return made


@pytest.fixture
def control(door: Door) -> SimulatedControl:
    return SimulatedControl(OpsDoor(door.http), camera)  # type: ignore[arg-type]


def delivery_of(door: Door, capture_id: str) -> DueWork:
    with door.store.read() as reader:
        due = [d for d in reader.all_due(door.clock.now() + timedelta(days=9)) if d.kind == DueKind.DELIVER]
    (found,) = [d for d in due if d.subject == capture_id]
    return found


def test_a_commanded_capture_ends_as_an_item_in_the_catalogue(
    door: Door, control: SimulatedControl, account: Account
):
    request = command(door, account.id)
    capture_id = capture_of(request)
    uplinked = control.next_event_at()
    assert uplinked is not None
    assert request.chances[0].uplink_by < uplinked < request.chances[0].start
    control.run_until(uplinked)
    assert control.next_event_at() == request.chances[0].end
    control.run_until(request.chances[0].end + timedelta(days=2))
    due = delivery_of(door, capture_id)
    for _ in range(2):
        # The second time changes nothing.
        deliver(door.store, door.rules, door.assets, due, door.clock.now() + timedelta(hours=20))
    with door.store.read() as reader:
        (item,) = (record.value for record in reader.find_items(Query(account_id=account.id)).rows)
        done, capture, balance = (
            reader.request(request.id),
            reader.capture(capture_id),
            reader.balance(account.id),
        )
    assert done is not None
    assert capture is not None
    assert (done.status, done.capture_id) == (RequestStatus.DATA_AVAILABLE, capture_id)
    assert capture.status == CaptureStatus.DELIVERED
    assert (balance.held, balance.charged) == (0, 1)
    assert item.capture_id == capture_id
    assert item.document["properties"]["eo:cloud_cover"] == pytest.approx(capture.cloud_percent, abs=2)
    assert set(door.assets.list("images/")) == {asset["href"] for asset in item.document["assets"].values()}


def test_a_forced_cloud_gives_the_credit_back(
    door: Door, control: SimulatedControl, account: Account, faults: list[dict[str, object]]
):
    request = command(door, account.id)
    faults.append({"request_id": request.id, "kind": "cloud", "hours": None})
    door.clock.at = request.chances[0].end
    control.run_until(request.chances[0].end)
    with door.store.read() as reader:
        failed, balance = reader.request(request.id), reader.balance(account.id)
    assert failed is not None
    assert failed.reason is not None
    assert (failed.status, failed.reason.code) == (RequestStatus.FAILED, "TOO_CLOUDY")
    assert (balance.held, balance.charged) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "code"), [("missed_contact", "CONTACT_MISSED"), ("uplink_rejected", "NOT_UPLINKED")]
)
def test_a_command_that_does_not_go_up_is_given_up_once(
    door: Door,
    control: SimulatedControl,
    account: Account,
    faults: list[dict[str, object]],
    kind: str,
    code: str,
):
    request = command(door, account.id)
    faults.append({"request_id": request.id, "kind": kind, "hours": None})
    control.run_until(request.chances[0].start)
    with door.store.read() as reader:
        lost = reader.capture(capture_of(request))
    assert lost is not None
    assert lost.reason is not None
    assert (lost.status, lost.reason.code) == (CaptureStatus.FAILED, code)
    assert control.next_event_at() is None
