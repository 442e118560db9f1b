"""What mission control reads of an uplink: the contact, its commands in order, and how to turn between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, degrees, dist, radians, sin

from typing_extensions import TypedDict

from swath.ops.contacts import find_uplink_contact
from swath.ops.documents import ChanceDocument, TimeText, build_chance, build_contact
from swath.orbit.elements import Elements
from swath.tasking.captures import capture_id_of
from swath.tasking.model import Acknowledgement, Activity, Capture, Chance, Schedule
from swath.tasking.ports import Reader
from swath.tasking.rules import Rules
from swath.tasking.uplinks import Uplink
from swath.wire import format_time


class TurnDocument(TypedDict):
    """How the satellite turns before an activity: by which angle, for how long with settling, and what time is left.

    `after` is the capture that it turns from; null, with no time left to tell, when nothing is planned before.
    """

    after: str | None
    angle_deg: float | None
    seconds: float | None
    spare_s: float | None


class CommandDocument(ChanceDocument):
    """One capture to be commanded. Its `status` is PROVISIONAL until the freeze, and then that of the capture."""

    capture_id: str
    request_id: str
    priority: str | None
    status: str
    uplinked: TimeText | None
    turn: TurnDocument


class AcknowledgementDocument(TypedDict):
    """What mission control has said of the contact."""

    outcome: str
    at: TimeText
    uplinked: Sequence[str]
    given_up: Sequence[str]
    message: str


class UplinkDocument(TypedDict):
    """A contact that carries commands; station and end are null when the present elements know no such contact."""

    id: str
    satellite: str
    status: str
    station: str | None
    start: TimeText
    end: TimeText | None
    max_elevation_deg: float | None
    freezes: TimeText
    activities: Sequence[CommandDocument]
    acknowledged: AcknowledgementDocument | None


class UplinkList(TypedDict):
    """Uplinks, by start."""

    uplinks: Sequence[UplinkDocument]
    numberReturned: int


@dataclass(frozen=True)
class Turns:
    """Tells how satellites turn between all that a schedule has for each: `lanes` by satellite, in order of time."""

    lanes: Mapping[str, Sequence[Activity]]
    rules: Rules

    @classmethod
    def of(cls, schedule: Schedule, rules: Rules) -> "Turns":
        lanes: dict[str, list[Activity]] = {}
        for line in sorted(schedule.activities, key=lambda line: line.chance.start):
            lanes.setdefault(line.chance.satellite, []).append(line)
        return cls(lanes, rules)

    def before(self, chance: Chance) -> TurnDocument:
        """The turn from the last activity that ends before this one starts."""
        earlier = [a for a in self.lanes.get(chance.satellite, ()) if a.chance.end <= chance.start]
        satellite = self.rules.fleet.satellites.get(chance.satellite)
        if not earlier or satellite is None:
            return {"after": None, "angle_deg": None, "seconds": None, "spare_s": None}
        last = earlier[-1]
        angle_deg = compute_turn_deg(last.chance, chance)
        seconds = satellite.agility.settle_s + angle_deg / satellite.agility.slew_rate_deg_s
        return {
            "after": capture_id_of(last.request_id, last.chance),
            "angle_deg": round(angle_deg, 3),
            "seconds": round(seconds, 3),
            "spare_s": round((chance.start - last.chance.end).total_seconds() - seconds, 3),
        }


def compute_turn_deg(a: Chance, b: Chance) -> float:
    """The angle between two lines of sight: pitch turns the scan plane, roll the line of sight within it."""
    u, v = _look(a), _look(b)
    return degrees(2 * asin(min(1.0, dist(u, v) / 2)))


def build_uplink(
    reader: Reader, rules: Rules, uplink: Uplink, elements: Elements | None, turns: Turns
) -> UplinkDocument:
    """An uplink with all that goes with it, by start."""
    contact = None if elements is None else find_uplink_contact(elements, rules.fleet.stations, uplink.start)
    lines = [
        *(_build_capture(reader, capture, turns) for capture in uplink.captures),
        *(_build_line(line, turns) for line in uplink.provisional),
    ]
    told = build_contact(contact) if contact else None
    return {
        "id": uplink.id,
        "satellite": uplink.satellite,
        "status": uplink.status,
        "station": told and told["station"],
        "start": told["start"] if told else format_time(uplink.start),
        "end": told and told["end"],
        "max_elevation_deg": told and told["max_elevation_deg"],
        "freezes": format_time(uplink.freezes),
        "activities": sorted(lines, key=lambda line: line["start"]),
        "acknowledged": uplink.acknowledgement and _build_acknowledgement(uplink.acknowledgement),
    }


def _look(chance: Chance) -> tuple[float, float, float]:
    roll, pitch = radians(chance.roll_deg), radians(chance.pitch_deg)
    return cos(roll) * sin(pitch), sin(roll), cos(roll) * cos(pitch)


def _build_capture(reader: Reader, capture: Capture, turns: Turns) -> CommandDocument:
    request = reader.request(capture.request_id)
    return {
        "capture_id": capture.id,
        "request_id": capture.request_id,
        "priority": request and request.priority,
        "status": capture.status,
        "uplinked": format_time(capture.uplinked) if capture.uplinked else None,
        **build_chance(capture.chance),
        "turn": turns.before(capture.chance),
    }


def _build_line(line: Activity, turns: Turns) -> CommandDocument:
    return {
        "capture_id": capture_id_of(line.request_id, line.chance),
        "request_id": line.request_id,
        "priority": line.priority,
        "status": "PROVISIONAL",
        "uplinked": None,
        **build_chance(line.chance),
        "turn": turns.before(line.chance),
    }


def _build_acknowledgement(told: Acknowledgement) -> AcknowledgementDocument:
    return {
        "outcome": told.outcome,
        "at": format_time(told.at),
        "uplinked": told.carried,
        "given_up": told.lost,
        "message": told.message,
    }
