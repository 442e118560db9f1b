"""What the limits of a request rule out, told so that a refusal can say by how much."""

from dataclasses import dataclass

from swath.scheduling.model import Chance, Excluded


@dataclass(frozen=True)
class Limits:
    """From when until when a capture may last, and how steeply it may look."""

    start_s: float
    end_s: float
    off_nadir_range: tuple[float, float]


def rule_out(chance: Chance, off_nadir_deg: float, limits: Limits) -> Excluded | None:
    """Why the limits leave out a chance, and by how much; None if they do not. A chance outside the window and too
    steep needs both widened, so it is no help to name either: it comes without the chance.
    """
    before_s, after_s = limits.start_s - chance.start_s, chance.end_s - limits.end_s
    outside_s = max(before_s, after_s)
    low, high = limits.off_nadir_range
    steep = not low <= off_nadir_deg <= high
    if outside_s > 0.0:
        figures = {"outside_s": outside_s, "at": _name_ends(before_s > 0.0, after_s > 0.0)}
        kept = None if steep else chance
        return Excluded("OUTSIDE_WINDOW", chance.satellite, chance.start_s, figures, kept)
    if not steep:
        return None
    too_flat = off_nadir_deg < low
    figures = {
        "limit": "least_off_nadir" if too_flat else "off_nadir",
        "found_deg": off_nadir_deg,
        "limit_deg": low if too_flat else high,
    }
    return Excluded("GEOMETRY", chance.satellite, chance.start_s, figures, chance)


def _name_ends(before: bool, after: bool) -> str:
    """At which end of the window a chance is outside of it."""
    return "both" if before and after else "start" if before else "end"
