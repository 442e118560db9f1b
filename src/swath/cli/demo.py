"""`swath demo`: the whole workflow as a customer goes through it, on a server of its own, step by step."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from swath.cli.areas import Box
from swath.cli.output import print_line, print_table, show_time
from swath.cli.tables import (
    build_asset_table,
    build_choice_table,
    build_facts_table,
    build_satellite_table,
)
from swath.cli.throwaway import DemoFailed, Throwaway, running_server
from swath.client import Swath
from swath.wire import Candidate, Plan, TaskingRequest

# Tsuruga bay on the coast of Fukui: sea, shore and land within one swath; 36 km by 33 km.
AREA = Box(135.95, 35.6, 136.35, 35.9)
NAME = "Tsuruga bay"
DAYS = 7
SHOWN = 12
STEP = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=3)
SAVED = ("thumbnail", "tci")


def demo(
    out: Annotated[Path, typer.Option(file_okay=False, metavar="DIR", help="Folder for the images.")] = Path(
        "swath-demo"
    ),
    keep: Annotated[bool, typer.Option("--keep", help="Leave the server running at the end.")] = False,
) -> None:
    """Go through the whole tasking workflow on a throw-away server: token, plan, candidates, request, images."""
    begun = time.monotonic()
    print_line("Starting a sandbox server with the GRUS constellation ...", "dim")
    with (
        running_server(keep) as server,
        Swath(server.url, server.client_id, server.client_secret) as service,
    ):
        files = _walk(service, out)
        _tell_where_next(server, files, keep, time.monotonic() - begun)


def _walk(service: Swath, out: Path) -> list[Path]:
    _show_who_we_are(service)
    plan = _make_plan(service)
    candidate = _choose(service, plan)
    request = _make_request(service, candidate)
    request = _follow(service, request)
    return _fetch_images(service, request, out)


def _show_who_we_are(service: Swath) -> None:
    _head(1, "Token", "client credentials for a bearer token; it is renewed by itself")
    account = service.account()
    print_line(
        f"Account {account.name!r} has {account.free} credits. It is {show_time(service.clock().now)} UTC here."
    )
    print_table(build_satellite_table(service.satellites()))


def _make_plan(service: Swath) -> Plan:
    _head(2, "Plan", f"Tsuruga bay in Fukui, {DAYS} days, every satellite")
    begun = time.monotonic()
    now = service.clock().now
    plan = service.create_plan(NAME, AREA.as_polygon(), now, now + timedelta(days=DAYS))
    print_line(f"{plan.properties.status}  {plan.id}")
    plan = service.wait_for_plan(plan.id)
    print_line(f"{plan.properties.status}  after {time.monotonic() - begun:.1f} s")
    return plan


def _choose(service: Swath, plan: Plan) -> Candidate:
    found = list(service.candidates(plan.id))
    _head(3, "Candidates", f"{len(found)} ways to capture it in daylight, computed from the orbits")
    if not found:
        raise DemoFailed(f"The plan has no candidates: {plan.properties.no_candidates}")
    chosen = max(found, key=_worth)
    print_table(build_choice_table(_around(found, chosen), chosen))
    if len(found) > SHOWN:
        print_line(f"{SHOWN} of {len(found)} are shown, those around the marked one.", "dim")
    return chosen


def _worth(candidate: Candidate) -> tuple[float, float]:
    """Full cover first, then the steepest view."""
    return round(candidate.properties.plan_coverage), -candidate.properties.off_nadir


def _around(found: Sequence[Candidate], chosen: Candidate) -> Sequence[Candidate]:
    first = max(0, min(found.index(chosen) - SHOWN // 2, len(found) - SHOWN))
    return found[first : first + SHOWN]


def _make_request(service: Swath, candidate: Candidate) -> TaskingRequest:
    _head(4, "Request", "the marked candidate; its credit is put on hold")
    request = service.create_request(candidate.id, name=f"{NAME}, first light")
    properties = request.properties
    print_table(
        build_facts_table(
            f"{properties.status}: {properties.satellites[0]}",
            {
                "capture planned (UTC)": properties.planned_start,
                "can be canceled until": properties.cancel_until,
                "because": properties.status_reason and properties.status_reason.message,
                "id": request.id,
            },
        )
    )
    return request


def _follow(service: Swath, request: TaskingRequest) -> TaskingRequest:
    """Move simulated time to what happens next, until the images are there."""
    print_line("")
    print_line("Simulated time goes by; mission control does its part.", "dim")
    told = _tell_history(service, request, 0)
    for at in _stops(request):
        service.advance_to(at)
        told = _tell_history(service, request, told)
        request = service.request(request.id)
        if request.properties.final:
            break
    if request.properties.status != "DATA_AVAILABLE":
        raise DemoFailed(f"The request ended {request.properties.status}; its history above says why.")
    return request


def _stops(request: TaskingRequest) -> list[datetime]:
    """When to look: as the commands are fixed, after the capture, and then every hour."""
    properties = request.properties
    captured = properties.planned_end or properties.valid_end
    commanded = [properties.cancel_until] if properties.cancel_until else []
    return [*commanded, captured, *(captured + hour * STEP for hour in range(1, LONGEST_WAIT // STEP))]


def _tell_history(service: Swath, request: TaskingRequest, told: int) -> int:
    """Print what happened since the first `told` entries; how many there are now."""
    entries = service.history(request.id)
    for entry in entries[told:]:
        print_line(f"{show_time(entry.at)}  {entry.after.status:<14}  {entry.message}")
    return len(entries)


def _fetch_images(service: Swath, request: TaskingRequest, out: Path) -> list[Path]:
    capture_id = request.properties.capture_id
    _head(5, "Images", f"the catalogue's item of capture {capture_id}")
    items = service.items(capture_id) if capture_id else []
    if not items:
        raise DemoFailed("The catalogue has no item of the capture.")
    print_table(_describe(items[0]))
    print_table(build_asset_table(items[0]))
    return service.download(items[0], out, SAVED)


def _describe(item: dict[str, Any]) -> Any:
    names = (
        "datetime",
        "platform",
        "gsd",
        "eo:cloud_cover",
        "view:off_nadir",
        "view:sun_elevation",
        "swath:simulated",
    )
    return build_facts_table("Properties", {name: item["properties"].get(name) for name in names})


def _tell_where_next(server: Throwaway, files: Sequence[Path], keep: bool, seconds: float) -> None:
    print_line("")
    print_line(
        f"From plan to images in {seconds:.0f} s. The images are simulated; the orbits are real.", "bold"
    )
    for file in files:
        print_line(f"  {file}  ({file.stat().st_size / 1e6:.1f} MB)")
    print_line("Next: the five steps by hand in docs/tutorial.md, and what else there is in docs/index.md.")
    if keep:
        print_line(
            f"The server goes on at {server.url} (process {server.process.pid}, data in {server.data}):"
        )
        print_line(f"  export SWATH_URL={server.url}")
        print_line(f"  export SWATH_CLIENT_ID={server.client_id} SWATH_CLIENT_SECRET={server.client_secret}")
        print_line(f"  swath plan list        and, to end it: kill {server.process.pid}")


def _head(number: int, name: str, sentence: str) -> None:
    print_line("")
    print_line(f"{number}  {name}: {sentence}", "bold cyan")
