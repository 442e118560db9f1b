"""The server that the suites are run against, and the ways into it."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from swath.api.links import API
from swath.cli.throwaway import ACCOUNT, Throwaway, find_free_port, running_server

# Names a database with PostGIS for the layers.
POSTGRES = "SWATH_CONFORMANCE_POSTGRES"
PROXY = Path(__file__).parent / "copied" / "auth_proxy.py"
CREDITS = 1_000
# The official suite walks five pages: with the documented limits it would not see all plans and candidates.
SERVER_OPTIONS = ("--page-limit", "2500")


@dataclass(frozen=True)
class Target:
    """A server with an account: its address, a token for it, and an address that adds the token for who cannot.

    `operator` is another client's token, for the doors that are not for customers. `layers` has the addresses of the
    CQL2 standard's layers, by the kind of database that they are in.
    """

    url: str
    proxy: str
    client_id: str
    client_secret: str
    token: str
    operator: str
    layers: Mapping[str, str]

    @property
    def tasking(self) -> str:
        return self.url + API

    @property
    def stac(self) -> str:
        return f"{self.url}/stac/v1"

    def get(self, url: str, **params: Any) -> Any:
        """The JSON document at an address of the server."""
        return self._call("GET", url, params=params or None).json()

    def add_fault(self, request_id: str, kind: str) -> None:
        """Make something go wrong with a request, as `POST /sandbox/faults` says."""
        self._call("POST", f"{self.url}/sandbox/faults", json={"request_id": request_id, "kind": kind})

    def _call(self, method: str, url: str, **how: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.request(method, url, headers=headers, timeout=60, **how).raise_for_status()


@contextlib.contextmanager
def running_target(log_folder: Path) -> Iterator[Target]:
    """A fresh sandbox and its proxy; both are gone afterwards, and the server's log is in the folder."""
    with running_server(False, CREDITS, SERVER_OPTIONS) as server:
        try:
            token = _fetch_token(server.url, server.client_id, server.client_secret)
            operator = _fetch_token(server.url, *_create_operator(server))
            with _running_proxy(server.url, token) as proxy, _running_layers() as layers:
                yield Target(
                    server.url, proxy, server.client_id, server.client_secret, token, operator, layers
                )
        finally:
            shutil.copy(server.data / "server.log", log_folder)


def _fetch_token(url: str, client_id: str, client_secret: str) -> str:
    answer = httpx.post(
        f"{url}/oauth/token", data={"grant_type": "client_credentials"}, auth=(client_id, client_secret)
    )
    return answer.raise_for_status().json()["access_token"]


def _create_operator(server: Throwaway) -> tuple[str, str]:
    """Credentials of mission control and administration, made as an operator makes them."""
    scopes = ("--scope", "ops", "--scope", "admin", "--scope", "sandbox")
    command = ["account", "client", "add", ACCOUNT, *scopes, "--data", str(server.data), "--json"]
    made = subprocess.run([sys.executable, "-m", "swath", *command], capture_output=True, check=True)
    credentials = json.loads(made.stdout)
    return credentials["client_id"], credentials["client_secret"]


@contextlib.contextmanager
def _running_proxy(url: str, token: str) -> Iterator[str]:
    port = find_free_port()
    with _running(str(PROXY), url, str(port), token):
        yield _wait_for(f"http://localhost:{port}")


@contextlib.contextmanager
def _running_layers() -> Iterator[Mapping[str, str]]:
    """In SQLite, and in the PostgreSQL that the environment names."""
    databases = {"SQLite": [], "PostgreSQL": ["--database-url", os.environ.get(POSTGRES, "")]}
    with contextlib.ExitStack() as stack:
        found: dict[str, str] = {}
        for name, options in databases.items():
            if name == "SQLite" or options[1]:
                port = find_free_port()
                stack.enter_context(_running("-m", "conformance.layers", "--port", str(port), *options))
                found[name] = f"{_wait_for(f'http://127.0.0.1:{port}')}{API}"
        yield found


@contextlib.contextmanager
def _running(*arguments: str) -> Iterator[None]:
    """A Python program of ours for as long as it is needed; it says nothing that anyone reads."""
    program = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        program.terminate()
        program.wait()


def _wait_for(url: str) -> str:
    """The address, once something answers there; raises httpx.TransportError."""
    with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
        client.get(url)
    return url
