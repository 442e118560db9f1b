"""Vectors and the WGS84 ellipsoid for kernels: the formulas of `ellipsoid.py`, one point at a time.

A vector is a tuple of three floats, Earth-fixed and in metres unless said otherwise.
"""

import numpy as np

from swath.compiled import kernel
from swath.geo.ellipsoid import A_M, B_M, E2

Vector = tuple[float, float, float]


@kernel
def dot(a: Vector, b: Vector) -> float:
    """The inner product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@kernel
def cross(a: Vector, b: Vector) -> Vector:
    """The outer product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@kernel
def blend(p: float, a: Vector, q: float, b: Vector) -> Vector:
    """p a + q b."""
    return p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]


@kernel
def unit(a: Vector) -> Vector:
    """The same direction, length one."""
    size = np.sqrt(dot(a, a))
    return a[0] / size, a[1] / size, a[2] / size


@kernel
def vertical_at(r: Vector) -> tuple[Vector, float]:
    """The ellipsoid's outward normal through a point above it, and how far the point is from where normals meet.

    Four steps of tan(lat) = (z + e2 N sin(lat)) / p, each of which leaves less than a hundredth of the error before it.
    """
    x, y, z = r
    across = max(np.sqrt(x * x + y * y), 1e-6)
    tangent = z / across / (1 - E2)
    prime = A_M
    for _ in range(4):
        sin = tangent / np.sqrt(1.0 + tangent * tangent)
        prime = A_M / np.sqrt(1.0 - E2 * sin * sin)
        tangent = (z + E2 * prime * sin) / across
    cos = 1.0 / np.sqrt(1.0 + tangent * tangent)
    up = (x / across * cos, y / across * cos, tangent * cos)
    return up, across * cos + z * up[2] + E2 * prime * up[2] * up[2]


@kernel
def lonlat_at(r: Vector) -> tuple[float, float]:
    """Geodetic longitude and latitude in degrees."""
    up, _ = vertical_at(r)
    return np.degrees(np.arctan2(r[1], r[0])), np.degrees(np.arctan2(up[2], np.sqrt(up[0] ** 2 + up[1] ** 2)))


@kernel
def ground_along(origin: Vector, along: Vector) -> Vector:
    """Where a line of sight first meets the ellipsoid; NaN where it misses or points away."""
    p = (origin[0] / A_M, origin[1] / A_M, origin[2] / B_M)
    d = (along[0] / A_M, along[1] / A_M, along[2] / B_M)
    a, b, c = dot(d, d), dot(p, d), dot(p, p) - 1.0
    inside = b * b - a * c
    distance = (-b - np.sqrt(inside)) / a if inside >= 0.0 else np.nan
    return blend(1.0, origin, distance if distance > 0.0 else np.nan, along)
