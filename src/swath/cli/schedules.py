"""`swath schedule`: who captures what and when, as the operator of a data folder sees it."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from swath.cli.connection import with_operations
from swath.cli.options import JsonOption
from swath.cli.output import build_table, fail, print_json, print_table, say, waiting_for

if TYPE_CHECKING:
    from swath.cli.operations import Operations
    from swath.ops.documents import ScheduleDocument

app = typer.Typer(no_args_is_help=True, help="Schedules: show, export, make again.")

VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, metavar="N", help="A version; the latest without it.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", dir_okay=False, metavar="FILE", help="File instead of stdout.")
]


class Look(StrEnum):
    """How a schedule is shown."""

    TABLE = "table"
    JSON = "json"
    SVG = "svg"


class Export(StrEnum):
    """What other programs read."""

    GEOJSON = "geojson"
    CSV = "csv"
    ICS = "ics"
    CZML = "czml"


@app.command("list")
@with_operations
def list_schedules(
    operations: "Operations",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show the versions of the schedule, newest first, and what caused each."""
    found = operations.list_schedules(limit)
    if as_json:
        print_json(found)
        return
    rows = ((v["version"], v["created"], v["cause"]["message"]) for v in found)
    print_table(build_table("Schedules", ("version>", "made", "because"), rows))


@app.command("show")
@with_operations
def show_schedule(
    operations: "Operations",
    version: VersionOption = None,
    look: Annotated[Look, typer.Option("--format", help="How to show it.")] = Look.TABLE,
    out: OutOption = None,
) -> None:
    """Show a version of the schedule: a table, JSON, or a timeline as a picture."""
    if look is Look.SVG:
        _put(operations.write_sheet("svg", version), out)
        return
    schedule = operations.read_schedule(version)
    if look is Look.JSON:
        print_json(schedule)
    else:
        print_table(_build_table(schedule))


@app.command("export")
@with_operations
def export_schedule(
    operations: "Operations",
    kind: Annotated[Export, typer.Option("--format", help="What to write.")],
    version: VersionOption = None,
    out: OutOption = None,
) -> None:
    """Write a version of the schedule for other programs: a map, a table, a calendar, or a scene for CesiumJS."""
    _put(operations.write_sheet(kind.value, version), out)


@app.command("solve")
def solve_file(
    instance: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="Instance: JSON or SPOT5 (.spot), gzipped or not.",
        ),
    ],
    out: Annotated[Path, typer.Option(dir_okay=False, metavar="PLAN.json", help="File for the plan.")],
    seconds: Annotated[float, typer.Option(min=0.1, metavar="S", help="How long to look.")] = 10.0,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Random seed.")] = 0,
    iterations: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Rounds of improvement, for the same plan on any machine."),
    ] = None,
    flat: Annotated[bool, typer.Option("--flat", help="Emergencies weigh 3, not 50.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Choose what to capture, from a file to a file: the best plan found, and a bound on what any could reach."""
    if ".spot" in instance.suffixes:
        plan = _solve_spot(instance, seconds)
    else:
        plan = _solve_instance(instance, seconds, iterations, seed, flat)
    out.write_text(json.dumps(plan), "utf-8")
    if as_json:
        print_json(plan)
    else:
        bound = "no bound" if plan["gap"] is None else f"at most {100 * plan['gap']:.2f} % below the best"
        say(f"{len(plan['selected'])} captures worth {plan['value']:.0f}, {bound}; written to {out}.")


def _solve_instance(
    file: Path, seconds: float, iterations: int | None, seed: int, flat: bool
) -> dict[str, Any]:
    from swath.scheduling.solver.files import describe_plan, read_problem
    from swath.scheduling.solver.publish import solve_verified
    from swath.scheduling.solver.run import Budget
    from swath.scheduling.solver.warm_up import warm_up

    problem = read_problem(file, flat=flat)
    # The seconds are for looking, not for loading what was compiled.
    warm_up()
    return describe_plan(problem, solve_verified(problem.instance, Budget(seconds, iterations), seed))


def _solve_spot(file: Path, seconds: float) -> dict[str, Any]:
    """Photographs of SPOT5 have no classes, and to prove them takes no chance: only the seconds count."""
    from swath.scheduling.selections.exact import select
    from swath.scheduling.selections.spot5 import describe_selected, read_spot

    spot = read_spot(file)
    return describe_selected(spot, select(spot.selection, seconds=seconds))


@app.command("rerun")
@with_operations
def rerun_schedule(
    operations: "Operations",
    version: Annotated[int, typer.Argument(min=1, metavar="VERSION")],
    as_json: JsonOption = False,
) -> None:
    """Make a past version again from what it was made from, and say whether the same comes out, or what it changed."""
    with waiting_for("Solving"):
        again = operations.rerun_schedule(version)
    if as_json:
        print_json(again)
    elif again["same"]:
        say(_tell_rerun(again))
    if not again["same"]:
        fail(f"Version {version} comes out otherwise: {len(again['differences'])} lines differ.")
        raise typer.Exit(1)


def _tell_rerun(again: Mapping[str, Any]) -> str:
    version = again["version"]
    if again["made_by"] == "change":
        changes = (f"{one['request_id']} was {one['change']}" for one in again["changes"])
        return f"Version {version} had not to be computed. {again['cause']['message']} {'; '.join(changes)}."
    worth = f" worth {again['value']:.0f}" if again["made_by"] == "plan" else ", by an instant answer"
    return f"Version {version} comes out the same: {again['captures']} captures{worth}."


def _put(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    # As it is: calendars and tables end their lines in their own way.
    out.write_text(text, "utf-8", newline="")
    say(f"Written to {out}.")


def _build_table(schedule: "ScheduleDocument") -> Table:
    columns = (
        "start (UTC)",
        "satellite",
        "class",
        "roll>",
        "pitch>",
        "command by (UTC)",
        "commanded",
        "request",
    )
    rows = (
        (
            line["start"][:19].replace("T", " "),
            line["satellite"],
            line["priority"],
            f"{line['roll_deg']:.2f}°",
            f"{line['pitch_deg']:.2f}°",
            line["uplink_by"][:19].replace("T", " "),
            "yes" if line["frozen"] else "",
            line["request_id"],
        )
        for line in schedule["activities"]
    )
    return build_table(f"Schedule {schedule['version']}", columns, rows)
