"""`swath clock`: simulated time, where the service is a sandbox."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from swath.cli.connection import with_service
from swath.cli.options import JsonOption, parse_duration, parse_time
from swath.cli.output import print_json, print_table, waiting_for
from swath.cli.tables import build_facts_table
from swath.client import ClockReading, Swath
from swath.wire import format_time


@with_service
def move_clock(
    service: Swath,
    to: Annotated[
        datetime | None, typer.Option(parser=parse_time, metavar="ISO", help="Move time to here.")
    ] = None,
    by: Annotated[
        timedelta | None,
        typer.Option(parser=parse_duration, metavar="DURATION", help="Move time on, as PT6H."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the simulated time of a sandbox, or move it; everything due on the way happens."""
    if to is not None and by is not None:
        raise typer.BadParameter("say --to or --by, not both.")
    with waiting_for("Time goes by"):
        reading = _moved(service, to, by)
    if as_json:
        print_json({"now": format_time(reading.now), "rate": reading.rate})
    else:
        print_table(build_facts_table("Sandbox", {"now (UTC)": reading.now, "rate": f"{reading.rate:g}"}))


def _moved(service: Swath, to: datetime | None, by: timedelta | None) -> ClockReading:
    if to is not None:
        return service.advance_to(to)
    return service.clock() if by is None else service.advance_by(by)
