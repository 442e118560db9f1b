"""Contacts as mission control asks for them: of one satellite in a time range, and those a capture depends
on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from swath.access import Contact, find_contacts
from swath.clock import from_seconds, to_seconds
from swath.errors import NotFound
from swath.fleet import GroundStation
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
    """The newest element set of each satellite, however old: what is in orbit must be talked to all the
    same.
    """
    return {stored.satellite: from_omm(stored.omm) for stored in reader.elements()}


def find_contacts_between(
    rules: Rules, elements: Mapping[str, Elements], satellite: str, start: datetime, end: datetime
) -> Sequence[Contact]:
    """A satellite's contacts with all stations that begin or end in [start, end), by start. Raises
    NotFound.
    """
    mine = elements_of(elements, satellite)
    found = (
        contact
        for station in _stations(rules)
        for contact in find_contacts(mine, station, to_seconds(start), to_seconds(end))
    )
    return sorted(found, key=lambda contact: contact.start_s)


def find_satellite(rules: Rules, name: str) -> str:
    """The id of the satellite of that name in any letter case. Raises NotFound naming the fleet."""
    found = rules.fleet.find(name)
    if found is None:
        raise NotFound(f"There is no satellite {name!r}; the fleet has {', '.join(rules.fleet.satellites)}.")
    return found.id


def elements_of(elements: Mapping[str, Elements], satellite: str) -> Elements:
    """The satellite's elements. Raises NotFound, naming the cure."""
    found = elements.get(satellite)
    if found is None:
        raise NotFound(f"There is no element set of {satellite}; `swath elements import FILE` brings one.")
    return found


def build_needs(rules: Rules) -> Callable[[Capture, Elements | None], Needs]:
    """A function that finds what a capture needs; it remembers the last ones, for its callers ask again and
    again.
    """
    lead = timedelta(seconds=rules.fleet.limits.command_lead_s)

    @lru_cache(maxsize=512)
    def find_needs(satellite: str, uplink_by: datetime, end: datetime, elements: Elements | None) -> Needs:
        start = uplink_by + lead
        if elements is None:
            return Needs(start, None, None)
        near = find_contacts_between(
            rules, {satellite: elements}, satellite, start - SAME_CONTACT, start + SAME_CONTACT
        )
        same = [contact for contact in near if abs(from_seconds(contact.start_s) - start) < SAME_CONTACT]
        return Needs(
            start, same[0] if same else None, first_downlink(elements, _stations(rules), to_seconds(end))
        )

    def find(capture: Capture, elements: Elements | None) -> Needs:
        chance = capture.chance
        return find_needs(chance.satellite, chance.uplink_by, chance.end, elements)

    return find


def _stations(rules: Rules) -> Sequence[GroundStation]:
    return rules.fleet.stations
