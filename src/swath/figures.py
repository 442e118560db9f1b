"""How numbers are written where a sentence compares them with a limit."""

from collections.abc import Sequence


def write_beside(number: float, *limits: float, decimals: int | None = None) -> str:
    """A number to so many decimals, else to six digits; to more where that keeps it on its own side of each limit."""
    least, kind = (6, "g") if decimals is None else (decimals, "f")
    written = (f"{number:.{digits}{kind}}" for digits in range(least, 18))
    return next((text for text in written if _lie_alike(float(text), number, limits)), repr(float(number)))


def _lie_alike(a: float, b: float, limits: Sequence[float]) -> bool:
    return all((a < limit, a > limit) == (b < limit, b > limit) for limit in limits)
