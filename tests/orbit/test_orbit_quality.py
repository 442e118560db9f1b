"""How wrong elements become with age: what the model says, and whether real sets are as wrong as that."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from swath.orbit.quality import ALONG, CROSS, KNOWN_DAYS, RADIAL, position_sigma_m, time_uncertainty_s

ROOT = Path(__file__).parents[2]
AGES = np.linspace(0.0, 40.0, 401)


@pytest.fixture(scope="module")
def learning() -> dict[str, Any]:
    """The script that learned the model."""
    return runpy.run_path(str(ROOT / "scripts" / "learn_element_quality.py"))


@pytest.fixture(scope="module")
def errors(learning: dict[str, Any]) -> Any:
    """What a quarter of the sets that it was learned from shows, without manoeuvres."""
    histories = learning["read_histories"](ROOT / "tests" / "data" / "grus_history.txt")
    return learning["measure"](histories, quiet=True)


def test_every_error_grows_with_age() -> None:
    sigma = position_sigma_m(AGES)
    for axis in (sigma.along_m, sigma.cross_m, sigma.radial_m):
        assert (np.diff(axis) > 0).all()
    assert (sigma.along_m > 5 * sigma.cross_m).all()


def test_an_epoch_to_come_is_as_good_as_one_that_has_been() -> None:
    before, after = position_sigma_m(-3.0), position_sigma_m(3.0)
    assert (before.along_m, before.cross_m, before.radial_m) == (after.along_m, after.cross_m, after.radial_m)


def test_beyond_what_is_known_errors_grow_with_the_square_of_age_and_without_a_step() -> None:
    known, twice = position_sigma_m(KNOWN_DAYS), position_sigma_m(2 * KNOWN_DAYS)
    assert twice.cross_m == pytest.approx(4 * known.cross_m)
    assert position_sigma_m(KNOWN_DAYS + 1e-6).along_m == pytest.approx(known.along_m, rel=1e-6)
    assert twice.along_m > ALONG.sigma_m(np.array(2 * KNOWN_DAYS))


def test_time_is_distance_over_speed() -> None:
    assert time_uncertainty_s(7.0, 7_500.0) == pytest.approx(position_sigma_m(7.0).along_m / 7_500.0)
    assert time_uncertainty_s(np.array([0.0, 1.0]), 7_500.0) == pytest.approx([0.029, 0.102], abs=0.001)


def test_a_quarter_of_the_sets_teaches_the_same_within_a_fifth(learning: dict[str, Any], errors: Any) -> None:
    learned = learning["learn"](errors)
    for age in (1.0, 3.0, 7.0, 14.0):
        known = position_sigma_m(age)
        found = learning["predict"](learned, np.array([age]))[0]
        assert found == pytest.approx([known.along_m, known.cross_m, known.radial_m], rel=0.2)


def test_real_errors_are_as_large_as_the_model_says(learning: dict[str, Any], errors: Any) -> None:
    """Normal errors would be 68, 95 and 99.7 percent; these have more small ones, and some more large ones."""
    young = errors.where(errors.age_day < KNOWN_DAYS)
    sigma = position_sigma_m(young.age_day)
    axes = np.stack([sigma.along_m, sigma.cross_m, sigma.radial_m], axis=1)
    within = learning["count_within"](young, axes)
    assert within[0] == pytest.approx([68.3, 95.4, 99.7], abs=5.0)
    assert within[:, 1] == pytest.approx([95.4] * 3, abs=5.0)
    assert (within[:, 2] > 97.0).all()


def test_a_manoeuvre_is_seen_as_a_step_and_its_pairs_are_left_out(learning: dict[str, Any]) -> None:
    histories = learning["read_histories"](ROOT / "tests" / "data" / "grus_history.txt")
    steps = {name: len(learning["find_steps"](sets)) for name, sets in histories.items()}
    assert steps["GRUS-1A"] >= 1
    assert steps["GRUS-1B"] >= 1
    assert steps["GRUS-3ALPHA"] == 0
    everything, quiet = (learning["measure"](histories, quiet=quiet) for quiet in (False, True))
    assert len(quiet.age_day) < len(everything.age_day)
    assert np.abs(everything.error_m[:, 0]).max() > 3 * np.abs(quiet.error_m[:, 0]).max()


def test_the_page_shows_the_constants_that_are_used() -> None:
    page = (ROOT / "docs" / "reference" / "element-quality.md").read_text("utf-8")
    for name, growth in (("ALONG", ALONG), ("CROSS", CROSS), ("RADIAL", RADIAL)):
        assert f"{name} = Growth({growth.start_m:.0f}, {growth.steady_m:.0f}, {growth.drag_m:.1f})" in page


def test_the_fit_finds_the_growth_that_errors_were_made_with(learning: dict[str, Any]) -> None:
    made = np.array([300.0, 700.0, 250.0])
    rng = np.random.default_rng(1)
    age = rng.uniform(0, 14, 60_000)
    error = rng.standard_normal((60_000, 3)) * learning["predict"](np.tile(made, (3, 1)), age)
    errors = learning["Errors"](np.arange(60_000) % 4, age, np.zeros(60_000), error)
    assert learning["learn"](errors)[0] == pytest.approx(made, rel=0.1)
