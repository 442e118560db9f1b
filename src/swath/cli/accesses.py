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
from swath.cli.output import fail, progress_of, say


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
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="CSV with columns target,lon_deg,lat_deg, or GeoJSON of points and polygons.",
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
    min_off_nadir: Annotated[
        float, typer.Option(min=0, max=89.9, metavar="DEG", help="Least off-nadir angle, degrees.")
    ] = 0.0,
    satellites: Annotated[
        str,
        typer.Option(metavar="NAMES", help="Only these: names or catalogue numbers, separated by commas."),
    ] = "",
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.CSV,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, metavar="FILE", help="File to write; stdout without it.")
    ] = None,
) -> None:
    """Find when satellites can image targets, and from what angle.

    An access that the range cuts is listed with its true rise and set; one of a polygon lasts while any part of it is
    in reach. Off-nadir is measured from the geodetic nadir; off-nadir and sun angles are those of the highest moment.
    Of several element sets of a satellite the one nearest to the middle of the range is used. Satellites that cannot be
    propagated are named at the end, and the exit code is 1.
    """
    from swath.cli import access_search as searching
    from swath.cli.access_files import load_elements, load_targets
    from swath.cli.access_table import Answer, build_writer

    search = searching.AccessSearch(start, end, min_elevation, max_off_nadir, min_off_nadir)
    wanted = [name.strip() for name in satellites.split(",") if name.strip()]
    sets, notes = searching.choose_sets(load_elements(elements), wanted, search)
    answer = Answer(sets, load_targets(targets), search)
    for note in [*notes, *searching.tell_shared(answer.names)]:
        say(note)
    found = 0
    with _opened(out) as stream, progress_of("blocks", answer.blocks) as done_so_far:
        writer = build_writer(form, stream, answer)
        for count in writer.write(answer.find()):
            found += count
            done_so_far(answer.done)
        writer.end()
    say(searching.tell_found(found, sets, len(answer.names), search))
    if answer.failures:
        for sentence in searching.tell_failures(list(answer.failures.values())):
            fail(sentence)
        raise typer.Exit(1)


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
