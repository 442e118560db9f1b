"""A mission control that is not real: makes the commanded captures happen, each at its own time.

It keeps no state: what is to be done follows from the ops door alone, so it may be stopped and started
anywhere. A report that was sent but not answered is simply sent again.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np

from swath.clock import to_seconds
from swath.geo.polygons import bounding_cap
from swath.orbit.sun import sun_angles
from swath.simulator.door import Command, FaultKind, OpsDoor, OpsRefused, PlannedFault, Uplink
from swath.simulator.scenes import View, build_scene
from swath.simulator.sky import compute_cloud_percent, compute_storm_percent

log = logging.getLogger(__name__)

# What shall go wrong with one request.
Faults = Mapping[FaultKind, PlannedFault]
Camera = Callable[[View], Mapping[str, bytes]]


@dataclass(frozen=True)
class Event:
    """Something mission control does at a time, for a capture or an uplink."""

    subject: str
    at: datetime
    act: Callable[[], None]


class SimulatedControl:
    """Acknowledges uplinks when their contacts end, reports what became of captures, and hands over their scenes."""

    def __init__(self, door: OpsDoor, camera: Camera = build_scene) -> None:
        self._door, self._camera = door, camera
        self._set_aside: set[str] = set()

    def next_event_at(self) -> datetime | None:
        """When it has something to do next; None while nothing is commanded or on board."""
        return min((event.at for event in self._find_events()), default=None)

    def run_until(self, now: datetime) -> None:
        """Do everything that is to be done until `now`, in time order. Raises OpsRefused."""
        while due := [event for event in self._find_events() if event.at <= now]:
            self._act(min(due, key=lambda event: event.at))

    def _find_events(self) -> Sequence[Event]:
        uplinks, commands = self._door.find_uplinks(), self._door.find_pending()
        if not uplinks and not commands:
            return []
        faults = _by_request(self._door.find_faults())
        found = [
            *(self._acknowledgement_of(uplink, faults) for uplink in uplinks),
            *(self._event_of(command, faults.get(command.request_id, {})) for command in commands),
        ]
        return [event for event in found if event is not None and event.subject not in self._set_aside]

    def _act(self, event: Event) -> None:
        """One capture that cannot be made must not stop the world of all others: it waits for the next start."""
        try:
            event.act()
        except OpsRefused:
            raise
        except Exception:
            log.exception("a capture is set aside", extra={"capture": event.subject})
            self._set_aside.add(event.subject)

    def _acknowledgement_of(self, uplink: Uplink, faults: Mapping[str, Faults]) -> Event:
        return Event(uplink.id, uplink.done, partial(self._acknowledge, uplink, faults))

    def _event_of(self, command: Command, faults: Faults) -> Event | None:
        if command.status == "CAPTURED":
            return self._handover_of(command, faults)
        if not command.uplinked:
            return None
        return Event(command.id, command.end, partial(self._capture, command, faults))

    def _handover_of(self, command: Command, faults: Faults) -> Event | None:
        if command.downlink is None:
            return None
        at = command.downlink.end
        if "scene_lost" in faults and not self._door.had(command.request_id, "SCENE_LOST"):
            return Event(command.id, at, partial(self._door.report_downlink, command.id, "lost"))
        if late := faults.get("late_delivery"):
            delayed = at + late.delay
            if command.expected is None or command.expected < delayed:
                return Event(command.id, at, partial(self._door.report_downlink, command.id, "late", delayed))
            at = delayed
        return Event(command.id, at, partial(self._hand_over, command))

    def _acknowledge(self, uplink: Uplink, faults: Mapping[str, Faults]) -> None:
        """A contact is missed, or a command rejected, once for each request that shall have that."""
        if self._befalls(uplink, faults, "missed_contact", "CONTACT_MISSED"):
            self._door.acknowledge(uplink.id, "missed", uplink.done)
            return
        rejected = self._befalls(uplink, faults, "uplink_rejected", "NOT_UPLINKED")
        carried = [capture for capture in uplink.requests if capture not in rejected]
        self._door.acknowledge(uplink.id, "uplinked", uplink.done, carried if rejected else None)

    def _befalls(
        self, uplink: Uplink, faults: Mapping[str, Faults], kind: FaultKind, code: str
    ) -> Sequence[str]:
        """The captures of an uplink whose requests shall have that fault and have not had it yet."""
        return [
            capture
            for capture, request in uplink.requests.items()
            if kind in faults.get(request, {}) and not self._door.had(request, code)
        ]

    def _capture(self, command: Command, faults: Faults) -> None:
        """Each of the faults happens once: what is captured again goes well."""
        if "capture_failure" in faults and not self._door.had(command.request_id, "CAPTURE_FAILED"):
            message = "The camera did not answer; the capture was not made."
            self._door.report_result(command.id, "failed", None, command.end, message)
        elif "cloud" in faults and not self._door.had(command.request_id, "TOO_CLOUDY"):
            self._door.report_result(command.id, "cloudy", compute_storm_percent(command.id), command.end)
        else:
            self._door.report_result(command.id, "done", _find_cloud_percent(command), command.end)

    def _hand_over(self, command: Command) -> None:
        self._door.hand_over(command.id, self._camera(build_view(command)))


def build_view(command: Command) -> View:
    """What the camera sees of a capture: the Sun stands as it does in the middle of the footprint at mid-capture."""
    middle = command.start + (command.end - command.start) / 2
    lon, lat, _ = bounding_cap(command.footprint)
    elevation, azimuth = sun_angles(np.array([to_seconds(middle)]), lon, lat)
    return View(
        footprint=command.footprint,
        at=command.start,
        sun_elevation_deg=float(np.squeeze(elevation)),
        sun_azimuth_deg=float(np.squeeze(azimuth)),
        cloud_percent=_find_cloud_percent(command)
        if command.cloud_percent is None
        else command.cloud_percent,
    )


def _by_request(faults: Iterable[PlannedFault]) -> Mapping[str, Faults]:
    found: dict[str, dict[FaultKind, PlannedFault]] = {}
    for fault in faults:
        found.setdefault(fault.request_id, {})[fault.kind] = fault
    return found


def _find_cloud_percent(command: Command) -> float:
    lon, lat, _ = bounding_cap(command.footprint)
    return compute_cloud_percent(lon, lat, command.start)
