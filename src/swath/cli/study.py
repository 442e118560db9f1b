"""`swath study`: accesses, revisits and coverage of many areas by a fleet, from files to files, without any server."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from swath.cli.options import JsonOption, parse_time


def study(
    areas: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="GeoJSON of polygons or points, or CSV with columns target,lon_deg,lat_deg.",
        ),
    ],
    start: Annotated[
        datetime, typer.Option(parser=parse_time, metavar="ISO", help="Beginning of the range.")
    ],
    end: Annotated[
        datetime, typer.Option(parser=parse_time, metavar="ISO", help="Its end, at most 400 days later.")
    ],
    out: Annotated[Path, typer.Option(file_okay=False, metavar="DIR", help="Folder for the files.")],
    elements: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="Element sets: TLE or OMM; else the bundled ones.",
        ),
    ] = None,
    fleet: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="Fleet file (TOML); else the bundled GRUS fleet.",
        ),
    ] = None,
    swath_km: Annotated[
        float | None,
        typer.Option(
            "--swath",
            min=0.1,
            max=3_000,
            metavar="KM",
            help="Instead of a fleet: each element set is a satellite with a swath so wide.",
        ),
    ] = None,
    satellite: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A satellite to take; may be repeated. Without it, all."),
    ] = None,
    max_off_nadir: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            max=60,
            metavar="DEG",
            help="Largest off-nadir angle; else what each satellite can, 30 with --swath.",
        ),
    ] = None,
    min_sun: Annotated[
        float | None,
        typer.Option(
            min=-90,
            max=90,
            metavar="DEG",
            help="Least sun elevation, -90 for day and night; else the fleet's limit.",
        ),
    ] = None,
    min_coverage: Annotated[
        float,
        typer.Option(
            min=0,
            max=100,
            metavar="PERCENT",
            show_default=False,
            help="What of an area an access must cover to count as a revisit; 1 without it.",
        ),
    ] = 1.0,
    name_property: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Property that areas are called by; else name, title or id."),
    ] = None,
    point_size: Annotated[
        float,
        typer.Option(
            min=0.01,
            max=150,
            metavar="KM",
            show_default=False,
            help="Size of the square that stands for a point; 1 km without it.",
        ),
    ] = 1.0,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            metavar="N",
            help="Processes; else one for small studies, as many as there are processors for large ones.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find which captures satellites could make of areas, how often they come back, and how coverage grows.

    Writes captures.csv, revisit.csv, coverage.csv, captures.geojson, areas.geojson, study.json and study.png to a
    folder. Each area is looked at by itself, and nobody commands anything: no account, no plan, no ground station.
    """
    if swath_km is not None and fleet is not None:
        raise typer.BadParameter("--swath and --fleet both say what the satellites are; give one of them.")
    from swath.cli import study_steps as steps

    sources = steps.Sources(areas, elements, fleet, swath_km)
    limits = steps.Limits(start, end, max_off_nadir, min_sun, min_coverage)
    made = steps.build_study(sources, limits, satellite or (), name_property, point_size)
    steps.tell_before(made, () if satellite else sources.list_satellites())
    written = steps.run(made, sources, out, jobs)
    steps.show(written, as_json)
    steps.tell_after(written, out)
