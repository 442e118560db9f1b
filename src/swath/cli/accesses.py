"""`swath access`: when satellites can see targets, from files to a file, without any server."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from swath.cli.options import parse_time
from swath.cli.output import progress_of, say


class Format(StrEnum):
    """What the accesses are written as."""

    CSV = "csv"
    JSON = "json"
    TABLE = "table"


def access(
    elements: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, metavar="FILE", help="Element sets: TLE or OMM.")
    ],
    targets: Annotated[
        Path,
        typer.Option(
            exists=True, dir_okay=False, metavar="FILE", help="CSV with columns target,lon_deg,lat_deg."
        ),
    ],
    start: Annotated[
        datetime, typer.Option(parser=parse_time, metavar="ISO", help="Beginning of the range.")
    ],
    end: Annotated[datetime, typer.Option(parser=parse_time, metavar="ISO", help="End of the range.")],
    min_elevation: Annotated[
        float, typer.Option(min=0, max=89.9, metavar="DEG", help="Least elevation of the satellite, degrees.")
    ] = 0.0,
    max_off_nadir: Annotated[
        float, typer.Option(min=0.01, max=90, metavar="DEG", help="Largest off-nadir angle, degrees.")
    ] = 90.0,
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.CSV,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, metavar="FILE", help="File to write; stdout without it.")
    ] = None,
) -> None:
    """Find when satellites can image targets, and from what angle.

    An access that the range cuts is listed with its true rise and set. Off-nadir is measured from the geodetic nadir;
    off-nadir and sun angles are those of the highest moment.
    """
    from swath.access.target_file import load_targets
    from swath.cli import access_table as tables

    sets, places = tables.load_elements(elements), load_targets(targets)
    search = tables.Search(start, end, min_elevation, max_off_nadir)
    found = 0
    with _opened(out) as stream, progress_of("targets", len(places)) as done_so_far:
        writer = tables.build_writer(form, stream)
        for done, rows in tables.find_rows(sets, places, search):
            writer.write(rows)
            found += len(rows)
            done_so_far(done)
        writer.end()
    say(f"{found} accesses of {len(sets)} satellites to {len(places)} targets.")


@contextmanager
def _opened(path: Path | None) -> Generator[TextIO]:
    """Standard output, or a file that appears under its name only when it is complete."""
    if path is None:
        yield sys.stdout
        return
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
