"""`swath schedule`: who captures what and when, as the operator of a data folder sees it."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from swath.cli.options import DEFAULT_DATA, DatabaseOption, DataOption, JsonOption
from swath.cli.output import build_table, print_json, print_table, say
from swath.settings import Settings

if TYPE_CHECKING:
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
def list_schedules(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 20,
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the versions of the schedule, newest first, and what caused each."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        found = office.list_schedules(limit)
    if as_json:
        print_json(found)
        return
    rows = ((v["version"], v["created"], v["cause"]["message"]) for v in found)
    print_table(build_table("Schedules", ("version>", "made", "because"), rows))


@app.command("show")
def show_schedule(
    version: VersionOption = None,
    look: Annotated[Look, typer.Option("--format", help="How to show it.")] = Look.TABLE,
    out: OutOption = None,
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Show a version of the schedule: a table, JSON, or a timeline as a picture."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        if look is Look.SVG:
            _put(office.write_sheet("svg", version), out)
            return
        schedule = office.read_schedule(version)
    if look is Look.JSON:
        print_json(schedule)
    else:
        print_table(_build_table(schedule))


@app.command("export")
def export_schedule(
    kind: Annotated[Export, typer.Option("--format", help="What to write.")],
    version: VersionOption = None,
    out: OutOption = None,
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Write a version of the schedule for other programs: a map, a table, a calendar, or a scene for CesiumJS."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        _put(office.write_sheet(kind.value, version), out)


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
