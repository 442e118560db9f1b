"""What a request costs: `make bench-http`, or `python -m benchmarks.http --rounds 5 --seconds 1`.

Processor seconds of the one server process over requests that follow each other on one connection; medians of rounds.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from benchmarks.access.machine import describe
from benchmarks.http import servers
from benchmarks.http.calls import Call, Connection, Cost, measure
from benchmarks.http.world import draw_body, fill

PEERS_PYTHON = Path(".venv-http-peers/bin/python")
TASKING, STAC = "/wfs/tasking/v2/collections", "/stac/v1"
# How a list is asked for: time after time in the same words, or for the first time, with an interval in which every
# row lies or with a box that some meet, neither of which anybody has named before.
AGAIN, ANEW, ELSEWHERE = "again", "anew", "elsewhere"
ASKED = {AGAIN: "", ANEW: "datetime=2000-01-01T00:00:00.{n:06}Z/..", ELSEWHERE: "bbox=-120,-60,20.{n:06},60"}
CLOUD = "\"eo:cloud_cover\" < 20 AND platform = 'GRUS-1A'"
Costs = dict[str, Cost]


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.http", description="What a request costs.")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--seconds", type=float, default=1.0, metavar="S", help="how long a round takes")
    options = parser.parse_args()
    print(*(f"{name}: {value}" for name, value in describe().items()), sep="\n")
    folder = Path(tempfile.mkdtemp(prefix="swath-bench-"))
    try:
        known = fill(folder)
        ours = measure_swath(folder, known, options.rounds, options.seconds)
        peers = measure_peers(folder, options.rounds, options.seconds)
        show(ours, peers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_swath(data: Path, known: Mapping[str, str], rounds: int, seconds: float) -> Costs:
    with servers.running_swath(data, known) as server:
        servers.wait_until_quiet(server)
        return measure_all(server, build_calls(known["plan"]), rounds, seconds)


def measure_peers(data: Path, rounds: int, seconds: float) -> Costs:
    """What the same takes elsewhere; nothing, and a sentence, where they or PostgreSQL are not there."""
    if not PEERS_PYTHON.exists():
        print("The peers are not installed: make bench-http does it.")
        return {}
    try:
        servers.find_program("initdb")
    except FileNotFoundError as error:
        print(f"The peers are left out: {error}.")
        return {}
    with servers.running_postgres() as env:
        command = [str(PEERS_PYTHON), "benchmarks/http/peers.py", str(data)]
        subprocess.run(command, env={**os.environ, **env}, check=True, stdout=subprocess.DEVNULL)
        return measure_tipg(env, rounds, seconds) | measure_pgstac(env, rounds, seconds)


def measure_tipg(env: Mapping[str, str], rounds: int, seconds: float) -> Costs:
    named = {
        "POSTGRES_HOST": env["PGHOST"],
        "POSTGRES_PORT": env["PGPORT"],
        "POSTGRES_USER": env["PGUSER"],
        "POSTGRES_PASS": env["PGUSER"],
        "POSTGRES_DBNAME": env["PGDATABASE"],
    }
    calls = [
        Call(
            f"tipg, {table}{' filtered' if where else ''}",
            f"/collections/public.{table}/items?limit=10{where}",
        )
        for table, where in (
            ("plans", ""),
            ("plans", "&filter=" + quote("status = 'ACTIVE' AND candidate_count > 5")),
            ("candidates", ""),
            ("candidates", "&filter=" + quote("off_nadir_deg < 25")),
        )
    ]
    calls += [
        Call(f"tipg, {table}, {ELSEWHERE}", f"/collections/public.{table}/items?limit=10&{ASKED[ELSEWHERE]}")
        for table in ("plans", "candidates")
    ]
    port = servers.find_port()
    with servers.running(build_uvicorn("tipg.main:app", port), port, "/healthz", named) as server:
        return measure_all(server, calls, rounds, seconds)


def measure_pgstac(env: Mapping[str, str], rounds: int, seconds: float) -> Costs:
    named = {**env, "PGPASSWORD": env["PGUSER"]}
    calls = [
        Call("pgstac, items", "/search?limit=10"),
        Call("pgstac, items filtered", f"/search?limit=10&filter-lang=cql2-text&filter={quote(CLOUD)}"),
        Call(f"pgstac, items, {ELSEWHERE}", f"/search?limit=10&{ASKED[ELSEWHERE]}"),
    ]
    port = servers.find_port()
    command = [*build_uvicorn("stac_fastapi.pgstac.app:create_app", port), "--factory"]
    with servers.running(command, port, "/_mgmt/ping", named) as server:
        return measure_all(server, calls, rounds, seconds)


def measure_all(server: servers.Server, calls: Sequence[Call], rounds: int, seconds: float) -> Costs:
    with Connection(server.port, server.headers) as connection:
        return {call.name: measure(connection, server.process, call, rounds, seconds) for call in calls}


def build_uvicorn(app: str, port: int) -> list[str]:
    uvicorn = [str(PEERS_PYTHON), "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port)]
    return [*uvicorn, "--workers", "1", "--log-level", "warning", "--no-access-log"]


def build_calls(plan_id: str) -> Sequence[Call]:
    """Lists of ten features as clients ask for them, three ways each; one feature, and a plan that is made."""
    plans, of_plan = f"{TASKING}/plans/items", quote(f"task_plan_id = '{plan_id}'")
    body = json.dumps(draw_body(datetime.now(UTC) + timedelta(hours=1))).encode()
    status = quote("status = 'ACTIVE' AND candidate_count > 5")
    steep = quote('"view:off_nadir" < 25')
    lists = {
        "plans": plans,
        "plans filtered": f"{plans}?filter={status}",
        "candidates": f"{TASKING}/candidates/items",
        "candidates of a plan": f"{TASKING}/candidates/items?filter={of_plan}",
        "candidates filtered": f"{TASKING}/candidates/items?filter={steep}",
        "requests": f"{TASKING}/requests/items",
        "satellites": f"{TASKING}/satellites/items",
        "ground tracks": f"{TASKING}/satellite_ground_tracks/items",
        "items": f"{STAC}/search",
        "items filtered": f"{STAC}/search?filter={quote(CLOUD)}",
    }
    return [
        *(build_list_call(name, path, how) for name, path in lists.items() for how in ASKED),
        Call("one plan", f"{plans}/{plan_id}", features=1),
        Call("plan made", plans, body=body),
    ]


def build_list_call(name: str, path: str, how: str) -> Call:
    """A list, asked for in one of those ways; a box may be met by fewer than ten."""
    asked = f"{path}{'&' if '?' in path else '?'}{ASKED[how]}" if ASKED[how] else path
    return Call(f"{name}, {how}", asked, features=None if how == ELSEWHERE else 10)


def show(ours: Costs, peers: Costs) -> None:
    """One line a call; the last lines are the peers' and how many times ours they take."""
    print(
        f"\nLists of ten {AGAIN}: in the same words. {ANEW.capitalize()}: with an interval that nobody named before, "
        f"in which all lie. {ELSEWHERE.capitalize()}: with such a box, which two in five meet.\n"
    )
    print(f"{'':34}{'processor':>12}{'calls/s':>10}{'p50':>10}{'p99':>10}")
    for name, cost in (ours | peers).items():
        print(
            f"{name:34}{cost.cpu_ms:9.3f} ms{cost.per_s:10.0f}{cost.p50_ms:7.2f} ms{cost.p99_ms:7.2f} ms"
            + compare(name, cost, ours)
        )


def compare(name: str, cost: Cost, ours: Costs) -> str:
    """A peer's cost beside that of the same list here; peers look for it each time."""
    listed = name.partition(", ")[2]
    beside = {how: ours.get(f"{listed}, {how}") for how in (AGAIN, ANEW)} | {"": ours.get(listed)}
    return "".join(
        f"   {cost.cpu_ms / found.cpu_ms:.1f} x ours {how}".rstrip()
        for how, found in beside.items()
        if found is not None
    )


if __name__ == "__main__":
    main()
