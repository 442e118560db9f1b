"""Contacts: when a satellite can talk to ground stations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from swath.access.flight import Flight
from swath.access.limits import Limits
from swath.access.look import Floats, Targets, build_targets
from swath.access.search import Search, check_range
from swath.access.spans import Spans
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
    check_range(start_s, end_s)
    places, limits = _places_of(stations), _limits_of(stations)
    found = Search(elements, start_s, end_s).find(places, limits)
    return _in_order([contact for spans in found for contact in _name(stations, spans)])


class StationWatch:
    """Contacts of one satellite with stations, looked for only where they are asked for."""

    def __init__(
        self, elements: Elements, stations: Sequence[GroundStation], start_s: float, end_s: float
    ) -> None:
        self._stations, self._places, self._limits = stations, _places_of(stations), _limits_of(stations)
        self._flight = Flight(elements, start_s, end_s)

    def find_within(self, windows_s: Floats) -> tuple[Contact, ...]:
        """Contacts around any of the windows (K, 2), POSIX seconds, in order of their starts; others may come along.

        Only those that touch the watch's own range. Raises PropagationFailed.
        """
        spans = self._flight.find_spans(self._places, self._limits, windows_s=windows_s)
        return _in_order(list(_name(self._stations, spans)))


def _places_of(stations: Sequence[GroundStation]) -> Targets:
    return build_targets(
        np.array([station.lon_deg for station in stations]),
        np.array([station.lat_deg for station in stations]),
        np.array([station.height_m for station in stations]),
    )


def _limits_of(stations: Sequence[GroundStation]) -> Limits:
    return Limits(np.array([station.min_elevation_deg for station in stations], float))


def _name(stations: Sequence[GroundStation], spans: Spans) -> Iterator[Contact]:
    highest_deg = np.degrees(np.arcsin(np.clip(spans.sin_elevation, -1.0, 1.0)))
    columns = (column.tolist() for column in (spans.place, spans.rise_s, spans.set_s, highest_deg))
    return (Contact(stations[i].id, *times_and_height) for i, *times_and_height in zip(*columns, strict=True))


def _in_order(contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    return tuple(sorted(contacts, key=lambda contact: (contact.start_s, contact.station)))
