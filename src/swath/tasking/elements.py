"""Takes element sets in: keeps every set, and has open plans searched again when newer ones arrive."""

from collections.abc import Sequence
from datetime import datetime

from swath.orbit.elements import Elements, to_omm
from swath.tasking.candidates import refresh_all
from swath.tasking.model import StoredElements
from swath.tasking.ports import UnitOfWork
from swath.tasking.rules import Rules


def import_elements(
    uow: UnitOfWork, rules: Rules, sets: Sequence[Elements], source: str, now: datetime
) -> tuple[StoredElements, ...]:
    """Keep the sets that belong to satellites of the fleet and return those that are newer than what was there, or
    correct the newest. Sets that are known already change nothing.

    Satellites are told apart by catalogue number; names in files differ.
    """
    newest = {stored.norad_id: stored for stored in uow.elements()}
    ids = {satellite.norad_id: satellite.id for satellite in rules.fleet.satellites.values()}
    taken = [
        StoredElements(ids[one.norad_id], one.norad_id, one.epoch, to_omm(one), source, now)
        for one in sets
        if one.norad_id in ids
    ]
    for stored in taken:
        uow.add_elements(stored)
    fresh = tuple(stored for stored in taken if _is_fresh(stored, newest.get(stored.norad_id)))
    if fresh:
        refresh_all(uow, now)
    return fresh


def _is_fresh(stored: StoredElements, newest: StoredElements | None) -> bool:
    if newest is None or stored.epoch != newest.epoch:
        return newest is None or stored.epoch > newest.epoch
    return dict(stored.omm) != dict(newest.omm)
