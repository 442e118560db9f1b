"""Gives a command its connection to a service, and the options that say which."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import typer

from swath.cli.options import DEFAULT_URL, ClientIdOption, ClientSecretOption, UrlOption
from swath.client import Swath

_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_CONTEXT = inspect.Parameter("context", _KEYWORD, annotation=typer.Context)
_OPTIONS = (
    inspect.Parameter("url", _KEYWORD, annotation=UrlOption, default=DEFAULT_URL),
    inspect.Parameter("client_id", _KEYWORD, annotation=ClientIdOption),
    inspect.Parameter("client_secret", _KEYWORD, annotation=ClientSecretOption),
)


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """The command with `--url`, `--client-id` and `--client-secret`, called with the service as its first argument.

    The context's object, where there is one, is the transport that carries the calls.
    """

    @functools.wraps(command)
    def run(**given: Any) -> None:
        context: typer.Context = given.pop("context")
        url, client_id, client_secret = (given.pop(option.name) for option in _OPTIONS)
        with Swath(url, client_id, client_secret, transport=context.obj) as service:
            command(service, **given)

    run.__signature__ = _with_options(inspect.signature(command))  # pyright: ignore[reportAttributeAccessIssue]
    return run


def _with_options(signature: inspect.Signature) -> inspect.Signature:
    """Without the service that comes first, with what it takes to reach it. Typer reads no more than this."""
    _, *own = signature.parameters.values()
    keywords = [parameter.replace(kind=_KEYWORD) for parameter in own]
    return signature.replace(parameters=[_CONTEXT, *keywords, *_OPTIONS])
