"""Kernels compiled before anyone waits for them, as in `planning.warm_up`."""

import numpy as np

from swath.scheduling.solver.columns import build_columns
from swath.scheduling.solver.covers import cover_conflicts
from swath.scheduling.solver.dominance import find_undominated
from swath.scheduling.solver.instance import Chances, Craft, Instance, without_places
from swath.scheduling.solver.search import improve, insert_in_order

PASS_S = [[5.0, 15.0]]


def warm_up() -> None:
    """Run every kernel once on two captures that exclude each other."""
    for flat_angles in (True, False):
        instance = _build_instance(flat_angles)
        find_undominated(instance)
        cover_conflicts(build_columns(instance), slice(0, 2))
        chosen = insert_in_order(instance, np.empty(0, np.int64), np.array([0, 1]))
        improve(instance, chosen, seconds=10.0, steps=10, seed=0)


def _build_instance(flat_angles: bool) -> Instance:
    two = np.array([0, 1])
    chances = Chances(
        work=two,
        craft=two * 0,
        start_s=two * 8.0,
        end_s=two * 8.0 + 5.0,
        roll_deg=two * 1.0,
        pitch_deg=two * 1.0,
        value=two + 1.0,
        orbit=two * 0,
        open=two >= 0,
    )
    craft = Craft("one", 6.0, 1.0, 9, 99.0, 1.0, 9.0, 0.1, 0.0, np.array(PASS_S))
    return Instance((craft,), chances, without_places(2), flat_angles)
