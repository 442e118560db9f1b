"""The access engine beside its peers: `make bench-access`, or `python -m benchmarks.access --works W1,W2 --peers tatc`.

Every peer meets swath in a process of its own; this one only starts them, and prints what they say.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.access import cold, floor, machine, ours, table
from benchmarks.access.oracle import judge, load_oracle
from benchmarks.access.peers import PEERS
from benchmarks.access.works import ELEVATION, OFF_NADIR, Limits, build_works

# No compiler: the floor takes what was measured once on a 2-core x86-64 machine.
LOOK_S = 13.7e-9
STREAMED, STREAM_RUNS = "W4", 3
LONGEST_S = 1_800.0


def main() -> None:
    options = read_options()
    report = measure(options.works, options.peers)
    table.show(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.access", description="The access engine beside its peers."
    )
    names = list(build_works())
    parser.add_argument(
        "--works", type=one_of(names), default=names, metavar="W1,W2", help=f"of {','.join(names)}"
    )
    parser.add_argument(
        "--peers", type=one_of(PEERS), default=list(PEERS), metavar="tatc,...", help=", ".join(PEERS)
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write every figure")
    return parser.parse_args()


def one_of(names: Sequence[str] | dict[str, Any]) -> Any:
    """Reads a list with commas in it, all of known names."""

    def names_of(text: str) -> list[str]:
        chosen = [name for name in text.split(",") if name]
        if unknown := set(chosen) - set(names):
            raise argparse.ArgumentTypeError(
                f"there is no {', '.join(sorted(unknown))}; there are {', '.join(names)}"
            )
        return chosen

    return names_of


def measure(works: Sequence[str], peers: Sequence[str]) -> dict[str, Any]:
    """Everything, as it goes into the JSON file."""
    kept = [name for name in works if name != STREAMED]
    return {
        **machine.describe(),
        "floor": measure_floor(),
        "accuracy": [measure_accuracy(limits) for limits in (ELEVATION, OFF_NADIR)],
        "peers": {name: PEERS[name].about | run("duel", name, ",".join(kept)) for name in peers},
        "streamed": [run("streamed", STREAMED) for _ in range(STREAM_RUNS)] if STREAMED in works else [],
        "cold": cold.measure(build_works()["W1"]) if "W1" in works else None,
    }


def measure_floor() -> dict[str, float]:
    return {
        "sgp4_s": floor.measure_sgp4_s(),
        "look_s": floor.measure_look_s() if find_spec("numba") else LOOK_S,
    }


def measure_accuracy(limits: Limits) -> dict[str, Any] | None:
    oracle = load_oracle(limits)
    return asdict(judge(oracle, ours.find(*oracle.work.arguments, limits))) if oracle else None


def run(module: str, *arguments: str) -> dict[str, Any]:
    """What a module of this folder prints as JSON when it is run alone; or why it could not, as `skipped`."""
    print("measuring:", module, *arguments, file=sys.stderr, flush=True)
    command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.access.{module}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_S)
    if done.returncode:
        return {"skipped": done.stderr.strip().rpartition("\n")[2] or f"it ended with {done.returncode}"}
    return json.loads(done.stdout.strip().rpartition("\n")[2])


if __name__ == "__main__":
    main()
