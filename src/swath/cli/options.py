"""Options that several commands share, and how their text is read. Wrong use is said here and ends with exit code 2."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from swath import wire
from swath.settings import Notices

DEFAULT_DATA = Path("swath-data")
DEFAULT_URL = "http://127.0.0.1:8000"


def parse_time(text: str) -> datetime:
    """An ISO 8601 time with its zone, as UTC; raises typer.BadParameter."""
    try:
        at = datetime.fromisoformat(text)
        in_utc = at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(
            f"{text!r} is no ISO 8601 time; write it like 2026-08-22T12:00:00Z."
        ) from error
    if at.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no time zone; write 2026-08-22T12:00:00Z, with Z for UTC.")
    return in_utc


def parse_duration(text: str) -> timedelta:
    """An ISO 8601 duration such as PT6H or P1D; raises typer.BadParameter."""
    try:
        return wire.parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from error


def parse_url(text: str) -> str:
    """The address of a server; raises typer.BadParameter."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise typer.BadParameter(f"{text!r} is no address; write it like {DEFAULT_URL}.")
    return text


def parse_proxy(text: str) -> str:
    """An address or a network; raises typer.BadParameter."""
    try:
        ip_network(text, strict=False)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is neither an address nor a network such as 10.0.0.0/8."
        ) from error
    return text


def parse_notices(text: str) -> Notices:
    """Of a house that promises NORMAL requests so long before their commands freeze; raises typer.BadParameter."""
    try:
        return Notices(normal=parse_duration(text))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


AccountArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name or id of the account.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many at most.")]
DataOption = Annotated[
    Path,
    typer.Option(
        "--data", metavar="DIR", envvar="SWATH_DATA", help="Folder that holds everything the service keeps."
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        metavar="URL",
        envvar="SWATH_DATABASE_URL",
        help="SQLite database elsewhere than in the data folder, as sqlite:////srv/swath.db.",
    ),
]
NoticesOption = Annotated[
    Notices | None,
    typer.Option(
        "--notice",
        parser=parse_notices,
        metavar="DURATION",
        envvar="SWATH_NOTICE",
        help="Promise NORMAL requests so long before their commands freeze, as PT8H; at once without it.",
    ),
]
UrlOption = Annotated[
    str,
    typer.Option(
        "--url", parser=parse_url, metavar="URL", envvar="SWATH_URL", help="Address of the service."
    ),
]
ClientIdOption = Annotated[
    str,
    typer.Option("--client-id", metavar="ID", envvar="SWATH_CLIENT_ID", help="Client id of your account."),
]
ClientSecretOption = Annotated[
    str,
    typer.Option(
        "--client-secret",
        metavar="SECRET",
        envvar="SWATH_CLIENT_SECRET",
        help="Its secret; better given by the environment.",
    ),
]
