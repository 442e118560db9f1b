"""`swath serve` and `swath worker`: the service itself."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from swath.cli.connection import require_data
from swath.cli.options import (
    DEFAULT_DATA,
    DatabaseOption,
    DataOption,
    NoticesOption,
    parse_proxy,
    parse_time,
    parse_url,
)
from swath.cli.output import say
from swath.settings import DEFAULT_AUDIENCE, LOOPBACK, Notices, PageLimits, Settings


def serve(
    data: DataOption = DEFAULT_DATA,
    host: Annotated[str, typer.Option(metavar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="Port to listen on.")] = 8000,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Simulated time and a simulated constellation.")
    ] = False,
    clock: Annotated[
        datetime | None,
        typer.Option(parser=parse_time, metavar="ISO", help="Where a new sandbox's time begins."),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            parser=parse_url,
            metavar="URL",
            help="Address that links carry, behind a proxy; else that of each call.",
        ),
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            parser=parse_proxy,
            metavar="ADDRESS",
            help="A proxy whose X-Forwarded headers tell who calls, as address or network; may be repeated.",
        ),
    ] = None,
    audience: Annotated[
        str, typer.Option(metavar="URI", help="Audience that access tokens are issued for.")
    ] = DEFAULT_AUDIENCE,
    fleet: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="Fleet file (TOML), kept in the data folder for all who work on it; else the one kept there, "
            "or the bundled one.",
        ),
    ] = None,
    page_limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10_000,
            metavar="N",
            help="Greatest limit of all lists of the Tasking API, instead of the documented 20 and 100.",
        ),
    ] = None,
    notices: NoticesOption = None,
    database_url: DatabaseOption = None,
) -> None:
    """Run the service: API and worker in one process, everything it keeps in one folder."""
    if clock is not None and not sandbox:
        raise typer.BadParameter("--clock moves simulated time; it needs --sandbox.")
    from swath import bootstrap

    settings = Settings(
        data,
        database_url,
        sandbox,
        host,
        port,
        public_url=public_url,
        proxies=tuple(proxy or LOOPBACK),
        audience=audience,
        fleet_file=fleet,
        sandbox_start=clock,
        notices=notices or Notices(),
        page_limits=PageLimits() if page_limit is None else PageLimits.same(page_limit),
    )

    def tell(address: str) -> None:
        say(f"swath listens on {address}, data in {data}. End it with ctrl-C.")

    bootstrap.serve(settings, tell)


def work(
    data: DataOption = DEFAULT_DATA, notices: NoticesOption = None, database_url: DatabaseOption = None
) -> None:
    """Run one more worker beside a running service, on the same data."""
    from swath import bootstrap

    settings = Settings(data, database_url, notices=notices or Notices())
    require_data(settings)
    say(f"A worker on {data}. End it with ctrl-C.")
    bootstrap.run_worker(settings)
