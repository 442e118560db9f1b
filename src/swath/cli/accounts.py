"""`swath account`: who may use the service, and with how many credits. Works on the data folder, server or not."""

from typing import Annotated

import typer

from swath.cli.options import DEFAULT_DATA, DatabaseOption, DataOption, JsonOption
from swath.cli.output import build_table, print_json, print_table, say
from swath.cli.tables import build_facts_table
from swath.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Accounts, their credits and their credentials.")
clients = typer.Typer(no_args_is_help=True, help="Credentials of an account.")
app.add_typer(clients, name="client")

Name = Annotated[str, typer.Argument(metavar="NAME")]


@app.command("create")
def create_account(
    name: Name,
    credits: Annotated[int, typer.Option(min=0, metavar="N", help="Credits to start with.")] = 0,
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open an account and make its first credentials; the secret is shown once and never again."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        made = office.create_account(name, credits)
    _show_credentials(made, as_json)


@app.command("list")
def list_accounts(
    data: DataOption = DEFAULT_DATA, database_url: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Show all accounts with their credits and clients."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        accounts = office.list_accounts()
    if as_json:
        print_json(accounts)
        return
    columns = ("name", "free>", "held>", "charged>", "granted>", "clients", "id")
    rows = (
        (
            a["name"],
            a["free"],
            a["held"],
            a["charged"],
            a["granted"],
            _client_list(a["clients"]),
            a["account"],
        )
        for a in accounts
    )
    print_table(build_table("Accounts", columns, rows))


@app.command("credit")
def add_credits(
    name: Name,
    credits: Annotated[int, typer.Argument(metavar="N", min=1)],
    note: Annotated[str, typer.Option(metavar="TEXT", help="What for; kept in the ledger.")] = "",
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grant an account more credits."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        balance = office.add_credits(name, credits, note)
    print_json(balance) if as_json else print_table(build_facts_table(name, balance))


@clients.command("add")
def add_client(
    name: Name,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCOPE", help="What it may do; may be repeated. Without it, what customers may."
        ),
    ] = None,
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make one more pair of credentials for an account."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        made = office.add_client(name, scope)
    _show_credentials(made, as_json)


@clients.command("revoke")
def revoke_client(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT_ID")],
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Make credentials useless at once, tokens already given out included."""
    from swath.cli.office import open_office

    with open_office(Settings(data, database_url)) as office:
        office.revoke_client(client_id)
    say(f"{client_id} is revoked.")


def _show_credentials(made: dict[str, str], as_json: bool) -> None:
    if as_json:
        print_json(made)
    else:
        print_table(build_facts_table("Keep the secret: it is not shown again", made))


def _client_list(clients: list[dict[str, object]]) -> str:
    return ", ".join(f"{c['client_id']}{' (revoked)' if c['revoked'] else ''}" for c in clients)
