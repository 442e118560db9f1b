"""A sandbox server for the length of a demonstration: own folder, free port, gone afterwards without a trace."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx

READY_TIMEOUT_S = 90.0
GOODBYE_S = 15.0
LOOPBACK = "127.0.0.1"
ACCOUNT = "demo"
# What asks a program to end; ctrl-C arrives as KeyboardInterrupt without help.
ENDINGS = (signal.SIGTERM, signal.SIGHUP) if hasattr(signal, "SIGHUP") else (signal.SIGTERM,)


class DemoFailed(Exception):
    """The demonstration cannot go on; its text says why."""


@dataclass(frozen=True)
class Throwaway:
    """A running server and an account on it."""

    url: str
    data: Path
    client_id: str
    client_secret: str
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def running_server(keep: bool, credits: int = 10, options: Sequence[str] = ()) -> Generator[Throwaway]:
    """Start a sandbox with an account; stop it and remove its folder at the end, unless it shall be kept.

    `options` are more of `swath serve`. It also goes when the demonstration fails, is interrupted or told to end.
    Raises DemoFailed when it does not start.
    """
    data = Path(tempfile.mkdtemp(prefix="swath-demo-"))
    server = None
    stays = False
    try:
        with _ended_by_signals():
            port = find_free_port()
            server = _start(data, port, options)
            url = f"http://{LOOPBACK}:{port}"
            _wait_until_ready(server, url, data)
            credentials = _create_account(data, credits)
            yield Throwaway(url, data, credentials["client_id"], credentials["client_secret"], server)
            stays = keep
    finally:
        if not stays:
            _stop(server)
            shutil.rmtree(data, ignore_errors=True)


def _create_account(data: Path, credits: int) -> dict[str, str]:
    command = [*_swath(), "account", "create", ACCOUNT, "--credits", str(credits), "--data", str(data)]
    command.append("--json")
    made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if made.returncode != 0:
        raise DemoFailed(f"The account could not be made: {made.stderr.strip()}")
    return json.loads(made.stdout)


def _start(data: Path, port: int, options: Sequence[str]) -> subprocess.Popen[bytes]:
    where = ["--data", str(data), "--host", LOOPBACK, "--port", str(port)]
    command = [*_swath(), "serve", "--sandbox", *where, *options]
    with _log(data).open("wb") as log:
        # Its own session: ctrl-C reaches us alone, and we end it in good order.
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, data: Path) -> None:
    ends = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < ends and server.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/readyz").is_success:
                return
        time.sleep(0.1)
    raise DemoFailed(f"The server did not come up:\n{_log(data).read_text('utf-8', 'replace')[-2000:]}")


def _stop(server: subprocess.Popen[bytes] | None) -> None:
    if server is None:
        return
    server.terminate()
    try:
        server.wait(GOODBYE_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@contextlib.contextmanager
def _ended_by_signals() -> Generator[None]:
    """Being told to end raises SystemExit, so that what was started is stopped on the way out."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {ending: signal.signal(ending, leave) for ending in ENDINGS}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


def find_free_port() -> int:
    """A port of the loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def _log(data: Path) -> Path:
    return data / "server.log"


def _swath() -> list[str]:
    return [sys.executable, "-m", "swath"]
