"""Contacts as mission control asks for them: of one satellite in a time range, and those a capture depends on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from swath.access import Contact, find_contacts_with_all
from swath.clock import from_seconds, to_seconds
from swath.errors import NotFound
from swath.orbit.elements import Elements, from_omm
from swath.planning import first_downlink
from swath.tasking.model import Capture
from swath.tasking.ports import Reader
from swath.tasking.rules import Rules

# Fresher elements move a contact's start by less than this; contacts of one satellite are never so close.
SAME_CONTACT = timedelta(minutes=2)


@dataclass(frozen=True)
class Needs:
    """The contacts of a capture: by when its command must be ready, when that goes up, and when the scene
    comes down.

    `uplink` is None when the present elements know no such contact, `downlink` when none is in reach.
    """

    uplink_start: datetime
    uplink: Contact | None
    downlink: Contact | None


def newest_elements(reader: Reader) -> Mapping[str, Elements]:
    """The newest element set of each satellite, however old: what is in orbit must be talked to all the same."""
    return {stored.satellite: from_omm(stored.omm) for stored in reader.elements()}


def find_contacts_between(
    rules: Rules, elements: Elements, start: datetime, end: datetime
) -> Sequence[Contact]:
    """A satellite's contacts with all stations that touch [start, end), by start."""
    return find_contacts_with_all(elements, rules.fleet.stations, to_seconds(start), to_seconds(end))


def find_satellite(rules: Rules, name: str) -> str:
    """The id of the satellite of that name in any letter case. Raises NotFound naming the fleet."""
    found = rules.fleet.find(name)
    if found is None:
        raise NotFound(
            f"There is no satellite {name[:80]!r}; the fleet has {', '.join(rules.fleet.satellites)}."
        )
    return found.id


def elements_of(elements: Mapping[str, Elements], satellite: str) -> Elements:
    """The satellite's elements. Raises NotFound, naming the cure."""
    found = elements.get(satellite)
    if found is None:
        raise NotFound(f"There is no element set of {satellite}; `swath elements import FILE` brings one.")
    return found


def build_needs(rules: Rules) -> Callable[[Capture, Elements | None], Needs]:
    """A function that finds what a capture needs; it remembers answers, for its callers ask again and again."""
    lead = timedelta(seconds=rules.fleet.limits.command_lead_s)

    @lru_cache(maxsize=512)
    def find(uplink_by: datetime, end: datetime, elements: Elements) -> Needs:
        start = uplink_by + lead
        downlink = first_downlink(elements, rules.fleet.stations, to_seconds(end))
        return Needs(start, _find_uplink(rules, elements, start), downlink)

    def find_needs(capture: Capture, elements: Elements | None) -> Needs:
        if elements is None:
            return Needs(capture.chance.uplink_by + lead, None, None)
        return find(capture.chance.uplink_by, capture.chance.end, elements)

    return find_needs


def _find_uplink(rules: Rules, elements: Elements, start: datetime) -> Contact | None:
    """The uplink contact that starts closest to a time."""
    up = {station.id for station in rules.fleet.stations if station.uplink}
    near = find_contacts_between(rules, elements, start - SAME_CONTACT, start + SAME_CONTACT)
    off = {contact: abs(from_seconds(contact.start_s) - start) for contact in near if contact.station in up}
    closest = min(off, key=off.__getitem__, default=None)
    return closest if closest is not None and off[closest] < SAME_CONTACT else None
