"""Revisits: gaps add up to the range, ends are told apart, and only accesses that cover enough count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_world import KANTO, find

from swath.studies.revisits import Revisits, compute_revisits

END_S = 1_000.0
TIMES = st.lists(st.floats(0.0, END_S), max_size=12).map(sorted)


@given(TIMES)
def test_gaps_and_ends_add_up_to_the_range(times: list[float]) -> None:
    revisits = Revisits(0.0, END_S, np.array(times))
    whole = revisits.before_first_s + float(revisits.gaps_s.sum()) + (revisits.after_last_s or 0.0)
    assert whole == pytest.approx(END_S)


@given(TIMES)
def test_the_mean_wait_is_what_somebody_waits_who_comes_at_any_moment(times: list[float]) -> None:
    revisits = Revisits(0.0, END_S, np.array(times))
    moments = np.linspace(0.0, END_S, 20_001)[:-1] + END_S / 40_000
    ends = np.append(times, END_S)
    waits = ends[np.searchsorted(ends, moments)] - moments
    assert revisits.mean_wait_s == pytest.approx(waits.mean(), abs=0.5)
    assert revisits.longest_wait_s == pytest.approx(waits.max(), abs=0.1)


@pytest.mark.parametrize(
    ("times", "before", "gaps", "after"),
    [
        ([], 1_000.0, (None, None, None), None),
        ([400.0], 400.0, (None, None, None), 600.0),
        ([100.0, 200.0, 700.0, 800.0], 100.0, (700.0 / 3, 100.0, 500.0), 200.0),
    ],
)
def test_ends_of_the_range_are_no_gaps(
    times: list[float], before: float, gaps: tuple[float | None, ...], after: float | None
) -> None:
    revisits = Revisits(0.0, END_S, np.array(times))
    assert (revisits.before_first_s, revisits.after_last_s) == (before, after)
    assert (revisits.mean_gap_s, revisits.median_gap_s, revisits.max_gap_s) == gaps


def test_an_access_counts_when_its_best_capture_covers_enough() -> None:
    found = find(KANTO).captures
    for least in (1.0, 15.0, 22.0, 100.0):
        best = {
            int(access): max(
                (float(found.coverage_percent[i]), -float(found.start_s[i]))
                for i in np.flatnonzero(found.access == access)
            )
            for access in found.access
        }
        counted = sorted(-start for coverage, start in best.values() if coverage >= least)
        assert compute_revisits(found, 0.0, 2e9, least).accesses_s.tolist() == counted
