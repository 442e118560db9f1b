"""`swath plan` and `swath candidates`: what could be captured."""

import itertools
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from swath.cli.areas import Box, load_area, parse_box
from swath.cli.connection import with_service
from swath.cli.options import JsonOption, LimitOption, parse_time
from swath.cli.output import say, show, waiting_for
from swath.cli.tables import build_candidate_table, build_plan_facts, build_plan_table, explain_no_candidates
from swath.client import Swath
from swath.wire import PlanStatus

app = typer.Typer(no_args_is_help=True, help="Plans: an area, a time range and limits.")

PlanId = Annotated[str, typer.Argument(metavar="PLAN_ID")]


@app.command("create")
@with_service
def create_plan(
    service: Swath,
    name: Annotated[str, typer.Option(metavar="NAME", help="A name to find it by.")],
    start: Annotated[
        datetime, typer.Option(parser=parse_time, metavar="ISO", help="Beginning of the time range.")
    ],
    end: Annotated[
        datetime, typer.Option(parser=parse_time, metavar="ISO", help="Its end, at most 14 days later.")
    ],
    area: Annotated[
        Path | None, typer.Option(metavar="FILE", help="GeoJSON polygon or feature; - reads stdin.")
    ] = None,
    bbox: Annotated[
        Box | None,
        typer.Option(parser=parse_box, metavar="W,S,E,N", help="A box in degrees, instead of --area."),
    ] = None,
    off_nadir: Annotated[
        tuple[float, float] | None, typer.Option(metavar="MIN MAX", help="Off-nadir angles wanted, degrees.")
    ] = None,
    satellite: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A satellite that may be used; may be repeated.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Wait until its candidates are found.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Register an area and a time range, and find what could be captured."""
    geometry = _area(area, bbox)
    plan = service.create_plan(name, geometry, start, end, off_nadir_range=off_nadir, satellites=satellite)
    if wait:
        with waiting_for("Finding candidates"):
            plan = service.wait_for_plan(plan.id)
    show(plan, build_plan_facts, as_json)
    if plan.properties.status == "FAILED":
        raise typer.Exit(1)


@app.command("list")
@with_service
def list_plans(
    service: Swath,
    status: Annotated[PlanStatus | None, typer.Option(help="Only those.")] = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """Show your plans, newest first."""
    show(list(itertools.islice(service.plans(status), limit)), build_plan_table, as_json)


@app.command("show")
@with_service
def show_plan(service: Swath, plan_id: PlanId, as_json: JsonOption = False) -> None:
    """Show one plan, and why it has no candidates when it has none."""
    plan = service.plan(plan_id)
    show(plan, build_plan_facts, as_json)


@app.command("delete")
@with_service
def delete_plan(service: Swath, plan_id: PlanId) -> None:
    """Archive a plan that has no live requests."""
    service.delete_plan(plan_id)
    say("The plan is archived.")


@with_service
def list_candidates(
    service: Swath, plan_id: PlanId, limit: LimitOption = 100, as_json: JsonOption = False
) -> None:
    """Show the possible captures of a plan, by time."""
    found = list(itertools.islice(service.candidates(plan_id), limit))
    show(found, build_candidate_table, as_json)
    if not found:
        say(explain_no_candidates(service.plan(plan_id)))


def _area(path: Path | None, box: Box | None) -> dict[str, Any]:
    if path is not None and box is None:
        return load_area(path)
    if box is not None and path is None:
        return box.as_polygon()
    raise typer.BadParameter("say where: either --area FILE or --bbox W,S,E,N.")
