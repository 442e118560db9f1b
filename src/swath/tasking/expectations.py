"""By when the images of a capture can be in the catalogue."""

from datetime import datetime, timedelta

from swath.clock import from_seconds, to_seconds
from swath.orbit.elements import from_omm
from swath.orbit.propagate import PropagationFailed
from swath.planning import first_downlink
from swath.tasking.model import Chance
from swath.tasking.ports import Reader
from swath.tasking.rules import Rules


def expect_delivery(reader: Reader, rules: Rules, chance: Chance) -> datetime | None:
    """When the first contact after a capture has brought its scene down and that was processed, by the newest elements.

    None when no such contact is in reach.
    """
    stored = next((s for s in reader.elements() if s.satellite == chance.satellite), None)
    if stored is None:
        return None
    try:
        contact = first_downlink(from_omm(stored.omm), rules.fleet.stations, to_seconds(chance.end))
    except PropagationFailed:
        return None
    return None if contact is None else add_processing(rules, from_seconds(contact.end_s))


def add_processing(rules: Rules, on_ground: datetime) -> datetime:
    """When the images of a scene that is on the ground by then are in the catalogue."""
    return on_ground + timedelta(seconds=rules.fleet.limits.processing_s)
