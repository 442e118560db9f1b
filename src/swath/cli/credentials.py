"""`swath account client`, `secret`, `token` and `key`: what programs prove themselves with, and how it ends."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from swath.cli.connection import with_registry
from swath.cli.options import AccountArgument, JsonOption, parse_duration
from swath.cli.output import build_table, print_json, say, show
from swath.cli.tables import build_issued_table
from swath.wire import ClientRecord, KeyRecord

if TYPE_CHECKING:
    from swath.oauth.registry import Registry

clients = typer.Typer(no_args_is_help=True, help="Credentials of an account.")
secrets = typer.Typer(no_args_is_help=True, help="Secrets of a client.")
tokens = typer.Typer(no_args_is_help=True, help="Access tokens that were given out.")
keys = typer.Typer(no_args_is_help=True, help="Keys that access tokens are signed with.")

ClientArgument = Annotated[str, typer.Argument(metavar="CLIENT_ID")]


def add_credential_commands(app: typer.Typer) -> None:
    """Put the groups of commands under `swath account`."""
    app.add_typer(clients, name="client")
    app.add_typer(secrets, name="secret")
    app.add_typer(tokens, name="token")
    app.add_typer(keys, name="key")


@clients.command("add")
@with_registry
def add_client(
    registry: "Registry",
    name: AccountArgument,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCOPE", help="What it may do; may be repeated. Without it, what customers may."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make one more pair of credentials for an account."""
    show(registry.add_client(name, scope), build_issued_table, as_json)


@clients.command("list")
@with_registry
def list_clients(
    registry: "Registry",
    name: AccountArgument,
    as_json: JsonOption = False,
) -> None:
    """Show the credentials of an account: scopes, and when each secret was made and ends."""
    show(registry.read_account(name).clients, _build_client_table, as_json)


@clients.command("revoke")
@with_registry
def revoke_client(
    registry: "Registry",
    client: ClientArgument,
    as_json: JsonOption = False,
) -> None:
    """Make credentials useless at once, tokens already given out included."""
    revoked = registry.revoke_client(client)
    if as_json:
        print_json(revoked.model_dump(mode="json"))
    else:
        say(f"{client} is revoked.")


@secrets.command("rotate")
@with_registry
def rotate_secret(
    registry: "Registry",
    client: ClientArgument,
    overlap: Annotated[
        timedelta | None,
        typer.Option(
            parser=parse_duration,
            metavar="DURATION",
            help="How long the last secret still holds, as PT6H; a day without it.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new secret of a client, which is shown once; the last one holds for a while more."""
    issued = registry.rotate_secret(client, timedelta(days=1) if overlap is None else overlap)
    show(issued, build_issued_table, as_json)


@tokens.command("revoke")
@with_registry
def revoke_token(
    registry: "Registry",
    given: Annotated[str, typer.Argument(metavar="TOKEN", help="The token; - reads stdin.")],
) -> None:
    """End one access token before its time; its client can fetch another."""
    registry.revoke_token((sys.stdin.read() if given == "-" else given).strip())
    say("The token is revoked.")


@keys.command("list")
@with_registry
def list_keys(registry: "Registry", as_json: JsonOption = False) -> None:
    """Show the keys that tokens are signed with, and when the last token of each will have ended."""
    show(registry.list_keys(), _build_key_table, as_json)


@keys.command("rotate")
@with_registry
def rotate_key(
    registry: "Registry",
    forget: Annotated[
        bool, typer.Option("--forget", help="A key was stolen: end every token given out so far.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Sign with a new key from now on; tokens of older keys hold to their end, unless --forget."""
    show(registry.rotate_key(forget=forget), _build_key_table, as_json)


def _build_client_table(found: Sequence[ClientRecord]) -> Table:
    columns = ("client", "scopes", "created (UTC)", "secrets", "ends (UTC)")
    rows = (
        (
            client.client_id,
            " ".join(client.scopes),
            client.created,
            "revoked" if client.revoked else len(client.secrets),
            client.secrets[0].ends if client.secrets else None,
        )
        for client in found
    )
    return build_table("Clients", columns, rows)


def _build_key_table(found: Sequence[KeyRecord]) -> Table:
    rows = ((key.kid, key.created, key.ends or "signs now") for key in found)
    return build_table("Signing keys", ("key", "created (UTC)", "ends (UTC)"), rows)
