"""`swath account`: who may use the service, and with how many credits. Works on the data folder, server or not."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from swath.cli.credentials import add_credential_commands
from swath.cli.options import DEFAULT_DATA, AccountArgument, DatabaseOption, DataOption, JsonOption
from swath.cli.output import build_table, show
from swath.cli.tables import build_facts_table, build_issued_table
from swath.settings import Settings
from swath.wire import AccountRecord, ClientRecord

app = typer.Typer(no_args_is_help=True, help="Accounts, their credits and their credentials.")
add_credential_commands(app)


@app.command("create")
def create_account(
    name: AccountArgument,
    credits: Annotated[int, typer.Option(min=0, metavar="N", help="Credits to start with.")] = 0,
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open an account and make its first credentials; the secret is shown once and never again."""
    from swath.cli.office import open_registry

    with open_registry(Settings(data, database_url)) as registry:
        issued = registry.create_account(name, credits)
    show(issued, build_issued_table, as_json)


@app.command("list")
def list_accounts(
    data: DataOption = DEFAULT_DATA, database_url: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Show all accounts with their credits and clients."""
    from swath.cli.office import open_registry

    with open_registry(Settings(data, database_url)) as registry:
        accounts = registry.list_accounts()
    show(accounts, _build_account_table, as_json)


@app.command("credit")
def add_credits(
    name: AccountArgument,
    credits: Annotated[int, typer.Argument(metavar="N", min=1)],
    note: Annotated[str, typer.Option(metavar="TEXT", help="What for; kept in the ledger.")] = "",
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grant an account more credits."""
    from swath.cli.office import open_registry

    with open_registry(Settings(data, database_url)) as registry:
        funds = registry.add_credits(name, credits, note)
    show(funds, lambda told: build_facts_table(name, told.model_dump()), as_json)


def _build_account_table(accounts: Sequence[AccountRecord]) -> Table:
    columns = ("name", "free>", "held>", "charged>", "granted>", "clients", "id")
    rows = (
        (a.name, a.free, a.held, a.charged, a.granted, _list_clients(a.clients), a.account) for a in accounts
    )
    return build_table("Accounts", columns, rows)


def _list_clients(clients: Sequence[ClientRecord]) -> str:
    return ", ".join(f"{client.client_id}{' (revoked)' if client.revoked else ''}" for client in clients)
