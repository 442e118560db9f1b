"""Instances and plans as JSON, so that problems travel: in the form of the public generator of agile instances.

{"meta": {...}, "contacts": [[[start, end], ...], ...], "requests": [{...}, ...], "candidate_fields": [...],
"candidates": [[...], ...]}. `meta` holds what all satellites share: period, settle, rate, max_captures_orbit,
max_seconds_orbit, gb_per_s, memory_gb, downlink_gb_s; `satellites` may say any of it for each by itself, and its id.
A candidate has request, sat, start, dur, roll, pitch, value, uplink_by (-1: no contact before it), and perhaps orbit;
a request has perhaps window ([start, end]), cls (2: emergency), level, place (a candidate's number), kept, fixed. A
candidate outside of its request's window, or with a contact after its start, is open to nobody.
"""

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from swath.errors import Malformed
from swath.scheduling.model import merge_passes
from swath.scheduling.solver.instance import (
    NOWHERE,
    Bools,
    Chances,
    Craft,
    Floats,
    Instance,
    Ints,
    Works,
    sort_chances,
)
from swath.scheduling.solver.solve import Solution

GZIP = b"\x1f\x8b"
FIELDS = ("request", "sat", "start", "dur", "roll", "pitch", "value", "uplink_by")
SHARED = (
    "settle",
    "rate",
    "max_captures_orbit",
    "max_seconds_orbit",
    "gb_per_s",
    "memory_gb",
    "downlink_gb_s",
)
EMERGENCY_CLASS, EMERGENCY_FACTOR, FLAT_FACTOR = 2, 50.0, 3.0
# More than any file that people make, and little enough to be held.
MOST_CANDIDATES = 5_000_000

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """An instance, and the number in the file that each of its chances has."""

    instance: Instance
    numbers: Ints


def read_problem(path: Path, *, flat: bool = False) -> Problem:
    """An instance from a file, gzipped or not; with `flat`, emergencies weigh 3 where the generator gave them 50.

    Raises Malformed, which says what is wrong and where.
    """
    try:
        raw = path.read_bytes()
        text = gzip.decompress(raw) if raw[:2] == GZIP else raw
        document = json.loads(text, parse_constant=_refuse_constant)
    except (OSError, EOFError, ValueError, RecursionError) as error:
        raise Malformed(f"{path.name} cannot be read as JSON, gzipped or not: {error}.") from error
    return build_problem(document, flat=flat)


def build_problem(document: Document, *, flat: bool = False) -> Problem:
    """An instance from a document as it was parsed. Raises Malformed."""
    try:
        return _build(document, flat)
    except Malformed:
        raise
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError) as error:
        raise Malformed(f"This is no scheduling problem: {type(error).__name__}: {error}.") from error


def describe(instance: Instance) -> dict[str, Any]:
    """The document of an instance; built again it is the same instance."""
    chances, works = instance.chances, instance.works
    columns = (
        chances.work,
        chances.craft,
        chances.start_s,
        chances.end_s - chances.start_s,
        chances.roll_deg,
        chances.pitch_deg,
        chances.value,
        np.where(chances.open, chances.start_s, -1.0),
        chances.orbit,
        chances.end_s,
    )
    return {
        "meta": {"sats": len(instance.crafts), "angles": "plane" if instance.flat_angles else "sphere"},
        "satellites": [_describe_craft(craft) for craft in instance.crafts],
        "contacts": [craft.passes_s.tolist() for craft in instance.crafts],
        "requests": [
            {"level": level, "place": place, "kept": kept, "fixed": fixed}
            for level, place, kept, fixed in zip(
                works.level.tolist(),
                works.place.tolist(),
                works.kept.tolist(),
                works.fixed.tolist(),
                strict=True,
            )
        ],
        "candidate_fields": [*FIELDS, "orbit", "end"],
        "candidates": [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)],
    }


def describe_plan(problem: Problem, solution: Solution) -> dict[str, Any]:
    """A plan as JSON says it: candidates by their numbers in the file, in growing order.

    `bound` is what no plan of these candidates, values and limits exceeds, null if there was no time to find it;
    `gap` is what may be missing to it, as a part of it.
    """
    return {"selected": sorted(problem.numbers[solution.chosen].tolist()), **describe_solution(solution)}


