"""The series that stand in for the library's functions where many are computed in one go."""

import numpy as np
import pytest

from swath.geo.kernels import arctangent, turn_by


def test_arctangents_are_the_librarys() -> None:
    for angle, close in ((0.0, 0.0), (1e-9, 1e-24), (0.5, 3e-16), (np.pi / 3, 5e-16), (1.5, 2e-11)):
        assert arctangent(np.tan(angle)) == pytest.approx(angle, rel=0.0, abs=close)
        assert arctangent(-np.tan(angle)) == -arctangent(np.tan(angle))


def test_small_turns_are_the_librarys() -> None:
    for angle in np.linspace(-1.0, 1.0, 41):
        assert turn_by(angle) == pytest.approx((np.cos(angle), np.sin(angle)), rel=0.0, abs=1e-12)
