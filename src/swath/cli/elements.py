"""`swath elements`: the orbits that everything is computed from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swath.cli.connection import with_new_operations, with_operations
from swath.cli.options import JsonOption
from swath.cli.output import build_table, print_json, print_table, say, waiting_for

if TYPE_CHECKING:
    from swath.cli.operations import Operations

app = typer.Typer(no_args_is_help=True, help="Element sets: take in, refresh, show their age.")


@app.command("import")
@with_new_operations
def import_elements(
    operations: "Operations",
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
) -> None:
    """Take in element sets from a file (TLE, or OMM as JSON, XML, CSV or KVN); those of the fleet are kept."""
    _tell(operations.import_elements(file))


@app.command("refresh")
@with_new_operations
def refresh_elements(
    operations: "Operations",
    source: Annotated[
        str | None, typer.Option(metavar="URL", help="GP query to ask; CelesTrak's without it.")
    ] = None,
) -> None:
    """Fetch the newest element sets of the fleet from CelesTrak."""
    with waiting_for("Fetching element sets"):
        fresh = operations.refresh_elements(source)
    _tell(fresh)


@app.command("list")
@with_operations
def list_elements(operations: "Operations", as_json: JsonOption = False) -> None:
    """Show the newest element set of each satellite and its age."""
    found = operations.list_elements()
    if as_json:
        print_json(found)
        return
    columns = ("satellite", "NORAD>", "epoch (UTC)", "age>", "source")
    rows = ((e["satellite"], e["norad_id"], e["epoch"], f"{e['age_days']:.1f} d", e["source"]) for e in found)
    print_table(build_table("Elements", columns, rows))


def _tell(fresh: list[str]) -> None:
    if fresh:
        say(f"Newer elements of {', '.join(fresh)}; open plans are searched again.")
    else:
        say("Nothing newer than what was there.")
