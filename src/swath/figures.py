"""How numbers are written where a sentence compares them with a limit."""

from collections.abc import Sequence


def write_beside(number: float, *limits: float, decimals: int = 6) -> str:
    """A number to so many decimals, and to as many more as keep it on its own side of each limit."""
    written = (repr(round(float(number), d)).removesuffix(".0") for d in range(decimals, 16))
    return next((text for text in written if _lie_alike(float(text), number, limits)), repr(float(number)))


def _lie_alike(a: float, b: float, limits: Sequence[float]) -> bool:
    return all((a < limit, a > limit) == (b < limit, b > limit) for limit in limits)
