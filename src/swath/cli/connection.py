"""Gives a command what it works on, a service or a data folder, and the options that say which."""

import functools
import inspect
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from swath.cli.options import (
    DEFAULT_DATA,
    DEFAULT_URL,
    ClientIdOption,
    ClientSecretOption,
    DatabaseOption,
    DataOption,
    UrlOption,
)
from swath.client import Swath
from swath.errors import NotFound
from swath.settings import Settings

if TYPE_CHECKING:
    from swath.cli.operations import Operations
    from swath.oauth.registry import Registry

Command = Callable[..., None]
Options = Sequence[inspect.Parameter]

_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_SERVICE = (
    inspect.Parameter("context", _KEYWORD, annotation=typer.Context),
    inspect.Parameter("url", _KEYWORD, annotation=UrlOption, default=DEFAULT_URL),
    inspect.Parameter("client_id", _KEYWORD, annotation=ClientIdOption),
    inspect.Parameter("client_secret", _KEYWORD, annotation=ClientSecretOption),
)
_DATA_FOLDER = (
    inspect.Parameter("data", _KEYWORD, annotation=DataOption, default=DEFAULT_DATA),
    inspect.Parameter("database_url", _KEYWORD, annotation=DatabaseOption, default=None),
)


def with_service(command: Command) -> Command:
    """The command with `--url`, `--client-id` and `--client-secret`, called with the service as its first argument.

    The context's object, where there is one, is the transport that carries the calls.
    """
    return _give(command, _SERVICE, _connect)


def with_registry(command: Command) -> Command:
    """The command with `--data` and `--database-url`, called with the accounts of that data folder."""
    return _give(command, _DATA_FOLDER, partial(_open_registry, new=False))


def with_new_registry(command: Command) -> Command:
    """The same of a data folder that may be made by it."""
    return _give(command, _DATA_FOLDER, partial(_open_registry, new=True))


def with_operations(command: Command) -> Command:
    """The command with `--data` and `--database-url`, called with the operations on that data folder."""
    return _give(command, _DATA_FOLDER, partial(_open_operations, new=False))


def with_new_operations(command: Command) -> Command:
    """The same of a data folder that may be made by it."""
    return _give(command, _DATA_FOLDER, partial(_open_operations, new=True))


def require_data(settings: Settings) -> None:
    """Raises NotFound where no service has begun: a slip in a name must not make a folder."""
    if settings.database_url is None and not settings.database.exists():
        raise NotFound(
            f"There is no service's data in {settings.data}; --data names its folder, "
            f"and swath serve --data {settings.data} would begin one."
        )


def _connect(context: typer.Context, url: str, client_id: str, client_secret: str) -> Swath:
    return Swath(url, client_id, client_secret, transport=context.obj)


# Imported when they are needed: whoever only talks to a service has none of the server's packages.


@contextmanager
def _open_registry(data: Path, database_url: str | None, *, new: bool) -> "Generator[Registry]":
    from swath.cli.operations import open_registry

    with open_registry(_find_data(data, database_url, new)) as registry:
        yield registry


@contextmanager
def _open_operations(data: Path, database_url: str | None, *, new: bool) -> "Generator[Operations]":
    from swath.cli.operations import open_operations

    with open_operations(_find_data(data, database_url, new)) as operations:
        yield operations


def _find_data(data: Path, database_url: str | None, new: bool) -> Settings:
    settings = Settings(data, database_url)
    if not new:
        require_data(settings)
    return settings


def _give(command: Command, options: Options, open_it: Callable[..., AbstractContextManager[Any]]) -> Command:
    @functools.wraps(command)
    def run(**given: Any) -> None:
        with open_it(*(given.pop(option.name) for option in options)) as what:
            command(what, **given)

    signature = _with_options(inspect.signature(command), options)
    # Typer reads no more than these two.
    run.__signature__ = signature  # pyright: ignore[reportAttributeAccessIssue]
    run.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    return run


def _with_options(signature: inspect.Signature, options: Options) -> inspect.Signature:
    """Without what comes first and is no option, with what it takes to open it."""
    _, *own = signature.parameters.values()
    return signature.replace(parameters=[*(one.replace(kind=_KEYWORD) for one in own), *options])
