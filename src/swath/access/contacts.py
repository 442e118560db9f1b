"""Contacts: when a satellite can talk to ground stations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from swath.access.limits import Limits
from swath.access.look import build_targets
from swath.access.search import Search, check_range
from swath.fleet import GroundStation
from swath.orbit.elements import Elements


@dataclass(frozen=True)
class Contact:
    """The satellite is above a station's least elevation in [start, end), POSIX seconds."""

    station: str
    start_s: float
    end_s: float
    max_elevation_deg: float


def find_contacts(
    elements: Elements, station: GroundStation, start_s: float, end_s: float
) -> tuple[Contact, ...]:
    """Contacts with one station that touch [start, end), with their true starts and ends, in order of time.

    Raises Invalid when the end is not after the start, PropagationFailed when SGP4 gives no position.
    """
    return find_contacts_with_all(elements, [station], start_s, end_s)


def find_contacts_with_all(
    elements: Elements, stations: Sequence[GroundStation], start_s: float, end_s: float
) -> tuple[Contact, ...]:
    """Contacts with any of the stations that touch [start, end), in order of their starts; as `find_contacts`."""
    places = build_targets(
        np.array([station.lon_deg for station in stations]),
        np.array([station.lat_deg for station in stations]),
        np.array([station.height_m for station in stations]),
    )
    limits = Limits(np.array([station.min_elevation_deg for station in stations], float))
    check_range(start_s, end_s)
    found = [
        Contact(stations[i].id, float(rise), float(fall), float(np.degrees(np.arcsin(sine))))
        for spans in Search(elements, start_s, end_s).find(places, limits)
        for i, rise, fall, sine in zip(
            spans.place, spans.rise_s, spans.set_s, spans.sin_elevation, strict=True
        )
    ]
    return tuple(sorted(found, key=lambda contact: (contact.start_s, contact.station)))
