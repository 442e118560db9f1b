"""The one decorator for kernels: scalar loops that numba compiles, and keeps compiled from run to run.

Where numba cannot be had the functions stay plain Python, right but slow; COMPILED tells, and the rooms that have a
NumPy path for such machines take it (`access/dense.py`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

try:
    from numba import njit as _njit
except ImportError:
    _njit = None

F = TypeVar("F", bound=Callable[..., object])

COMPILED = _njit is not None


def kernel(function: F) -> F:
    """Compile at the first call; divisions by zero give inf or nan as in NumPy, and other threads may run meanwhile."""
    if _njit is None:
        return function
    compiled: Any = _njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})(function)
    return compiled