def describe_solution(solution: Solution) -> dict[str, Any]:
    """How good a plan is, and how it was found."""
    return {
        "value": solution.value,
        "bound": solution.bound,
        "gap": solution.gap,
        "status": solution.status,
        "seconds": round(solution.seconds, 3),
        "seed": solution.seed,
        "solver": solution.solver,
    }


def _build(document: Document, flat: bool) -> Problem:
    meta, requests = document["meta"], document["requests"]
    fields = list(document.get("candidate_fields", FIELDS))
    table = _read_table(document["candidates"], fields)
    crafts = _read_crafts(meta, document.get("satellites"), document["contacts"])
    column = {name: table[:, i] for i, name in enumerate(fields)}
    _check_columns(column, len(requests), len(crafts))
    windows_s = _read_windows(requests)
    chances, numbers = sort_chances(_read_chances(column, meta, windows_s, _factors(requests, flat)))
    works = _read_works(requests, numbers)
    return Problem(Instance(crafts, chances, works, meta.get("angles", "plane") == "plane"), numbers)


def _read_table(rows: Sequence[Sequence[float]], fields: Sequence[str]) -> Floats:
    missing = [name for name in FIELDS if name not in fields]
    if missing:
        raise Malformed(f"candidate_fields lacks {', '.join(missing)}; it names {', '.join(fields)}.")
    if len(rows) > MOST_CANDIDATES:
        raise Malformed(f"There are {len(rows)} candidates; {MOST_CANDIDATES} can be taken.")
    ragged = next((i for i, row in enumerate(rows) if len(row) != len(fields)), None)
    if ragged is not None:
        raise Malformed(f"Candidate {ragged} has {len(rows[ragged])} figures; the fields are {len(fields)}.")
    table = np.array(rows, float).reshape(-1, len(fields))
    bad = np.flatnonzero(~np.isfinite(table).all(axis=1))
    if len(bad):
        raise Malformed(f"Candidate {bad[0]} has a figure that is not finite: {list(rows[bad[0]])}.")
    return table


def _check_columns(column: Mapping[str, Floats], requests: int, crafts: int) -> None:
    rules = {
        f"request must be one of 0 to {requests - 1}": _is_index(column["request"], requests),
        f"sat must be one of 0 to {crafts - 1}": _is_index(column["sat"], crafts),
        "dur must be more than 0": column["dur"] > 0.0,
        "value must not be negative": column["value"] >= 0.0,
        "start and pitch must be plausible": (np.abs(column["start"]) < 1e11)
        & (np.abs(column["pitch"]) <= 180.0),
        "roll must be an angle": np.abs(column["roll"]) <= 180.0,
    }
    for rule, kept in rules.items():
        if not kept.all():
            first = int(np.argmin(kept))
            found = {name: float(figures[first]) for name, figures in column.items()}
            raise Malformed(f"Candidate {first}: {rule}; found {found}.")


def _is_index(figures: Floats, count: int) -> Bools:
    return (figures >= 0) & (figures < count) & (figures == np.floor(figures))


def _read_windows(requests: Sequence[Document]) -> Floats:
    """When each request may be captured, start and end, (requests, 2); without a word, always."""
    windows_s = np.array([request.get("window", (-np.inf, np.inf)) for request in requests], float)
    return windows_s.reshape(-1, 2)


def _read_chances(
    column: Mapping[str, Floats], meta: Document, windows_s: Floats, factors: Floats
) -> Chances:
    work, start, uplink_by = column["request"].astype(np.int64), column["start"], column["uplink_by"]
    end = column["end"] if "end" in column else start + column["dur"]
    within = (windows_s[work, 0] <= start) & (end <= windows_s[work, 1])
    orbit = column["orbit"] if "orbit" in column else np.floor(start / _positive(meta, "period"))
    return Chances(
        work=work,
        craft=column["sat"].astype(np.int64),
        start_s=start,
        end_s=end,
        roll_deg=column["roll"],
        pitch_deg=column["pitch"],
        value=column["value"] * factors[work],
        orbit=orbit.astype(np.int64),
        open=within & (uplink_by >= 0.0) & (uplink_by <= start),
    )


