"""Writes docs/reference/cli.md from the commands themselves: `python scripts/build_cli_reference.py`.

A test compares the file with what this makes, so a command or an option cannot change undocumented.
"""

from collections.abc import Iterable, Iterator
from enum import EnumType
from pathlib import Path
from typing import Any, get_args

import typer.main

from swath.cli.main import build_app

PATH = Path(__file__).parent.parent / "docs" / "reference" / "cli.md"

HEAD = """\
# The command line

<!-- Made by scripts/build_cli_reference.py; change the commands, not this file. -->

Exit codes: **0** done, **1** failed (one sentence on stderr says why), **2** wrong use. What programs read goes to
stdout, everything else to stderr; `--json` prints the documents of the API as they came. Times are ISO 8601 with a
zone, angles and coordinates degrees, longitude first.

Options that many commands share are told here once:

| commands | option | meaning |
| --- | --- | --- |
{shared}
"""


# Which commands share which options, and the words for it.
SHARED = {
    "url": "talk to a service",
    "client_id": "talk to a service",
    "client_secret": "talk to a service",
    "data": "work on a data folder",
    "database_url": "work on a data folder",
    "as_json": "print JSON too",
}


def build_reference() -> str:
    """The whole document."""
    commands = list(_leaves("swath", typer.main.get_command(build_app())))
    sections = [_section(name, command) for name, command in commands]
    return "\n".join([HEAD.format(shared=_shared_rows(command for _, command in commands)), *sections])


def _shared_rows(commands: Iterable[Any]) -> str:
    found = {
        option.name: option for command in commands for option in command.params if option.name in SHARED
    }
    return "\n".join(f"| that {words} {_row(found[name])}" for name, words in SHARED.items())


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command with its full name, in the order of the program's own help."""
    if not hasattr(command, "commands"):
        yield name, command
        return
    for child, inner in command.commands.items():
        yield from _leaves(f"{name} {child}", inner)


def _section(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name not in ("help", *SHARED)]
    shared = dict.fromkeys(SHARED[p.name] for p in command.params if p.name in SHARED)
    usage = " ".join(
        [name, *(str(argument.metavar or argument.name).upper() for argument in arguments), "[OPTIONS]"]
    )
    lines = [f"## {name}", "", f"    {usage}", "", command.help.strip(), ""]
    if options:
        lines += ["| option | meaning |", "| --- | --- |", *map(_row, options), ""]
    if shared:
        lines += [f"Shared options: those of commands that {', and of those that '.join(shared)}.", ""]
    return "\n".join(lines)


def _row(option: Any) -> str:
    names = "`, `".join([*option.opts, *option.secondary_opts])
    return f"| `{names}{_value(option)}` | {option.help}{_notes(option)} |"


def _value(option: Any) -> str:
    if option.is_flag:
        return ""
    kind = option.type_descriptor.annotation
    choices = [choice.value for choice in kind] if issubclass(type(kind), EnumType) else get_args(kind)
    return " " + (option.metavar or r"\|".join(choices))


def _notes(option: Any) -> str:
    notes = ["required"] if option.required else []
    if (
        option.default not in (None, False, True, "", [], ())
        and not callable(option.default)
        and not option.required
    ):
        notes.append(f"default `{option.default}`")
    if option.envvar:
        notes.append(f"environment `{option.envvar}`")
    return f" ({', '.join(notes)})" if notes else ""


if __name__ == "__main__":
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(build_reference(), "utf-8")
