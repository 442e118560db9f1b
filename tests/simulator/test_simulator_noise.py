"""Noise belongs to a place: neighbours meet without a seam, and every seed is another world."""

import numpy as np
import pytest

from swath.simulator.noise import compute_fractal, compute_noise, hash_nodes, hash_seed, unit_hash

X = np.arange(0, 20_000, 50.0)


def test_the_same_place_has_the_same_value_in_whatever_grid_it_lies():
    whole = compute_noise(7, X, X, 900)
    part = compute_noise(7, X[100:200], X[250:300], 900)
    np.testing.assert_allclose(part, whole[250:300, 100:200], atol=1e-5)


def test_places_left_of_and_below_the_origin_join_on_smoothly():
    across = compute_noise(3, np.arange(-500, 500, 1.0), np.array([0.0]), 400)[0]
    assert np.abs(np.diff(across)).max() < 0.02


def test_other_seeds_give_other_worlds():
    one, other = (compute_fractal(seed, X, X, 2_000, 200) for seed in (1, 2))
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.2


@pytest.mark.parametrize("spacing_m", [200, 700])
def test_noise_has_a_standard_deviation_of_about_one(spacing_m: float):
    assert 0.85 < compute_noise(11, X, X, spacing_m).std() < 1.15


def test_node_values_fill_their_range_evenly():
    values = hash_nodes(5, np.arange(300), np.arange(300))
    assert values.min() >= -1
    assert values.max() < 1
    counts = np.histogram(values, 10, (-1, 1))[0]
    assert counts.min() > 0.9 * counts.mean()


def test_hashes_depend_on_every_part():
    assert hash_seed("a", 1) != hash_seed("a", 2)
    assert 0 <= unit_hash("weather", (1, 2)) < 1
