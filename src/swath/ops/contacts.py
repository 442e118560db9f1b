"""Contacts as mission control asks for them: of one satellite in a time range, and those a capture depends on."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from swath.access import Contact, find_contacts_with_all
from swath.clock import from_seconds, to_seconds
from swath.errors import NotFound
from swath.fleet import GroundStation
from swath.orbit.elements import Elements, from_omm
from swath.orbit.propagate import PropagationFailed
from swath.planning import first_downlink
from swath.tasking.ports import Reader
from swath.tasking.rules import Rules
from swath.tasking.uplinks import SAME_CONTACT

KEPT = 512
Stations = tuple[GroundStation, ...]


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


# What follows is kept, for callers ask again and again. A satellite that has come down by its elements has no contacts.


@lru_cache(maxsize=KEPT)
def find_downlink(elements: Elements, stations: Stations, end: datetime) -> Contact | None:
    """The first contact after a capture's end that can bring its scene down; None when none is in reach."""
    with suppress(PropagationFailed):
        return first_downlink(elements, stations, to_seconds(end))
    return None


@lru_cache(maxsize=KEPT)
def find_uplink_contact(elements: Elements, stations: Stations, start: datetime) -> Contact | None:
    """The uplink contact that starts closest to a time; None when there is none within two minutes of it."""
    up = [station for station in stations if station.uplink]
    span = to_seconds(start - SAME_CONTACT), to_seconds(start + SAME_CONTACT)
    near: Sequence[Contact] = ()
    with suppress(PropagationFailed):
        near = find_contacts_with_all(elements, up, *span)
    off = {contact: abs(from_seconds(contact.start_s) - start) for contact in near}
    closest = min(off, key=off.__getitem__, default=None)
    return closest if closest is not None and off[closest] < SAME_CONTACT else None
