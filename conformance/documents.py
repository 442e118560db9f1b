"""Documents of a target as files: for programs that judge files, and bodies for those that write."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from conformance.cql2_data import load_errata, load_predicates
from conformance.target import Target
from swath.client import Swath
from swath.wire import format_time

# The doors, and where below the server's address each describes itself in an OpenAPI document.
OPENAPI = {
    "tasking": "/wfs/tasking/v2/api",
    "stac": "/stac/v1/api",
    "service": "/api",
    "ops": "/ops/v1/api",
    "sandbox": "/sandbox/api",
    "admin": "/admin/v1/api",
}
LISTS = ("satellites", "satellite_ground_tracks", "plans", "candidates", "requests")
MOST = 1_000
FUKUI = [[136.0, 35.9], [136.4, 35.9], [136.4, 36.2], [136.0, 36.2], [136.0, 35.9]]


def save_documents(target: Target, service: Swath, folder: Path) -> None:
    """Write everything that the suites need of a filled target into the folder."""
    for name, path in OPENAPI.items():
        _save(folder / f"openapi-{name}.json", target.get(target.url + path))
    for name in LISTS:
        _save(
            folder / f"list-{name}.json", target.get(f"{target.tasking}/collections/{name}/items", limit=MOST)
        )
    _save_catalogue(target, folder)
    _save(folder / "predicates.json", _build_predicates())
    _save(folder / "new-plans.json", _build_plan(service))
    _save(folder / "new-requests.json", _build_request(service))


def _save_catalogue(target: Target, folder: Path) -> None:
    """Its items as one list, and each of them and each collection in a file of its own."""
    items = target.get(f"{target.stac}/search", limit=MOST)
    _save(folder / "list-items.json", items)
    for item in items["features"]:
        _save(folder / f"stac-{item['id']}.json", item)
    for collection in target.get(f"{target.stac}/collections")["collections"]:
        _save(folder / f"stac-{collection['id']}.json", collection)


def _build_predicates() -> Any:
    """The tables of the CQL2 standard with the counts put right that are known to be wrong."""
    tables, right = load_predicates(), load_errata()
    for row in tables["predicates"]:
        row["expected"] = right.get(row["filter"], row["expected"])
    return tables


def _save(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def _build_plan(service: Swath) -> Any:
    """A plan that may be made now, as often as anyone likes."""
    now = service.clock().now
    times = {"valid_start": format_time(now), "valid_end": format_time(now + timedelta(days=5))}
    area = {"type": "Polygon", "coordinates": [FUKUI]}
    return {"type": "Feature", "geometry": area, "properties": {"name": "Fukui", **times}}


def _build_request(service: Swath) -> Any:
    """A request for a candidate that nobody asked for yet, with the candidate's own geometry."""
    requested = {request.properties.candidate_id for request in service.requests()}
    plans = (plan for plan in service.plans("ACTIVE") if plan.properties.candidate_count)
    candidates = (candidate for plan in plans for candidate in service.candidates(plan.id))
    free = next(candidate for candidate in candidates if candidate.id not in requested)
    properties = {"name": "Fukui", "candidate_id": free.id, "priority": "WISHLIST"}
    return {"type": "Feature", "geometry": dict(free.geometry or {}), "properties": properties}
