"""The search for peaks and crossings, on functions whose answers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swath.access.peaks import find_crossings, find_maxima, find_outside, find_peaks


def test_every_hump_of_a_sampled_wave_is_a_maximum() -> None:
    t = np.arange(0.0, 40.0, 0.5)
    rows, columns = find_maxima(np.cos(t)[:, None])
    assert columns.tolist() == [0] * len(rows)
    assert np.abs(t[rows] - 2 * np.pi * np.arange(7)).max() <= 0.5


def test_columns_are_searched_side_by_side() -> None:
    samples = np.array([[0.0, 5.0], [1.0, 4.0], [0.0, 6.0]])
    rows, columns = find_maxima(samples)
    assert sorted(zip(columns.tolist(), rows.tolist(), strict=True)) == [(0, 1), (1, 0), (1, 2)]


def test_a_plateau_is_one_maximum() -> None:
    rows, _ = find_maxima(np.array([[0.0], [1.0], [1.0], [1.0], [0.0]]))
    assert rows.tolist() == [3]


def test_the_walk_outside_stops_at_the_first_negative_sample_or_the_end() -> None:
    samples = np.array([[-1.0], [1.0], [2.0], [1.0], [3.0]])
    start = np.array([2])
    assert find_outside(samples, start, np.array([0]), -1).tolist() == [0]
    assert find_outside(samples, start, np.array([0]), 1).tolist() == [4]


@given(st.floats(-3.0, 3.0), st.floats(0.1, 10.0))
def test_a_peak_is_found_wherever_it_lies_in_its_bracket(top: float, width: float) -> None:
    found = find_peaks(lambda t: -(((t - top) / width) ** 2), np.array([-4.0]), np.array([4.0]))
    assert found[0] == pytest.approx(top, abs=1e-5)


def test_where_nothing_peaks_inside_the_higher_end_is_taken() -> None:
    found = find_peaks(lambda t: t, np.array([0.0]), np.array([2.0]))
    assert found.tolist() == [2.0]


@given(st.lists(st.floats(-10.0, 10.0), min_size=1, max_size=20))
def test_crossings_of_many_functions_are_found_at_once(roots: list[float]) -> None:
    root = np.array(roots)
    found = find_crossings(lambda t: np.tanh(t - root) + 0.1 * (t - root) ** 3, root - 7.0, root + 9.0)
    assert np.abs(found - root).max() < 2e-6


def test_a_jump_counts_as_a_crossing() -> None:
    found = find_crossings(lambda t: np.where(t < 1.25, -1.0, 1.0), np.array([0.0]), np.array([3.0]))
    assert found[0] == pytest.approx(1.25, abs=2e-6)


def test_without_a_change_of_sign_there_is_no_crossing() -> None:
    found = find_crossings(lambda t: t**2 + 1, np.array([-1.0, 0.0]), np.array([1.0, 5.0]))
    assert np.isnan(found).all()


def test_few_looks_are_enough() -> None:
    looks = 0

    def f(t: np.ndarray) -> np.ndarray:
        nonlocal looks
        looks += 1
        return np.sin(t)

    find_crossings(f, np.array([2.0]), np.array([4.0]))
    assert looks < 10
