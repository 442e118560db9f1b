"""Starts what is measured, on the loopback, one process each, and stops it again."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.http.calls import read_cpu_s

READY_S, GOODBYE_S = 90.0, 20.0
QUIET_CPU, WATCHED_S = 0.05, 1.0
USER = "postgres"


@dataclass(frozen=True)
class Server:
    """A process that answers at a port, and what its callers send along."""

    port: int
    process: int
    headers: Sequence[tuple[str, str]] = field(default_factory=tuple)


@contextmanager
def running(command: Sequence[str], port: int, ready: str, env: Mapping[str, str]) -> Generator[Server]:
    """A server that answers the path `ready` with success before this goes on."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env={**os.environ, **env}, stdout=quiet, stderr=quiet)
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}{ready}")
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(GOODBYE_S)


@contextmanager
def running_swath(data: Path, credentials: Mapping[str, str]) -> Generator[Server]:
    """`swath serve` on a data folder, for a caller with a token."""
    port = find_port()
    command = [sys.executable, "-m", "swath", "serve", "--data", str(data), "--port", str(port)]
    with running(command, port, "/readyz", {}) as server:
        asked = {"grant_type": "client_credentials"}
        proof = (credentials["client_id"], credentials["client_secret"])
        answer = httpx.post(f"http://127.0.0.1:{port}/oauth/token", data=asked, auth=proof).raise_for_status()
        bearer = ("Authorization", f"Bearer {answer.json()['access_token']}")
        yield Server(port, server.process, [bearer])


@contextmanager
def running_postgres() -> Generator[Mapping[str, str]]:
    """A PostgreSQL of its own in a folder that is thrown away; gives the variables that its clients read."""
    folder, port = Path(tempfile.mkdtemp(prefix="swath-bench-")), find_port()
    data, log = folder / "data", folder / "log"
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    try:
        administer("initdb", "-D", str(data), "-U", USER, "-A", "trust")
        administer("pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
        yield {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": USER, "PGDATABASE": USER}
    finally:
        with suppress(subprocess.CalledProcessError):
            administer("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def administer(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; root lends it the account that it insists on."""
    command = [find_program(program), *arguments]
    user = USER if os.geteuid() == 0 else None
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, user=user, cwd="/"
    )


def find_program(name: str) -> str:
    """Where a program of PostgreSQL lies; Debian keeps them out of the way. Raises FileNotFoundError."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(kept[-1]) if kept else None)
    if found is None:
        raise FileNotFoundError(f"{name} is not there; install PostgreSQL with PostGIS")
    return found


def wait_until_quiet(server: Server) -> None:
    """Wait until the process has no work of its own left: swath compiles its kernels after it is ready."""
    ends = time.monotonic() + READY_S
    while time.monotonic() < ends:
        before_s = read_cpu_s(server.process)
        time.sleep(WATCHED_S)
        if read_cpu_s(server.process) - before_s < QUIET_CPU * WATCHED_S:
            return


def wait_until_ready(process: "subprocess.Popen[bytes]", url: str) -> None:
    """Wait for the first answer."""
    ends = time.monotonic() + READY_S
    while time.monotonic() < ends and process.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(url, timeout=10).is_success:
                return
        time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
