"""Smooth noise that belongs to a place: the same coordinates give the same value, whoever asks and in
whatever scene.

Values at the nodes of square lattices are hashes of the nodes' whole-number coordinates; between the nodes
runs a uniform cubic B-spline. Sums of lattices, each twice as fine and half as strong, look like terrain
and like clouds.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Single precision in practice: pictures need no more, and it takes half the time.
Floats = NDArray[np.floating[Any]]

# Variance of a uniform value in [-1, 1], times what the B-spline leaves of it on average in each of two
# directions: the mean over a cell of the sum of its four squared weights, 151/315.
NODE_STD = (1 / 3) ** 0.5 * 151 / 315


def hash_seed(*parts: object) -> int:
    """A seed of 63 bits from anything that prints the same each time."""
    digest = hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def unit_hash(*parts: object) -> float:
    """A number in [0, 1) from anything that prints the same each time."""
    return hash_seed(*parts) / 2.0**63


def hash_nodes(seed: int, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
    """One value in [-1, 1) for each lattice node; shape (rows, columns). The mixing is that of SplitMix64."""
    with np.errstate(over="ignore"):
        mixed = _mix(_mix(rows.astype(np.uint64) + np.uint64(seed))[:, None] + columns.astype(np.uint64))
    return (mixed >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1)


def compute_noise(seed: int, x_m: Floats, y_m: Floats, spacing_m: float) -> Floats:
    """One lattice's noise at the crossings of columns `x_m` and rows `y_m`; shape (rows, columns), std about 1."""
    across, columns = _spline(x_m / spacing_m)
    down, rows = _spline(y_m / spacing_m)
    return (down @ hash_nodes(seed, rows, columns) @ across.T) / np.float32(NODE_STD)


def compute_fractal(seed: int, x_m: Floats, y_m: Floats, coarsest_m: float, finest_m: float) -> Floats:
    """A sum of lattices from `coarsest_m` down to `finest_m`, each half as strong as the one before; std about 1."""
    octaves = max(1, int(np.log2(coarsest_m / finest_m)) + 1)
    total = np.zeros((len(y_m), len(x_m)), np.float32)
    for octave in range(octaves):
        own = hash_seed(seed, octave)
        total += compute_noise(own, x_m, y_m, coarsest_m / 2**octave) * np.float32(0.5**octave)
    return total / np.float32(sum(0.25**octave for octave in range(octaves)) ** 0.5)


def _mix(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _spline(u: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Weights (points, nodes) of the nodes around each point, and the nodes' numbers."""
    cell = np.floor(u).astype(np.int64)
    first, last = int(cell.min()) - 1, int(cell.max()) + 2
    f = u - cell
    weights = ((1 - f) ** 3, 3 * f**3 - 6 * f**2 + 4, -3 * f**3 + 3 * f**2 + 3 * f + 1, f**3)
    matrix = np.zeros((len(u), last - first + 1), np.float32)
    for k, weight in enumerate(weights):
        matrix[np.arange(len(u)), cell - first - 1 + k] = weight / 6
    return matrix, np.arange(first, last + 1)
