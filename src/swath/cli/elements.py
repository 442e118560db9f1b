"""`swath elements`: the orbits that everything is computed from."""

from pathlib import Path
from typing import Annotated

import typer

from swath.cli.options import DEFAULT_DATA, DatabaseOption, DataOption, JsonOption
from swath.cli.output import build_table, print_json, print_table, say, waiting_for
from swath.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Element sets: take in, refresh, show their age.")


@app.command("import")
def import_elements(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Take in element sets from a file (TLE, or OMM as JSON, XML, CSV or KVN); those of the fleet are kept."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        fresh = office.import_elements(file)
    _tell(fresh)


@app.command("refresh")
def refresh_elements(
    source: Annotated[
        str | None, typer.Option(metavar="URL", help="GP query to ask; CelesTrak's without it.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Fetch the newest element sets of the fleet from CelesTrak."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office, waiting_for("Fetching element sets"):
        fresh = office.refresh_elements(source)
    _tell(fresh)


@app.command("list")
def list_elements(
    data: DataOption = DEFAULT_DATA, database_url: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Show the newest element set of each satellite and its age."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        found = office.list_elements()
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
