"""Whether a plan keeps the rules of an agile instance, from the JSON alone: nothing here knows swath or its peers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby
from math import floor, hypot
from typing import Any, NamedTuple

GRACE = 1e-6
EMERGENCY, FLAT_FACTOR = 2, 3 / 50


class Capture(NamedTuple):
    """One selected candidate."""

    number: int
    request: int
    satellite: int
    start: float
    end: float
    roll: float
    pitch: float
    uplink_by: float


def check_plan(instance: Mapping[str, Any], selected: Sequence[int]) -> list[str]:
    """Every rule that is broken, as a sentence; none for a sound plan."""
    strange = [number for number in selected if not 0 <= number < len(instance["candidates"])]
    if strange:
        return [f"there is no candidate {number}" for number in strange]
    captures = sorted(read_captures(instance, selected), key=lambda one: (one.satellite, one.start))
    faults = [
        *find_repeated(captures),
        *(f"{one.number} cannot be commanded" for one in captures if one.uplink_by < 0),
    ]
    for satellite, lane in groupby(captures, key=lambda one: one.satellite):
        mine, contacts = list(lane), instance["contacts"][satellite]
        for check in (find_hurried(mine, instance["meta"]), find_overworked(mine, instance["meta"])):
            faults.extend(check)
        faults.extend(find_overflows(mine, contacts, instance["meta"]))
    return faults


def weigh_plan(instance: Mapping[str, Any], selected: Sequence[int], flat: bool) -> list[float]:
    """The value by class, NORMAL first."""
    values = [0.0, 0.0, 0.0]
    for number in selected:
        request, value = instance["candidates"][number][0], instance["candidates"][number][6]
        kind = instance["requests"][request]["cls"]
        values[kind] += value * (FLAT_FACTOR if flat and kind == EMERGENCY else 1)
    return values


def read_captures(instance: Mapping[str, Any], selected: Sequence[int]) -> Iterator[Capture]:
    for number in selected:
        request, satellite, start, seconds, roll, pitch, _, uplink_by = instance["candidates"][number]
        yield Capture(number, request, satellite, start, start + seconds, roll, pitch, uplink_by)


def find_repeated(captures: Sequence[Capture]) -> Iterator[str]:
    for request, times in Counter(one.request for one in captures).items():
        if times > 1:
            yield f"request {request} is served {times} times"


def find_hurried(captures: Sequence[Capture], meta: Mapping[str, Any]) -> Iterator[str]:
    """Every two captures of a satellite are compared, not only neighbours."""
    for a, b in combinations(captures, 2):
        needed = meta["settle"] + hypot(a.roll - b.roll, a.pitch - b.pitch) / meta["rate"]
        found = max(a.start - b.end, b.start - a.end)
        if found < needed - GRACE:
            yield f"{found:.3f} s between {a.number} and {b.number}, needed {needed:.3f} s"


def find_overworked(captures: Sequence[Capture], meta: Mapping[str, Any]) -> Iterator[str]:
    for orbit, some in groupby(captures, key=lambda one: floor(one.start / meta["period"])):
        mine = list(some)
        seconds = sum(one.end - one.start for one in mine)
        if len(mine) > meta["max_captures_orbit"]:
            yield f"{len(mine)} captures in orbit {orbit} of satellite {mine[0].satellite}"
        if seconds > meta["max_seconds_orbit"] + GRACE:
            yield f"{seconds:.3f} s of imaging in orbit {orbit} of satellite {mine[0].satellite}"


def find_overflows(
    captures: Sequence[Capture], contacts: Sequence[Sequence[float]], meta: Mapping[str, Any]
) -> Iterator[str]:
    """Memory from moment to moment: it fills while imaging, drains in contacts, both at once if both are on."""
    spans = [(one.start, one.end, meta["gb_per_s"]) for one in captures]
    spans += [(start, end, -meta["downlink_gb_s"]) for start, end in contacts]
    changes = sorted(change for start, end, rate in spans for change in ((start, rate), (end, -rate)))
    level, rate, now = 0.0, 0.0, 0.0
    for time, change in changes:
        level, now = max(level + rate * (time - now), 0.0), time
        rate += change
        if level > meta["memory_gb"] + GRACE:
            yield f"{level:.3f} GB on board at {time} s, room for {meta['memory_gb']}"
