"""Starts and kills a real server for the tests that need one, and walks the customer's way through it over HTTP."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

API = "/wfs/tasking/v2"
FUKUI = {
    "type": "Polygon",
    "coordinates": [[[136.0, 35.9], [136.4, 35.9], [136.4, 36.2], [136.0, 36.2], [136.0, 35.9]]],
}


def free_port() -> int:
    """A port of the loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def swath(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command line of swath to its end."""
    return subprocess.run(
        [sys.executable, "-m", "swath", *arguments], capture_output=True, text=True, timeout=120, check=True
    )


class Server:
    """`swath serve --sandbox` on a data folder; may be killed and started again at any time."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "swath", "serve", "--sandbox", "--data", str(self.data)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--port", str(self.port)], stdout=log, stderr=log, start_new_session=True
            )
        self._wait_until_ready()

    def kill(self) -> None:
        """kill -9 of the whole process group: no goodbye."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> int:
        """Ask it to end, as ctrl-C does, and return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(timeout=20)
        self._process = None
        return code

    def account(self, name: str = "acme", credits: int = 10) -> Mapping[str, str]:
        made = swath("account", "create", name, "--credits", str(credits), "--data", str(self.data), "--json")
        return json.loads(made.stdout)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"the server did not get ready:\n{self.log.read_text()[-4000:]}")


@contextlib.contextmanager
def serving(data: Path) -> Iterator[Server]:
    """A running sandbox server that is gone afterwards."""
    server = Server(data)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Customer:
    """Does what a customer does, with plain HTTP."""

    def __init__(self, url: str, credentials: Mapping[str, str]) -> None:
        self.url = url
        token = httpx.post(
            f"{url}/oauth/token",
            json={
                "grant_type": "client_credentials",
                "client_id": credentials["client_id"],
                "client_secret": credentials["client_secret"],
            },
        )
        token.raise_for_status()
        headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
        # No connection is kept: servers die in these tests, and an open socket would be a warning.
        self.http = httpx.Client(
            base_url=url, headers=headers, timeout=60, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def get(self, path: str, **params: str | int) -> Any:
        answer = self.http.get(path, params=params or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create_plan(self, geometry: Mapping[str, Any] = FUKUI, **properties: Any) -> Any:
        now = self.get("/sandbox/clock")["now"]
        start = properties.pop("valid_start", now)
        body = {
            "type": "Feature",
            "geometry": geometry,
            "properties": {"name": "Fukui", "valid_start": start, "off_nadir_range": [0, 25], **properties},
        }
        body["properties"].setdefault("valid_end", days_after(start, 14))
        answer = self.http.post(f"{API}/collections/plans/items", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def wait_for_plan(self, plan_id: str, seconds: float = 20) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            plan = self.get(f"{API}/collections/plans/items/{plan_id}")
            if plan["properties"]["status"] != "PROCESSING":
                return plan
            time.sleep(0.05)
        raise AssertionError("the plan stayed PROCESSING")

    def candidates(self, plan_id: str) -> list[Any]:
        page = self.get(
            f"{API}/collections/candidates/items", filter=f"task_plan_id = '{plan_id}'", limit=100
        )
        return page["features"]

    def ask(self, candidate_id: str, priority: str = "NORMAL", **headers: str) -> httpx.Response:
        body = {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": []},
            "properties": {"name": "harbour", "candidate_id": candidate_id, "priority": priority},
        }
        return self.http.post(f"{API}/collections/requests/items", json=body, headers=headers)

    def request(self, request_id: str) -> Any:
        return self.get(f"{API}/collections/requests/items/{request_id}")

    def history(self, request_id: str) -> list[Any]:
        return self.get(f"{API}/collections/requests/items/{request_id}/history")["entries"]

    def advance(self, **move: Any) -> Any:
        """Move the clock, when a move that is under way is done."""
        for _ in range(10):
            answer = self.http.post("/sandbox/clock", json=move)
            if answer.status_code != 503:
                break
            time.sleep(float(answer.headers["Retry-After"]))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, capture_id: str) -> list[Any]:
        path = "/stac/v1/catalogs/axelglobe/search"
        return self.get(path, filter=f"ag:capture_id = '{capture_id}'")["features"]


def days_after(start: str, days: int) -> str:
    end = datetime.fromisoformat(start.replace("Z", "+00:00")) + timedelta(days=days)
    return end.isoformat().replace("+00:00", "Z")
