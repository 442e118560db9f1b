"""Vectors and the WGS84 ellipsoid for kernels: the formulas of `ellipsoid.py`, one point at a time.

A vector is a tuple of three floats, Earth-fixed and in metres unless said otherwise.
"""

import numpy as np

from swath.compiled import kernel
from swath.geo.ellipsoid import A_M, B_M, E2

Vector = tuple[float, float, float]

# tan(pi / 12) to twice as many powers is 1e-16.
ARCTANGENT_TERMS = 14
# The first power left out is the sixteenth.
TURN_TERMS = 7


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
def arctangent(t: float) -> float:
    """The arctangent in steps that a compiler can do for many at once, as it cannot np.arctan.

    A quarter of the angle, and its series: to the last digit up to 60 degrees, to 2e-11 at 90.
    """
    for _ in range(2):
        t = t / (1.0 + np.sqrt(1.0 + t * t))
    s, total = t * t, 0.0
    for k in range(ARCTANGENT_TERMS - 1, -1, -1):
        total = 1.0 / (2 * k + 1) - s * total
    return 4.0 * t * total


@kernel
def turn_by(angle: float) -> tuple[float, float]:
    """Cosine and sine of an angle below one radian to 1e-12, in such steps too: the series."""
    s, cos, sin = angle * angle, 1.0, 1.0
    for k in range(TURN_TERMS, 0, -1):
        cos = 1.0 - s * cos / ((2 * k - 1) * (2 * k))
        sin = 1.0 - s * sin / ((2 * k) * (2 * k + 1))
    return cos, angle * sin


@kernel
def vertical_at(r: Vector) -> tuple[Vector, float]:
    """The ellipsoid's outward normal through a point above it, and how far (to 1 in 10,000) from it normals meet.

    Steps of tan(lat) = (z + e2 N sin(lat)) / p, each of which leaves less than a hundredth of the error before it; the
    first guess is right for a sphere of the Earth's size.
    """
    x, y, z = r
    squared = x * x + y * y
    across = max(np.sqrt(squared), 1e-6)
    inverse = 1.0 / across
    tangent = z * inverse / (1.0 - E2 * A_M / np.sqrt(squared + z * z))
    for _ in range(2):
        tangent = (z + E2 * A_M * tangent / np.sqrt(1.0 + (1.0 - E2) * tangent * tangent)) * inverse
    cos = 1.0 / np.sqrt(1.0 + tangent * tangent)
    sin = tangent * cos
    curve = across * cos + z * sin + E2 * A_M * sin * sin
    return (x * inverse * cos, y * inverse * cos, sin), curve


@kernel
def lonlat_at(r: Vector) -> tuple[float, float]:
    """Geodetic longitude and latitude in degrees."""
    return lonlat_of(vertical_at(r)[0])


@kernel
def lonlat_of(up: Vector) -> tuple[float, float]:
    """The same of where the outward normal is this one."""
    lon, lat = np.arctan2(up[1], up[0]), np.arctan2(up[2], np.sqrt(up[0] ** 2 + up[1] ** 2))
    return np.degrees(lon), np.degrees(lat)


@kernel
def ground_along(origin: Vector, along: Vector) -> Vector:
    """Where a line of sight first meets the ellipsoid; NaN where it misses or points away."""
    p = (origin[0] / A_M, origin[1] / A_M, origin[2] / B_M)
    d = (along[0] / A_M, along[1] / A_M, along[2] / B_M)
    a, b, c = dot(d, d), dot(p, d), dot(p, p) - 1.0
    inside = b * b - a * c
    distance = (-b - np.sqrt(inside)) / a if inside >= 0.0 else np.nan
    return blend(1.0, origin, distance if distance > 0.0 else np.nan, along)
