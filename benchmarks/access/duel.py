"""One peer against swath, taking turns in a process of their own: `python -m benchmarks.access.duel tatc W1,W2`.

One process for each peer, so that their pools of threads do not meet. The last line printed is the result as JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from benchmarks.access import ours
from benchmarks.access.oracle import judge, load_oracle
from benchmarks.access.peers import PEERS, Find, Peer
from benchmarks.access.works import Limits, Work, build_works

# A peer that would take longer than this gets a part of the targets, and its time is scaled.
LONGEST_S = 90.0
PART = 20
# About how long the runs of a peer on one work take together, and how many they are at most.
TOGETHER_S, MOST_RUNS = 10.0, 9
# What is timed in one go: one call of a millisecond would tell how cold the caches are that the other left.
SHORTEST_S = 0.1
# Works whose answer swath gives as arrays and not as a Python list.
AS_ARRAYS = ("W3",)


def measure(peer: Peer, works: Sequence[Work]) -> dict[str, Any]:
    """Accuracy, and by name of the work times."""
    return {
        "version": peer.version,
        "accuracy": measure_accuracy(peer),
        "works": {work.name: measure_work(peer, work) for work in works},
    }


def measure_accuracy(peer: Peer) -> dict[str, Any] | None:
    """How the answer to the oracle's work compares; None without an oracle for the limits of this peer."""
    oracle = load_oracle(peer.limits)
    find = peer.load(oracle.work) if oracle else None
    return asdict(judge(oracle, find(*oracle.work.arguments))) if oracle and find else None


def measure_work(peer: Peer, work: Work) -> dict[str, Any] | None:
    """Seconds of every run; None where the peer has nothing for this kind of work."""
    theirs = peer.load(work)
    if theirs is None:
        return None
    part, expected_s = choose_part(theirs, work)
    mine = load_ours(work, peer.limits)
    our_events = warm_up(mine, work)
    peer_s, ours_s, peer_events = [], [], 0
    for _ in range(max(1, min(MOST_RUNS, int(TOGETHER_S / expected_s)))):
        ours_s.append(clock(mine, work)[0])
        seconds, answer = clock(theirs, part)
        ours_s.append(clock(mine, work)[0])
        peer_s.append(seconds)
        peer_events = len(answer)
    return {
        "targets": part.targets,
        "peer_s": peer_s,
        "ours_s": ours_s,
        "peer_events": peer_events,
        "ours_events": our_events,
    }


def choose_part(find: Find, work: Work) -> tuple[Work, float]:
    """The whole work, or a twentieth of its targets if the whole would take too long; and seconds to expect."""
    part = work.part(max(1, work.targets // PART))
    find(*part.part(1).arguments)
    seconds, _ = clock(find, part)
    whole_s = seconds * work.targets / part.targets
    return (work, whole_s) if whole_s <= LONGEST_S else (part, seconds)


def load_ours(work: Work, limits: Limits) -> Callable[..., Any]:
    if not work.places:
        return partial(ours.find_areas, limits=limits)
    return partial(ours.find_arrays if work.name in AS_ARRAYS else ours.find, limits=limits)


def warm_up(find: Callable[..., Any], work: Work) -> int:
    """How much a first run found, which is not timed."""
    answer = find(*work.arguments)
    return len(answer[0]) if isinstance(answer, tuple) else len(answer)


def clock(find: Callable[..., Any], work: Work) -> tuple[float, Any]:
    """Seconds of one call, and its answer; short ones are called again and again, as the floor is measured, too."""
    calls, start_s, answer = 0, time.perf_counter(), None
    while (passed_s := time.perf_counter() - start_s) < SHORTEST_S:
        answer = find(*work.arguments)
        calls += 1
    return passed_s / calls, answer


if __name__ == "__main__":
    name, names = sys.argv[1:]
    works = build_works()
    print(json.dumps(measure(PEERS[name], [works[one] for one in names.split(",") if one])))
