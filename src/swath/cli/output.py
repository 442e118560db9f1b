"""Where words go: documents and tables to stdout, everything else to stderr."""

import json
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO, TypeVar, cast

from pydantic import BaseModel
from rich.console import Console
from rich.measure import Measurement
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

T = TypeVar("T")

# What a pipe gets, where nobody can say how wide the paper is: wide enough that no id is broken.
PIPE_WIDTH, WIDEST = 200, 10_000


def show(things: T, build: Callable[[T], Table], as_json: bool) -> None:
    """What the service answered: as it came, for programs, or as the table that `build` makes of it, for people."""
    if as_json:
        print_json(_document(things))
    else:
        print_table(build(things))


def print_json(value: Any) -> None:
    """One JSON document to stdout, for programs."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def print_table(table: Table, stream: TextIO | None = None) -> None:
    """A table for people, to stdout or where else it shall go; one with ids never breaks lines, for they are copied."""
    console = _console(stream or sys.stdout)
    if any(column.no_wrap for column in table.columns):
        most = console.options.update(width=WIDEST)
        console.width = max(console.width, Measurement.get(console, most, table).maximum)
    console.print(table)


def build_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of plain cells; a column whose name ends in ">" is set to the right.

    Cells are text as it is: what customers typed is never taken for markup.
    """
    table = Table(title=Text(title, style="bold"), title_justify="left", header_style="bold cyan", box=None)
    for column in columns:
        name = column.removesuffix(">")
        justify = "right" if name != column else "left"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=name == "id")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    return table


def print_line(line: str, style: str = "") -> None:
    """One line for people, to stdout, at once."""
    _console(sys.stdout).print(Text(line, style=style), soft_wrap=True)
    sys.stdout.flush()


def say(sentence: str, style: str = "") -> None:
    """One line for people, to stderr."""
    _console(sys.stderr).print(Text(sentence, style=style), soft_wrap=True)


def fail(sentence: str) -> None:
    """Say what went wrong, to stderr."""
    say(f"Error: {sentence}", "red")


@contextmanager
def waiting_for(what: str) -> Generator[None]:
    """Show on a terminal that something takes its time."""
    with _console(sys.stderr).status(Text(what)):
        yield


def show_time(at: datetime | str | None) -> str:
    """A time as people read it: UTC to the second; nothing for None."""
    if at is None:
        return ""
    parsed = datetime.fromisoformat(at) if isinstance(at, str) else at
    return parsed.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _document(things: object) -> Any:
    if isinstance(things, BaseModel):
        return things.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(things, Sequence):
        return [_document(thing) for thing in cast("Sequence[object]", things)]
    return things


def _cell(value: object) -> str:
    if value is None:
        return ""
    return show_time(value) if isinstance(value, datetime) else str(value)


def _console(stream: TextIO) -> Console:
    return Console(file=stream, width=None if stream.isatty() else PIPE_WIDTH, highlight=False)


@contextmanager
def progress_of(things: str, total: int) -> Generator[Callable[[int], None]]:
    """A bar on a terminal, gone when done; the function given takes how many are done so far."""
    console = _console(sys.stderr)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(things, total=total)
        yield lambda done: progress.update(bar, completed=done)
