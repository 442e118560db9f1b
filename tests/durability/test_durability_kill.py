"""kill -9 at any point, start again: the workflow ends as if nothing had happened."""

import contextlib
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.serving import Customer, Server, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def restart(server: Server) -> None:
    server.kill()
    server.start()


def ends_as(customer: Customer, request_id: str) -> dict[str, Any]:
    """What a customer sees at the end, without what is random (ids, times of the machine)."""
    request = customer.request(request_id)["properties"]
    (item,) = customer.items(request["ag:capture_id"])
    account = customer.get("/wfs/tasking/v2/account")
    return {
        "status": request["status"],
        "steps": [(e["after"]["status"], e["changed"], e["code"]) for e in customer.history(request_id)],
        "assets": sorted(item["assets"]),
        "captured": item["properties"]["start_datetime"],
        "charged": account["charged"],
        "free": account["free"],
    }


def walk(server: Server, credentials: Any, *, kill: bool) -> dict[str, Any]:
    """The customer's way, with the server killed after every step when `kill`."""
    plan = Customer(server.url, credentials).create_plan()
    if kill:
        restart(server)
    customer = Customer(server.url, credentials)
    assert customer.wait_for_plan(plan["id"])["properties"]["status"] == "ACTIVE"
    candidate = customer.candidates(plan["id"])[0]
    request = customer.ask(candidate["id"]).json()
    assert request["properties"]["status"] == "ACCEPTED"
    for event in ("cancel_until", "planned_end"):
        if kill:
            restart(server)
            customer = Customer(server.url, credentials)
        customer.advance(advance_to=request["properties"][event])
    if kill:
        advance_and_die(server, customer)
        customer = Customer(server.url, credentials)
    for _ in range(8):
        customer.advance(advance_by="PT3H")
        if customer.request(request["id"])["properties"]["status"] == "DATA_AVAILABLE":
            break
    return ends_as(customer, request["id"])


def advance_and_die(server: Server, customer: Customer) -> None:
    """Kill while time is being moved over the downlink and the making of the images."""

    def advance() -> None:
        with contextlib.suppress(httpx.HTTPError):
            customer.advance(advance_by="PT24H")

    moving = threading.Thread(target=advance)
    moving.start()
    time.sleep(0.7)
    restart(server)
    moving.join()


def test_killed_after_every_step_it_ends_the_same(tmp_path: Path) -> None:
    with serving(tmp_path / "calm") as server:
        calm = walk(server, server.account(), kill=False)
    with serving(tmp_path / "rough") as server:
        rough = walk(server, server.account(), kill=True)
    assert calm["status"] == "DATA_AVAILABLE"
    assert len(calm["assets"]) == 9
    assert rough == calm


def test_an_interrupt_ends_the_server_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.stop() == 0


def test_whoever_moves_time_is_told_when_the_service_is_to_stop(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        credentials = server.account()
        customer = Customer(server.url, credentials)
        # Each is searched every day, so that it takes seconds to get to the end.
        for made in [customer.create_plan() for _ in range(15)]:
            customer.wait_for_plan(made["id"])
        answers = list[httpx.Response]()

        def move() -> None:
            answers.append(customer.http.post("/sandbox/clock", json={"advance_by": "P13D"}))

        moving = threading.Thread(target=move)
        moving.start()
        time.sleep(0.5)
        assert server.stop() == 0
        moving.join()
        assert answers[0].status_code == 503, answers[0].text
        server.start()
        customer = Customer(server.url, credentials)
        assert customer.advance(advance_by="P1D")["now"] > "2026"


def test_a_worker_that_is_told_to_end_does_so_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        command = [sys.executable, "-m", "swath", "worker", "--data", str(server.data)]
        with (tmp_path / "worker.log").open("wb") as log, subprocess.Popen(command, stderr=log) as worker:
            deadline = time.monotonic() + 60
            while count_executors(tmp_path) < 2 and time.monotonic() < deadline:
                time.sleep(0.1)
            assert count_executors(tmp_path) == 2
            worker.terminate()
            assert worker.wait(30) == 0
        assert count_executors(tmp_path) == 1, "its work is free for others at once"


def count_executors(data: Path) -> int:
    with contextlib.closing(sqlite3.connect(data / "jobs.db")) as jobs:
        return jobs.execute("SELECT count(*) FROM swath_executors").fetchone()[0]
