"""The least that a work can cost on one core: the SGP4 it needs and the looks at each event, nothing else.

Nodes are what an engine that interpolates has to ask SGP4 for: one each 300 s and satellite, or, where there is little
to find, sparse nodes that show where to look (one each 4.6 h) and six more around each culmination worth a look.
"""

import time
from collections.abc import Callable

import numpy as np
from sgp4.api import Satrec, SatrecArray

from benchmarks.access.works import DAY_S, FIVE, Floats, Work

NODE_S, SPARSE_NODES_A_DAY = 300.0, 73 / 14
CANDIDATES_AN_EVENT, NODES_A_CANDIDATE, LOOKS_AN_EVENT = 1.17, 6, 14
UNIX_EPOCH_JD = 2_440_587.5
SEGMENTS, LOOKS = 4_032, 200_000


def compute_floor_s(work: Work, events: int, sgp4_s: float, look_s: float) -> float:
    return count_nodes(work, events) * sgp4_s + events * LOOKS_AN_EVENT * look_s


def count_nodes(work: Work, events: int) -> float:
    satellite_days = len(work.tles) * work.days
    sparse = satellite_days * SPARSE_NODES_A_DAY + events * CANDIDATES_AN_EVENT * NODES_A_CANDIDATE
    return min(satellite_days * DAY_S / NODE_S, sparse)


def measure_sgp4_s() -> float:
    """Seconds of one position and velocity by the C++ of sgp4."""
    one = SatrecArray([Satrec.twoline2rv(*FIVE[0].splitlines())])
    t = 20_687.5 + np.arange(100_000) / 7_200
    day = np.floor(t)
    return best_of(lambda: one.sgp4(day + UNIX_EPOCH_JD, t - day)) / len(t)


def measure_look_s() -> float:
    """Seconds of one sine of elevation and its rate from the quintic of a segment (Horner, compiled)."""
    from numba import njit

    look_all = njit(fastmath=True)(sum_looks)
    dice = np.random.default_rng(1)
    track, t = dice.normal(size=(SEGMENTS, 3, 6)), dice.uniform(0, SEGMENTS, LOOKS)
    place = np.array([6.4, 0.1, 0.2])
    return best_of(lambda: look_all(track, place, t)) / LOOKS


def sum_looks(track: Floats, place: Floats, times: Floats) -> float:
    """Plain loops for numba, at times counted in segments; the sum keeps it from leaving anything out."""
    total = 0.0
    for t in times:
        number = int(t)
        segment, x = track[number], t - number
        along = square = along_rate = square_rate = 0.0
        for k in range(3):
            r, v = segment[k, 5], 0.0
            for n in range(4, -1, -1):
                v = v * x + r
                r = r * x + segment[k, n]
            sight = r - place[k]
            along, along_rate = along + sight * place[k], along_rate + v * place[k]
            square, square_rate = square + sight * sight, square_rate + sight * v
        total += along / square**0.5 + (along_rate - along * square_rate / square) / square**0.5
    return total


def best_of(act: Callable[[], object], runs: int = 7) -> float:
    """The shortest of some runs, in seconds, after one that does not count."""
    act()
    return min(clock(act) for _ in range(runs))


def clock(act: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    act()
    return time.perf_counter() - start_s
