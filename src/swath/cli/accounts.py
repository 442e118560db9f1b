"""`swath account`: who may use the service, and with how many credits. Works on the data folder, server or not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from swath.cli.connection import with_new_registry, with_registry
from swath.cli.credentials import add_credential_commands
from swath.cli.options import AccountArgument, JsonOption
from swath.cli.output import build_table, show
from swath.cli.tables import build_facts_table, build_issued_table
from swath.wire import AccountRecord, ClientRecord

if TYPE_CHECKING:
    from swath.oauth.registry import Registry

app = typer.Typer(no_args_is_help=True, help="Accounts, their credits and their credentials.")
add_credential_commands(app)


@app.command("create")
@with_new_registry
def create_account(
    registry: "Registry",
    name: AccountArgument,
    credits: Annotated[int, typer.Option(min=0, metavar="N", help="Credits to start with.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Open an account and make its first credentials; the secret is shown once and never again."""
    show(registry.create_account(name, credits), build_issued_table, as_json)


@app.command("list")
@with_registry
def list_accounts(registry: "Registry", as_json: JsonOption = False) -> None:
    """Show all accounts with their credits and clients."""
    show(registry.list_accounts(), _build_account_table, as_json)


@app.command("credit")
@with_registry
def add_credits(
    registry: "Registry",
    name: AccountArgument,
    credits: Annotated[int, typer.Argument(metavar="N", min=1)],
    note: Annotated[str, typer.Option(metavar="TEXT", help="What for; kept in the ledger.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Grant an account more credits."""
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
