"""The simulated mission control against a door that remembers what it was told."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from swath.errors import Unavailable
from swath.simulator.control import SimulatedControl, build_view
from swath.simulator.door import OpsDoor, OpsRefused, parse_command
from swath.simulator.scenes import View

START = datetime(2026, 8, 23, 1, 30, tzinfo=UTC)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[136, 35.9], [136.6, 35.9], [136.6, 36.4], [136, 36.4], [136, 35.9]]],
}


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def command(name: str, hours: float = 0, **changes: Any) -> dict[str, Any]:
    """A capture whose command goes up three hours before its start; its scene comes down five hours after it."""
    return {
        "id": name,
        "request_id": f"request-{name}",
        "satellite": "GRUS-1A",
        "status": "COMMANDED",
        "reason": None,
        "start": at(hours),
        "end": at(hours + 0.01),
        "footprint": SQUARE,
        "cloud_percent": None,
        "uplinked": None,
        "expected_delivery": at(hours + 5.3),
        "downlink": {"start": at(hours + 5), "end": at(hours + 5.1)},
        **changes,
    }


@dataclass
class FakeDoor:
    """Keeps captures as the ops door would, and the story of what it was told."""

    captures: dict[str, dict[str, Any]] = field(default_factory=dict)
    uplinks: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    refuse: int = 0

    def add(self, *commands: dict[str, Any]) -> "FakeDoor":
        """Captures that go up with one contact, which ends six minutes after it began."""
        self.captures.update({entry["id"]: entry for entry in commands})
        first = datetime.fromisoformat(min(entry["start"] for entry in commands))
        start, end = (first - timedelta(hours=3), first - timedelta(hours=2.9))
        activities = [
            {"capture_id": entry["id"], "request_id": entry["request_id"], "start": entry["start"]}
            for entry in commands
        ]
        name = f"up-{len(self.uplinks)}"
        self.uplinks[name] = {
            "id": name,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "activities": activities,
        }
        return self

    def carried(self, *commands: dict[str, Any]) -> "FakeDoor":
        """Captures that are on board already."""
        self.captures.update({entry["id"]: {**entry, "uplinked": at(-2.9)} for entry in commands})
        return self

    def fault(self, name: str, kind: str, hours: float | None = None) -> "FakeDoor":
        self.faults.append({"request_id": f"request-{name}", "kind": kind, "hours": hours})
        return self

    def client(self) -> httpx.Client:
        return httpx.Client(base_url="http://ops.test", transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.refuse:
            self.refuse -= 1
            return httpx.Response(503, text="not now")
        if request.url.path == "/sandbox/faults":
            return httpx.Response(200, json={"faults": self.faults})
        if request.url.path == "/ops/v1/uplinks":
            assert request.url.params["status"] == "FROZEN"
            return httpx.Response(200, json={"uplinks": list(self.uplinks.values())})
        if request.method == "GET":
            return httpx.Response(200, json={"captures": self._listed(request)})
        return self._take(request)

    def _listed(self, request: httpx.Request) -> list[dict[str, Any]]:
        statuses = request.url.params["status"].split(",")
        of = request.url.params.get("request_id")
        return [
            c for c in self.captures.values() if c["status"] in statuses and of in (None, c["request_id"])
        ]

    def _take(self, request: httpx.Request) -> httpx.Response:
        *_, name, action = request.url.path.rstrip("/").split("/")
        if action == "acknowledge":
            return self._acknowledge(name, json.loads(request.content))
        if request.method == "PUT":
            name, part = request.url.path.split("/")[4], action
            self.told.append((name, part))
            return httpx.Response(200, json={})
        capture = self.captures[name]
        if action == "result":
            result = json.loads(request.content)
            capture["status"] = "CAPTURED" if result["outcome"] == "done" else "FAILED"
            capture["cloud_percent"] = result["cloud_percent"]
            self.told.append((name, result["outcome"]))
        if action == "downlink":
            self._take_downlink(capture, json.loads(request.content))
        return httpx.Response(200, json={})

    def _take_downlink(self, capture: dict[str, Any], said: dict[str, Any]) -> None:
        if said["outcome"] == "late":
            capture["expected_delivery"] = said["expected"]
        else:
            capture["status"] = "DOWNLINKED" if said["outcome"] == "done" else "FAILED"
            capture["reason"] = {"code": "SCENE_LOST"}
        self.told.append((capture["id"], "downlinked" if said["outcome"] == "done" else said["outcome"]))

    def _acknowledge(self, name: str, said: dict[str, Any]) -> httpx.Response:
        uplink = self.uplinks.pop(name)
        there = [activity["capture_id"] for activity in uplink["activities"]]
        carried = (
            [] if said["outcome"] == "missed" else there if said["captures"] is None else said["captures"]
        )
        code = "CONTACT_MISSED" if said["outcome"] == "missed" else "NOT_UPLINKED"
        for capture_id in there:
            lost = capture_id not in carried
            change = {"status": "FAILED", "reason": {"code": code}} if lost else {"uplinked": said["at"]}
            self.captures[capture_id] |= change
            self.told.append((capture_id, code if lost else "uplinked"))
        return httpx.Response(200, json={})


def camera(_: View) -> dict[str, bytes]:
    return {"pan": b"p", "msi": b"m", "udm": b"u"}


def control(door: FakeDoor, look: Callable[[View], dict[str, bytes]] = camera) -> SimulatedControl:
    return SimulatedControl(OpsDoor(door.client()), look)


CARRIED = [("a", "uplinked")]
HANDED_OVER = [*CARRIED, ("a", "done"), ("a", "pan"), ("a", "msi"), ("a", "udm"), ("a", "downlinked")]


def test_with_nothing_commanded_there_is_nothing_to_do():
    door = FakeDoor()
    assert control(door).next_event_at() is None
    control(door).run_until(START)
    assert door.told == []


def test_a_capture_goes_up_is_reported_when_it_ends_and_handed_over_when_its_downlink_ends():
    door = FakeDoor().add(command("a"))
    mission = control(door)
    assert mission.next_event_at() == START - timedelta(hours=2.9)
    mission.run_until(START - timedelta(hours=2.9))
    assert door.told == CARRIED
    assert mission.next_event_at() == START + timedelta(hours=0.01)
    mission.run_until(START + timedelta(hours=0.01))
    assert door.told == [*CARRIED, ("a", "done")]
    assert mission.next_event_at() == START + timedelta(hours=5.1)
    mission.run_until(START + timedelta(hours=5.1))
    assert door.told == HANDED_OVER
    assert mission.next_event_at() is None


def test_nothing_happens_before_its_time():
    door = FakeDoor().add(command("a"))
    control(door).run_until(START - timedelta(hours=2.91))
    assert door.told == []


def test_what_nobody_has_said_is_on_board_is_not_captured():
    door = FakeDoor().add(command("a"))
    door.uplinks.clear()
    assert control(door).next_event_at() is None


def test_a_contact_whose_end_nobody_knows_is_over_when_it_begins():
    door = FakeDoor().add(command("a"))
    door.uplinks["up-0"]["end"] = None
    assert control(door).next_event_at() == START - timedelta(hours=3)


def test_many_things_at_once_happen_in_time_order():
    door = FakeDoor().add(command("late", hours=2), command("a"))
    control(door).run_until(START + timedelta(days=1))
    order = [name for name, what in door.told if what in ("done", "downlinked")]
    assert order == ["a", "late", "a", "late"]


def test_a_mission_control_that_was_killed_goes_on_where_it_was():
    door = FakeDoor().add(command("a"))

    def broken(_: View) -> dict[str, bytes]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        control(door, broken).run_until(START + timedelta(days=1))
    assert door.told == [*CARRIED, ("a", "done")]
    control(door).run_until(START + timedelta(days=1))
    assert door.told == HANDED_OVER


def test_what_the_door_refuses_is_raised_and_said():
    door = FakeDoor(refuse=1).add(command("a"))
    with pytest.raises(OpsRefused, match="503: not now") as raised:
        control(door).next_event_at()
    # So that whoever moves time is told to come again, as the door told mission control.
    assert isinstance(raised.value, Unavailable)


def test_the_clouds_that_were_reported_are_those_in_the_scene():
    seen: list[View] = []
    door = FakeDoor().add(command("a"))
    control(door, lambda view: seen.append(view) or camera(view)).run_until(START + timedelta(days=1))
    assert seen[0].cloud_percent == door.captures["a"]["cloud_percent"]
    assert 0 <= seen[0].cloud_percent <= 40


def test_a_forced_cloud_makes_the_capture_useless():
    door = FakeDoor().add(command("a"), command("b")).fault("a", "cloud")
    control(door).run_until(START + timedelta(hours=1))
    assert door.told == [("a", "uplinked"), ("b", "uplinked"), ("a", "cloudy"), ("b", "done")]
    assert door.captures["a"]["cloud_percent"] >= 65


def test_a_forced_failure_makes_no_capture():
    door = FakeDoor().add(command("a")).fault("a", "capture_failure")
    control(door).run_until(START + timedelta(days=1))
    assert door.told == [*CARRIED, ("a", "failed")]


def test_a_late_delivery_is_announced_when_it_was_expected_and_comes_that_much_later():
    door = FakeDoor().add(command("a")).fault("a", "late_delivery", hours=10)
    mission = control(door)
    mission.run_until(START + timedelta(hours=6))
    assert door.told == [*CARRIED, ("a", "done"), ("a", "late")]
    assert door.captures["a"]["expected_delivery"] == at(15.1)
    assert mission.next_event_at() == START + timedelta(hours=15.1)
    mission.run_until(START + timedelta(hours=15.1))
    assert door.told[-1] == ("a", "downlinked")


def test_a_scene_that_is_lost_never_comes_and_that_once():
    door = FakeDoor().add(command("a")).fault("a", "scene_lost")
    mission = control(door)
    mission.run_until(START + timedelta(days=1))
    assert door.told == [*CARRIED, ("a", "done"), ("a", "lost")]
    door.add(command("again", hours=30, request_id="request-a"))
    mission.run_until(START + timedelta(days=2))
    assert door.told[-1] == ("again", "downlinked")


def test_a_missed_contact_takes_back_all_that_was_to_go_up_with_it():
    door = FakeDoor().add(command("a"), command("b", hours=1)).fault("a", "missed_contact")
    control(door).run_until(START + timedelta(days=1))
    assert door.told == [("a", "CONTACT_MISSED"), ("b", "CONTACT_MISSED")]


def test_a_rejected_command_stays_down_and_the_others_go_up():
    door = FakeDoor().add(command("a"), command("b", hours=1)).fault("a", "uplink_rejected")
    control(door).run_until(START + timedelta(hours=2))
    assert door.told == [("a", "NOT_UPLINKED"), ("b", "uplinked"), ("b", "done")]


@pytest.mark.parametrize(
    ("kind", "code"), [("missed_contact", "CONTACT_MISSED"), ("uplink_rejected", "NOT_UPLINKED")]
)
def test_that_befalls_a_request_only_once(kind: str, code: str):
    door = FakeDoor().add(command("a")).fault("a", kind)
    control(door).run_until(START)
    door.add(command("again", hours=20, request_id="request-a"))
    control(door).run_until(START + timedelta(hours=21))
    assert door.told == [("a", code), ("again", "uplinked"), ("again", "done")]


def test_a_capture_that_cannot_be_made_does_not_stop_the_others():
    door = FakeDoor().add(command("broken"), command("sound", hours=1))

    def look(view: View) -> dict[str, bytes]:
        if view.at == START:
            raise ZeroDivisionError
        return camera(view)

    mission = control(door, look)
    mission.run_until(START + timedelta(hours=20))
    assert ("sound", "downlinked") in door.told
    assert ("broken", "downlinked") not in door.told
    assert mission.next_event_at() is None


def test_a_capture_without_a_downlink_in_reach_waits():
    door = FakeDoor().carried(command("a", status="CAPTURED", cloud_percent=3.0, downlink=None))
    assert control(door).next_event_at() is None


def test_the_camera_sees_the_sun_of_the_place_and_moment():
    # Skyfield 1.55 with DE421, apparent place, no refraction, for 36.15 N 136.30 E at mid-capture.
    view = build_view(parse_command(command("a")))
    assert view.sun_elevation_deg == pytest.approx(58.437, abs=0.02)
    assert view.sun_azimuth_deg == pytest.approx(135.910, abs=0.03)
