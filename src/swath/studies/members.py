"""Who flies in a study: satellites of a fleet with their elements, or any element sets with a plain camera."""

from collections.abc import Iterable, Sequence
from math import pi

from swath.errors import Fault, Invalid
from swath.fleet import Agility, Duty, Fleet, Satellite, Sensor
from swath.orbit.elements import Elements
from swath.orbit.mean import DAY_S
from swath.planning import Member

# WGS72, to whose constants element sets are fitted.
MU_M3_S2 = 3.986_008e14
RADIUS_M = 6_378_135.0
# What fleet files allow, and what the geometry of strips is made for.
ALTITUDE_KM = (100.0, 3_000.0)
# How far off nadir a satellite looks of which nobody says it.
OFF_NADIR_DEG = 30.0
MOST_NAMED = 12


def choose_members(
    fleet: Fleet, sets: Sequence[Elements], names: Sequence[str] = (), at_s: float | None = None
) -> tuple[Member, ...]:
    """Satellites of a fleet that there are elements of: those named, in any letter case, or all.

    Of several sets of a satellite the one whose epoch is nearest to a time is taken, POSIX seconds; without a time the
    newest. Raises Invalid for a name that the fleet does not know or no set is of, and when nobody is left.
    """
    found = {one.norad_id: one for one in _choose_sets(sets, at_s)}
    wanted = [fleet.satellites[i] for i in dict.fromkeys(_find(fleet, name).id for name in names)]
    wanted = wanted or list(fleet.satellites.values())
    for satellite in wanted if names else ():
        if satellite.norad_id not in found:
            sentence = (
                f"There is no element set of {satellite.id} ({satellite.norad_id}); found {_list(sets)}."
            )
            raise Invalid(Fault("/satellites", "no_elements", sentence))
    members = tuple((one, found[one.norad_id]) for one in wanted if one.norad_id in found)
    if not members:
        sentence = (
            f"No element set is of a satellite of the fleet ({_join(fleet.satellites)}); found {_list(sets)}."
        )
        raise Invalid(Fault("/elements", "no_satellite", f"{sentence} Give their fleet file, or a swath."))
    return members


def build_members(
    sets: Sequence[Elements],
    swath_km: float,
    max_off_nadir_deg: float | None = None,
    names: Sequence[str] = (),
    at_s: float | None = None,
) -> tuple[Member, ...]:
    """A satellite for each element set, with a camera of this swath at nadir that looks so far off nadir (30 degrees).

    Names are those of the sets, or catalogue numbers; sets as in `choose_members`. Raises Invalid for a name that no
    set has, and for orbits that are too high or too low for strips.
    """
    chosen = _choose_sets(sets, at_s)
    labels = _label(chosen)
    wanted = {name.casefold() for name in names}
    known = {key.casefold() for one in chosen for key in (labels[one.norad_id], str(one.norad_id))}
    for name in names:
        if name.casefold() not in known:
            sentence = f"There is no element set of {name}; found {_list(chosen)}."
            raise Invalid(Fault("/satellites", "unknown_satellite", sentence))
    off_nadir = OFF_NADIR_DEG if max_off_nadir_deg is None else max_off_nadir_deg
    return tuple(
        (_build_satellite(one, labels[one.norad_id], swath_km, off_nadir), one)
        for one in chosen
        if not wanted or {labels[one.norad_id].casefold(), str(one.norad_id)} & wanted
    )


def compute_altitude_km(elements: Elements) -> float:
    """The mean height above the equator's radius, from the mean motion."""
    rate = elements.mean_motion * 2 * pi / DAY_S
    return ((MU_M3_S2 / rate**2) ** (1 / 3) - RADIUS_M) / 1e3


def _choose_sets(sets: Sequence[Elements], at_s: float | None) -> list[Elements]:
    """One set of each satellite, in the order in which satellites first come."""
    chosen: dict[int, Elements] = {}
    for one in sets:
        other = chosen.get(one.norad_id)
        if other is None or _distance(one, at_s) < _distance(other, at_s):
            chosen[one.norad_id] = one
    return list(chosen.values())


def _distance(elements: Elements, at_s: float | None) -> float:
    return -elements.epoch_s if at_s is None else abs(elements.epoch_s - at_s)


def _find(fleet: Fleet, name: str) -> Satellite:
    found = fleet.find(name)
    if found is None:
        sentence = f"There is no satellite {name} in the fleet; it has {_join(fleet.satellites)}."
        raise Invalid(Fault("/satellites", "unknown_satellite", sentence))
    return found


def _label(sets: Sequence[Elements]) -> dict[int, str]:
    """What to call each satellite: its label, with the catalogue number where several have the same."""
    labels = [one.label.casefold() for one in sets]
    return {
        one.norad_id: one.label if labels.count(one.label.casefold()) == 1 else f"{one.label} {one.norad_id}"
        for one in sets
    }


def _build_satellite(elements: Elements, label: str, swath_km: float, off_nadir_deg: float) -> Satellite:
    low, high = ALTITUDE_KM
    altitude_km = compute_altitude_km(elements)
    if not low <= altitude_km <= high:
        found = (
            f"{label} flies {altitude_km:.0f} km high; a study takes satellites from {low:g} to {high:g} km."
        )
        raise Invalid(Fault("/elements", "altitude", f"{found} Name those to take."))
    return Satellite(
        id=label,
        norad_id=elements.norad_id,
        designator=elements.designator,
        constellation="",
        collection="",
        nominal_altitude_km=altitude_km,
        sensor=Sensor(swath_km, 1.0, (), ()),
        agility=Agility(off_nadir_deg, 0.0, 0.0, 1.0),
        duty=Duty(0, 0.0),
    )


def _list(sets: Sequence[Elements]) -> str:
    return _join(dict.fromkeys(one.label for one in sets)) or "none"


def _join(names: Iterable[str]) -> str:
    """Names with commas between them, not too many."""
    every = list(names)
    more = f" and {len(every) - MOST_NAMED} more" if len(every) > MOST_NAMED else ""
    return ", ".join(every[:MOST_NAMED]) + more
