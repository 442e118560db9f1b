"""`swath request`: what shall be captured, what became of it, and its images."""

import itertools
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from swath.cli.connection import with_service
from swath.cli.options import JsonOption, LimitOption, parse_time
from swath.cli.output import print_json, show, waiting_for
from swath.cli.tables import build_history_table, build_request_facts, build_request_table
from swath.client import ClientError, Swath
from swath.wire import Priority, RequestStatus

app = typer.Typer(no_args_is_help=True, help="Requests: a candidate that shall be captured.")

RequestId = Annotated[str, typer.Argument(metavar="REQUEST_ID")]


@app.command("create")
@with_service
def create_request(
    service: Swath,
    candidate_id: Annotated[str, typer.Argument(metavar="CANDIDATE_ID")],
    name: Annotated[str, typer.Option(metavar="NAME", help="A name to find it by.")],
    priority: Annotated[
        Priority,
        typer.Option(help="How urgent it is; an EMERGENCY costs 3 credits, others 1."),
    ] = "NORMAL",
    key: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Idempotency key: the same key never makes a second request."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            parser=parse_time, metavar="ISO", help="Any candidate of the plan will do, from here on."
        ),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option(parser=parse_time, metavar="ISO", help="Any candidate of the plan will do, until here."),
    ] = None,
    off_nadir: Annotated[
        tuple[float, float] | None,
        typer.Option(
            metavar="MIN MAX", help="Any candidate of the plan between these angles will do, degrees."
        ),
    ] = None,
    satellite: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Any candidate of this satellite will do; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask for a candidate to be captured; holds its credits.

    Without limits the candidate's own access is meant. With any of them, other candidates of the plan that show the
    same ground may serve as well, within the limits given and those of the plan.
    """
    request = service.create_request(
        candidate_id,
        name=name,
        priority=priority,
        start=start,
        end=end,
        off_nadir_range=off_nadir,
        satellites=satellite,
        key=key,
    )
    show(request, build_request_facts, as_json)


@app.command("list")
@with_service
def list_requests(
    service: Swath,
    plan: Annotated[str | None, typer.Option(metavar="PLAN_ID", help="Only those of a plan.")] = None,
    status: Annotated[RequestStatus | None, typer.Option(help="Only those.")] = None,
    priority: Annotated[Priority | None, typer.Option(help="Only those.")] = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """Show your requests, newest first."""
    found = list(itertools.islice(service.requests(plan, status, priority), limit))
    show(found, build_request_table, as_json)


@app.command("show")
@with_service
def show_request(service: Swath, request_id: RequestId, as_json: JsonOption = False) -> None:
    """Show one request, and why it stands where it stands."""
    show(service.request(request_id), build_request_facts, as_json)


@app.command("cancel")
@with_service
def cancel_request(service: Swath, request_id: RequestId, as_json: JsonOption = False) -> None:
    """Take a request back, as long as it can still be; its credits are released."""
    show(service.cancel_request(request_id), build_request_facts, as_json)


@app.command("history")
@with_service
def show_history(service: Swath, request_id: RequestId, as_json: JsonOption = False) -> None:
    """Show every change of a request, and why."""
    show(service.history(request_id), build_history_table, as_json)


@app.command("download")
@with_service
def download_images(
    service: Swath,
    request_id: RequestId,
    out: Annotated[Path, typer.Option(file_okay=False, metavar="DIR", help="Folder to save to.")] = Path("."),
    asset: Annotated[
        list[str] | None, typer.Option(metavar="ASSET", help="Only this asset, such as tci; may be repeated.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Save the images of a request that has data."""
    saved: list[str] = []
    for item in _items_of(service, request_id):
        for key in asset or item["assets"]:
            with waiting_for(f"Downloading {key}"):
                paths = service.download(item, out, [key])
            saved += map(str, paths)
    if as_json:
        print_json(saved)
    else:
        typer.echo("\n".join(saved))


def _items_of(service: Swath, request_id: str) -> list[dict[str, Any]]:
    properties = service.request(request_id).properties
    items = service.items(properties.capture_id) if properties.capture_id else []
    if not items:
        raise ClientError(f"There are no images: the request is {properties.status}.")
    return items
