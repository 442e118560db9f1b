"""What mission control says at its door, and what it reads there."""

from datetime import timedelta
from typing import Any

import httpx2
from tests.delivery.delivery_scenes import make_parts
from tests.ops.ops_world import Door
from tests.tasking_world import AREA

from swath.tasking.model import RequestStatus, TaskingRequest

ROOT = "/ops/v1"


PARTS = make_parts(longest_px=64, footprint=AREA)


def report(door: Door, capture_id: str, outcome: str = "done", **changes: Any) -> httpx2.Response:
    at = (door.clock.now() + timedelta(days=2)).isoformat()
    body = {"outcome": outcome, "cloud_percent": 12.5, "at": at, **changes}
    return door.http.post(f"{ROOT}/captures/{capture_id}/result", json=body)


def downlink(door: Door, capture_id: str, outcome: str = "done", **told: Any) -> httpx2.Response:
    body = {"outcome": outcome, **told}
    return door.http.post(f"{ROOT}/captures/{capture_id}/downlink", json=body)


def put(door: Door, capture_id: str, part: str, body: bytes | None = None) -> httpx2.Response:
    return door.http.put(f"{ROOT}/captures/{capture_id}/scene/{part}", content=body or PARTS[part])


def listed(door: Door, **params: str) -> list[dict[str, Any]]:
    answer = door.http.get(f"{ROOT}/captures", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["captures"]


def entry_of(door: Door, capture_id: str) -> dict[str, Any]:
    answer = door.http.get(f"{ROOT}/captures/{capture_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def status_of(door: Door, request: TaskingRequest) -> RequestStatus:
    with door.store.read() as reader:
        found = reader.request(request.id)
    assert found is not None
    return found.status
