"""The command line: puts the commands together, and turns errors into one sentence and an exit code.

Exit codes: 0 done, 1 failed, 2 wrong use. What programs read goes to stdout, everything else to stderr.
"""

import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import httpx
import typer

from swath import __version__
from swath.cli import accounts, elements, plans, requests, schedules
from swath.cli.accesses import access
from swath.cli.clock import move_clock
from swath.cli.demo import demo
from swath.cli.output import fail
from swath.cli.serving import serve, work
from swath.cli.study import study
from swath.cli.throwaway import DemoFailed
from swath.client import ClientError
from swath.errors import SwathError

FAILED = 1
HELP = "Open satellite tasking: plans, candidates, schedules and images on real orbits."


def build_app(transport: httpx.BaseTransport | None = None) -> typer.Typer:
    """All commands under `swath`; calls to a service go through `transport` where one is given."""

    def root(
        context: typer.Context,
        version: Annotated[
            bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
        ] = False,
    ) -> None:
        context.obj = transport

    app = typer.Typer(
        name="swath",
        help=HELP,
        callback=root,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    _add_commands(app)
    return app


def main(arguments: Sequence[str] | None = None, transport: httpx.BaseTransport | None = None) -> NoReturn:
    """Run a command line, that of the process by default, and leave with its exit code (SystemExit)."""
    try:
        build_app(transport)(arguments)
    except (ClientError, SwathError, DemoFailed) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}." if error.filename else f"{error}.")
    except ModuleNotFoundError as error:
        if (error.name or "swath").startswith("swath"):
            raise
        fail(
            f"This command needs the server's packages ({error.name} is missing): pip install 'swath[server]'"
        )
    sys.exit(FAILED)


def _add_commands(app: typer.Typer) -> None:
    app.command("demo")(demo)
    app.command("serve")(serve)
    app.command("worker")(work)
    app.add_typer(accounts.app, name="account")
    app.add_typer(elements.app, name="elements")
    app.command("access")(access)
    app.command("study")(study)
    app.add_typer(plans.app, name="plan")
    app.command("candidates")(plans.list_candidates)
    app.add_typer(requests.app, name="request")
    app.add_typer(schedules.app, name="schedule")
    app.command("clock")(move_clock)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit
