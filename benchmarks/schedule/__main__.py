"""The scheduler beside its peers: `make bench-schedule`, or `python -m benchmarks.schedule --works a200 --seeds 1,2`.

Every plan is checked by `checker.py`, which knows neither swath nor its peers.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.access.machine import describe
from benchmarks.schedule import table
from benchmarks.schedule.entries import ENTRIES

# Peers get so long; swath has to keep the times of its goals.
PEER_S = 30.0
# A solver that overruns its limit by so much more than it took to build its model is ended.
MERCY, MERCY_S = 4.0, 120.0
REPLAYED = "a1000"
PLANNED = 1_000
WEIGHTS = ("generated", "flat")


@dataclass(frozen=True)
class Agile:
    """A size of agile days: the seconds that swath gets, and what part of the bound is the goal then, by weights."""

    seconds: tuple[float, ...]
    goals: Mapping[str, tuple[float, ...]]


AGILE = {
    "a200": Agile((2,), {"generated": (1.0,), "flat": (1.0,)}),
    "a1000": Agile((5, 15), {"generated": (0.994, 0.997), "flat": (0.99, 0.995)}),
    "a5000": Agile((30, 60), {"generated": (0.985, 0.99), "flat": (0.975, 0.985)}),
}
WORKS = ["spot5", "posts", *AGILE, "online"]


def main() -> None:
    options = read_options()
    report: dict[str, Any] = dict(describe())
    print(*(f"{name}: {value}" for name, value in report.items()), sep="\n")
    for work in options.works:
        report[work] = measure(work, options)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.schedule", description="The scheduler and its peers."
    )
    peers = [name for name in ENTRIES if name != "swath"]
    add = parser.add_argument
    add("--works", type=some_of(WORKS), default=WORKS, metavar="spot5,a200", help=f"of {','.join(WORKS)}")
    add("--peers", type=some_of(peers), default=peers, metavar="greedy,HiGHS", help=f"of {','.join(peers)}")
    add("--seeds", type=read_numbers, default=[1, 2, 3], metavar="1,2,3", help="of the agile days")
    add(
        "--weights",
        type=some_of(WEIGHTS),
        default=list(WEIGHTS),
        metavar="flat",
        help="of " + ",".join(WEIGHTS),
    )
    add("--json", type=Path, metavar="FILE", help="where to write every figure")
    return parser.parse_args()


def some_of(names: Sequence[str]) -> Callable[[str], list[str]]:
    """Reads a list with commas in it, all of known names."""

    def read(text: str) -> list[str]:
        chosen = [name for name in text.split(",") if name]
        if unknown := set(chosen) - set(names):
            raise argparse.ArgumentTypeError(
                f"there is no {', '.join(unknown)}; there are {', '.join(names)}"
            )
        return chosen

    return read


def read_numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def measure(work: str, options: argparse.Namespace) -> Any:
    """The figures of a work, shown as soon as they are there."""
    if work == "spot5":
        return measure_proofs()
    if work == "posts":
        return measure_posts()
    days = [(seed, weights) for seed in options.seeds for weights in options.weights]
    if work == "online":
        return [measure_replay(seed, weights) for seed, weights in days]
    return [measure_day(work, seed, weights, options.peers) for seed, weights in days]


def measure_proofs() -> dict[str, Any]:
    measured = run("benchmarks.schedule.proofs")
    table.show_proofs(measured)
    return measured


def measure_posts() -> dict[str, Any]:
    measured = run("benchmarks.schedule.posts", str(PLANNED))
    table.show_posts(measured)
    return measured


def measure_replay(seed: int, weights: str) -> dict[str, Any]:
    lived = {
        "seed": seed,
        "weights": weights,
        **run("benchmarks.schedule.replays", REPLAYED, str(seed), weights),
    }
    table.show_replay(lived)
    return lived


def measure_day(size: str, seed: int, weights: str, peers: Sequence[str]) -> dict[str, Any]:
    """All entries on one day, each in a process of its own; and what each class alone could be worth."""
    entries = [("swath", seconds) for seconds in AGILE[size].seconds] + [(peer, PEER_S) for peer in peers]
    found = [
        {"entry": entry, "limit_s": seconds, **run_one(entry, size, seed, weights, seconds)}
        for entry, seconds in entries
    ]
    day = {
        "size": size,
        "seed": seed,
        "weights": weights,
        "goals": AGILE[size].goals[weights],
        "found": found,
    }
    day["alone"] = run("benchmarks.schedule.alone", size, str(seed), weights)
    table.show_day(day)
    return day


def run_one(entry: str, size: str, seed: int, weights: str, seconds: float) -> dict[str, Any]:
    arguments = [entry, size, str(seed), weights, str(seconds)]
    return run("benchmarks.schedule.one", *arguments, longest_s=MERCY * seconds + MERCY_S)


def run(module: str, *arguments: str, longest_s: float | None = None) -> dict[str, Any]:
    """What a module prints as JSON when it is run alone; or why it could not, as `skipped`."""
    print("measuring:", module, *arguments, file=sys.stderr, flush=True)
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=longest_s)
    except subprocess.TimeoutExpired:
        return {"skipped": f"ended after {longest_s:g} s"}
    if done.returncode:
        return {"skipped": next(_last_line(done.stderr), f"it ended with {done.returncode}")}
    return json.loads(next(_last_line(done.stdout)))


def _last_line(text: str) -> Iterator[str]:
    lines = text.strip().splitlines()
    return iter(lines[-1:])


if __name__ == "__main__":
    main()
