"""The tables people see: satellites, plans, candidates, requests, their history, and images."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table

from swath.cli.output import build_table
from swath.wire import Candidate, HistoryEntry, Issued, Plan, Satellite, TaskingRequest

CANDIDATE_COLUMNS = (
    "start (UTC)",
    "satellite",
    "off-nadir>",
    "sun>",
    "coverage>",
    "sure>",
    "gsd>",
    "request until (UTC)",
)


def build_satellite_table(satellites: Iterable[Satellite]) -> Table:
    """What there is to task with."""
    columns = (
        "satellite",
        "constellation",
        "NORAD>",
        "gsd>",
        "swath>",
        "off-nadir>",
        "daylight",
        "orbit age>",
    )
    return build_table("Satellites", columns, map(_satellite, satellites))


def build_plan_table(plans: Iterable[Plan]) -> Table:
    """Plans, one a line."""
    columns = ("name", "status", "from (UTC)", "to (UTC)", "candidates>", "id")
    return build_table("Plans", columns, map(_plan, plans))


def build_candidate_table(candidates: Iterable[Candidate]) -> Table:
    """Candidates with the ids that a request needs."""
    rows = ((*_candidate(candidate), candidate.id) for candidate in candidates)
    return build_table("Candidates", (*CANDIDATE_COLUMNS, "id"), rows)


def build_choice_table(candidates: Sequence[Candidate], chosen: Candidate) -> Table:
    """Candidates with a mark at the chosen one, narrow enough for any terminal."""
    rows = (("→" if candidate is chosen else "", *_candidate(candidate)) for candidate in candidates)
    return build_table("Candidates", ("", *CANDIDATE_COLUMNS), rows)


def build_request_table(requests: Iterable[TaskingRequest]) -> Table:
    """Requests, one a line."""
    columns = ("name", "priority", "status", "satellite", "planned (UTC)", "cancel until (UTC)", "id")
    return build_table("Requests", columns, map(_request, requests))


def build_history_table(entries: Iterable[HistoryEntry]) -> Table:
    """What happened to a request, when, how it stood then, and why."""
    columns = ("at (UTC)", "status", "satellite", "planned (UTC)", "cancel until (UTC)", "because")
    return build_table("History", columns, map(_history_entry, entries))


def build_asset_table(item: Mapping[str, Any]) -> Table:
    """The files of a catalogue item."""
    rows = ((key, asset.get("title"), asset.get("type")) for key, asset in item["assets"].items())
    return build_table(f"Item {item['id']}", ("asset", "what it is", "type"), rows)


def build_facts_table(title: str, facts: Mapping[str, object]) -> Table:
    """One thing, a line for each fact that there is."""
    return build_table(title, ("", ""), ((name, fact) for name, fact in facts.items() if fact is not None))


def build_issued_table(issued: Issued) -> Table:
    """Credentials, at the one moment when they can be read."""
    return build_facts_table("Keep the secret: it is not shown again", issued.model_dump())


def build_plan_facts(plan: Plan) -> Table:
    """One plan, and why it has no candidates when it has none."""
    properties = plan.properties
    facts = {
        "id": plan.id,
        "status": properties.status,
        "from (UTC)": properties.valid_start,
        "to (UTC)": properties.valid_end,
        "off-nadir": "{:g}° to {:g}°".format(*properties.off_nadir_range),
        "satellites": ", ".join(properties.satellites),
        "candidates": properties.candidate_count,
        "because": properties.status_reason and properties.status_reason.message,
        "what would help": properties.no_candidates and explain_no_candidates(plan),
    }
    return build_facts_table(properties.name, facts)


def explain_no_candidates(plan: Plan) -> str:
    """Why a plan has none, in a sentence or two: which limits cost how many accesses, and what would help."""
    none = plan.properties.no_candidates
    if none is None:
        return f"The plan is {plan.properties.status}; no candidate of it can be asked for now."
    lost = [f"{count} to {limit.replace('_', ' ')}" for limit, count in none["lost"].items() if count]
    change = none["nearest_change"]
    helps = change["message"] if change else "No single change of the plan would give a candidate."
    return f"{helps} Accesses: {none['accesses']}, lost {', '.join(lost) or 'none'}."


def build_request_facts(request: TaskingRequest) -> Table:
    """One request, and why it stands where it stands."""
    properties = request.properties
    facts = {
        "id": request.id,
        "status": properties.status + (" (final)" if properties.final else ""),
        "because": properties.status_reason and properties.status_reason.message,
        "priority": properties.priority,
        "satellite": properties.planned_satellite or ", ".join(properties.satellites),
        "planned (UTC)": properties.planned_start,
        "from (UTC)": properties.valid_start,
        "to (UTC)": properties.valid_end,
        "cancel until (UTC)": properties.cancel_until,
        "capture": properties.capture_id,
        "plan": properties.task_plan_id,
        "candidate": properties.candidate_id,
    }
    return build_facts_table(properties.name, facts)


def _satellite(satellite: Satellite) -> tuple[object, ...]:
    properties = satellite.properties
    return (
        satellite.id,
        properties.constellation,
        properties.norad_id,
        f"{properties.gsd:g} m",
        _with_unit(properties.swath_width_km, "{:g} km"),
        _with_unit(properties.max_off_nadir_deg, "{:g}°"),
        properties.orbit_state,
        _with_unit(properties.elements_age_days, "{:.1f} d"),
    )


def _plan(plan: Plan) -> tuple[object, ...]:
    properties = plan.properties
    times = (properties.valid_start, properties.valid_end)
    return properties.name, properties.status, *times, properties.candidate_count, plan.id


def _candidate(candidate: Candidate) -> tuple[object, ...]:
    properties = candidate.properties
    return (
        properties.start_datetime,
        properties.platform,
        f"{properties.off_nadir:.1f}°",
        f"{properties.sun_elevation:.0f}°",
        f"{properties.plan_coverage:.0f} %",
        _percent(properties.coverage_probability),
        _with_unit(properties.gsd, "{:.2f} m"),
        properties.valid_until,
    )


def _request(request: TaskingRequest) -> tuple[object, ...]:
    properties = request.properties
    return (
        properties.name,
        properties.priority,
        properties.status,
        properties.planned_satellite or ", ".join(properties.satellites),
        properties.planned_start,
        properties.cancel_until,
        request.id,
    )


def _history_entry(entry: HistoryEntry) -> tuple[object, ...]:
    after = entry.after
    status = after.status + (" (final)" if after.final else "")
    return (
        entry.at,
        status,
        after.planned_satellite,
        after.planned_start,
        after.cancel_until,
        f"{entry.message} [{entry.code}]",
    )


def _percent(part: float | None) -> str | None:
    return None if part is None else f"{100 * part:.0f} %"


def _with_unit(value: float | None, form: str) -> str | None:
    return None if value is None else form.format(value)
