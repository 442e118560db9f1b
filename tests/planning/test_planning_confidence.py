"""How sure a coverage is: known answers, how it changes with the errors, and a comparison with many thrown dice."""

from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swath.planning.confidence import TOLERANCE, Confidence, CoverageAt, Doubt, Floats, compute_confidence

sigmas = st.floats(0.0, 20.0)


def rectangle(before_s: float, after_s: float, aside_m: float) -> CoverageAt:
    """An area of 10 s by 40 km with so much margin around it in time, and to either side."""

    def cover(late_s: Floats, moved_m: Floats) -> Floats:
        lost_s = np.maximum(late_s - after_s, 0) + np.maximum(-late_s - before_s, 0)
        lost_m = np.maximum(np.abs(moved_m) - aside_m, 0)
        return np.clip(1 - lost_s / 10, 0, 1) * np.clip(1 - lost_m / 40e3, 0, 1)

    return cover


def normal_within(low: float, high: float) -> float:
    return (erf(high / sqrt(2)) - erf(low / sqrt(2))) / 2


def sure(cover: CoverageAt, late_s: float, aside_m: float = 0.0, drift_ms: float = 0.0) -> Confidence:
    return compute_confidence(cover, Doubt(late_s, aside_m, drift_ms))


def test_without_doubt_coverage_is_sure() -> None:
    assert sure(rectangle(0, 0, 0), 0.0) == Confidence(pytest.approx(1.0), pytest.approx(1.0))


@pytest.mark.parametrize(
    ("before_s", "after_s", "late_s"), [(2, 2, 1), (2, 2, 4), (0, 0, 1), (0.5, 3, 2), (7, 7, 2)]
)
def test_in_time_alone_the_probability_is_that_of_the_margin_and_the_tolerance(
    before_s: float, after_s: float, late_s: float
) -> None:
    found = sure(rectangle(before_s, after_s, 1e6), late_s)
    spare = 10 * TOLERANCE
    wanted = normal_within(-(before_s + spare) / late_s, (after_s + spare) / late_s)
    assert found.probability == pytest.approx(wanted, abs=0.003)


def test_the_drift_below_a_late_satellite_counts_as_an_error_aside() -> None:
    found = sure(rectangle(1e3, 1e3, 1_000.0), 5.0, drift_ms=-360.0)
    spare_m = 1_000.0 + 40e3 * TOLERANCE
    assert found.probability == pytest.approx(normal_within(-spare_m / 360 / 5, spare_m / 360 / 5), abs=0.003)


@given(late_s=sigmas, aside_m=st.floats(0, 5_000), drift_ms=st.floats(-460, 460), margin=st.floats(0, 10))
def test_a_probability_is_one_and_no_more_is_expected_than_there_is(
    late_s: float, aside_m: float, drift_ms: float, margin: float
) -> None:
    found = sure(rectangle(margin, margin, 300 * margin), late_s, aside_m, drift_ms)
    assert 0.0 <= found.probability <= 1.0
    assert 0.0 <= found.expected <= 1.0 + 1e-9
    # Where coverage is what was stated, it is at least that part of it.
    assert found.expected >= (1 - TOLERANCE) * found.probability - 0.02


@given(first=sigmas, second=sigmas, margin=st.floats(0, 10))
def test_more_doubt_or_less_margin_is_never_surer(first: float, second: float, margin: float) -> None:
    less, more = sorted((first, second))
    cover = rectangle(margin, margin, 1_500.0)
    assert sure(cover, more, 200.0, 360.0).probability <= sure(cover, less, 200.0, 360.0).probability + 0.004
    wider = sure(rectangle(margin + 1, margin + 1, 1_500.0), more, 200.0, 360.0)
    assert sure(cover, more, 200.0, 360.0).probability <= wider.probability + 0.004
    assert sure(cover, more, 200.0, 360.0).expected <= wider.expected + 0.004


@given(shift_s=st.floats(0, 8), late_s=st.floats(0.1, 8))
def test_the_further_a_strip_is_from_the_middle_of_its_margins_the_less_sure_it_is(
    shift_s: float, late_s: float
) -> None:
    def moved(shift_s: float) -> float:
        return sure(rectangle(8 - shift_s, 8 + shift_s, 1e6), late_s).probability

    assert moved(shift_s) <= moved(0.9 * shift_s) + 0.004
    assert moved(shift_s) == pytest.approx(moved(-shift_s), abs=0.004)


def test_a_coverage_that_comes_and_goes_counts_wherever_it_is_enough() -> None:
    def waves(late_s: Floats, _: Floats) -> Floats:
        return np.clip(2 * np.cos(late_s), 0, 1)

    dice = np.random.default_rng(1).standard_normal(200_000) * 3
    wanted = (waves(dice, dice) >= 1 - TOLERANCE).mean()
    assert sure(waves, 3.0).probability == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("seed", range(8))
def test_many_thrown_dice_agree(seed: int) -> None:
    dice = np.random.default_rng(seed)
    before, after, late_s = dice.uniform(0, 8, 3)
    aside_m, margin_m, drift_ms = dice.uniform(0, 500), dice.uniform(0, 3_000), dice.uniform(-460, 460)
    cover = rectangle(before, after, margin_m)
    found = sure(cover, late_s, aside_m, drift_ms)
    late = late_s * dice.standard_normal(100_000)
    coverage = cover(late, drift_ms * late + aside_m * dice.standard_normal(100_000))
    assert found.probability == pytest.approx((coverage >= 1 - TOLERANCE).mean(), abs=0.02)
    assert found.expected == pytest.approx(coverage.mean(), abs=0.02)