def _factors(requests: Sequence[Document], flat: bool) -> Floats:
    """What each request's values are multiplied with."""
    emergency = np.array([request.get("cls") == EMERGENCY_CLASS for request in requests], bool)
    return np.where(emergency & flat, FLAT_FACTOR / EMERGENCY_FACTOR, 1.0)


def _read_works(requests: Sequence[Document], numbers: Ints) -> Works:
    place = np.array([request.get("place", NOWHERE) for request in requests], np.int64)
    if ((place < NOWHERE) | (place >= len(numbers))).any():
        raise Malformed(f"A place must be a candidate's number, 0 to {len(numbers) - 1}, or {NOWHERE}.")
    where = np.empty(len(numbers) + 1, np.int64)
    where[numbers], where[NOWHERE] = np.arange(len(numbers)), NOWHERE
    return Works(
        level=np.array([request.get("level", 0) for request in requests], np.int64),
        place=where[place],
        kept=np.array([bool(request.get("kept", False)) for request in requests], bool),
        fixed=np.array([bool(request.get("fixed", False)) for request in requests], bool),
    )


def _read_crafts(
    meta: Document, satellites: Sequence[Document] | None, contacts: Sequence[Any]
) -> tuple[Craft, ...]:
    own = satellites if satellites is not None else [{} for _ in contacts]
    if len(own) != len(contacts):
        raise Malformed(f"There are {len(own)} satellites and contacts of {len(contacts)}.")
    return tuple(
        _read_craft({"id": str(i), **meta, **facts}, _read_passes(passes, i))
        for i, (facts, passes) in enumerate(zip(own, contacts, strict=True))
    )


def _read_craft(facts: Document, passes_s: Floats) -> Craft:
    capacity = facts.get("memory_gb")
    return Craft(
        id=str(facts["id"]),
        settle_s=_figure(facts, "settle"),
        slew_rate_deg_s=_positive(facts, "rate"),
        captures_per_orbit=int(_figure(facts, "max_captures_orbit")),
        seconds_per_orbit=_figure(facts, "max_seconds_orbit"),
        fill_gb_s=_figure(facts, "gb_per_s"),
        capacity_gb=np.inf if capacity is None else _figure(facts, "memory_gb"),
        drain_gb_s=_figure(facts, "downlink_gb_s"),
        on_board_gb=_figure({"on_board_gb": 0.0, **facts}, "on_board_gb"),
        passes_s=passes_s,
    )


def _describe_craft(craft: Craft) -> dict[str, Any]:
    return {
        "id": craft.id,
        "settle": craft.settle_s,
        "rate": craft.slew_rate_deg_s,
        "max_captures_orbit": craft.captures_per_orbit,
        "max_seconds_orbit": craft.seconds_per_orbit,
        "gb_per_s": craft.fill_gb_s,
        "memory_gb": None if math.isinf(craft.capacity_gb) else craft.capacity_gb,
        "downlink_gb_s": craft.drain_gb_s,
        "on_board_gb": craft.on_board_gb,
    }


def _read_passes(passes: Sequence[Sequence[float]], craft: int) -> Floats:
    """Contacts by time, those that overlap or touch made one."""
    found = np.array(passes, float).reshape(-1, 2)
    if not np.isfinite(found).all() or (found[:, 0] > found[:, 1]).any():
        raise Malformed(f"Satellite {craft} has a contact that ends before it starts, or never.")
    return np.array(merge_passes(map(tuple, found.tolist())), float).reshape(-1, 2)


def _figure(facts: Document, name: str) -> float:
    if name not in facts:
        raise Malformed(f"meta lacks {name}; it needs {', '.join(SHARED)}.")
    figure = facts[name]
    if isinstance(figure, bool) or not isinstance(figure, int | float) or not 0 <= figure < math.inf:
        raise Malformed(f"{name} must be a number of 0 or more; found {figure!r}.")
    return float(figure)


def _positive(facts: Document, name: str) -> float:
    figure = _figure(facts, name)
    if figure == 0.0:
        raise Malformed(f"{name} must be more than 0.")
    return figure


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
