"""Options that several commands share, and how their text is read. Wrong use is said here and ends with exit code 2."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer


def parse_time(text: str) -> datetime:
    """An ISO 8601 time with its zone, as UTC; raises typer.BadParameter."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no ISO 8601 time; write it like 2026-08-22T12:00:00Z."
        ) from error
    if at.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no time zone; write {text}Z for UTC.")
    return at.astimezone(UTC)


TimeText = typer.Option(parser=parse_time, metavar="ISO")

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
DataOption = Annotated[
    Path, typer.Option("--data", envvar="SWATH_DATA", help="Folder that holds everything the service keeps.")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database-url", envvar="SWATH_DATABASE_URL", help="Database; by default a file in the data folder."
    ),
]
DEFAULT_DATA = Path("swath-data")
