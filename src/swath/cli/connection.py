"""Gives a command its connection to a service, and the options that say which."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from swath.cli.options import DEFAULT_URL, ClientIdOption, ClientSecretOption, UrlOption
from swath.client import Swath

P = ParamSpec("P")

_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_OPTIONS = (
    inspect.Parameter("url", _KEYWORD, annotation=UrlOption, default=DEFAULT_URL),
    inspect.Parameter("client_id", _KEYWORD, annotation=ClientIdOption),
    inspect.Parameter("client_secret", _KEYWORD, annotation=ClientSecretOption),
)


def connected(command: Callable[Concatenate[Swath, P], None]) -> Callable[..., None]:
    """The command with `--url`, `--client-id` and `--client-secret`, called with the service as its first argument."""

    @functools.wraps(command)
    def run(**given: Any) -> None:
        url, client_id, client_secret = (given.pop(option.name) for option in _OPTIONS)
        with Swath(url, client_id, client_secret) as service:
            command(service, **given)

    run.__signature__ = _with_options(inspect.signature(command))  # pyright: ignore[reportAttributeAccessIssue]
    return run


def _with_options(signature: inspect.Signature) -> inspect.Signature:
    _, *own = signature.parameters.values()
    keyword_only: list[Any] = [parameter.replace(kind=_KEYWORD) for parameter in own]
    return signature.replace(parameters=[*keyword_only, *_OPTIONS])
