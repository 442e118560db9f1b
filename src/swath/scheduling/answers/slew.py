"""How long a satellite needs between two captures: it settles, and turns from one pointing to the other."""

from functools import lru_cache
from math import asin, cos, degrees, hypot, radians, sin

from swath.fleet.model import Agility
from swath.scheduling.model import Chance

Vector = tuple[float, float, float]


@lru_cache(maxsize=16_384)
def compute_pointing(roll_deg: float, pitch_deg: float) -> Vector:
    """The line of sight as a unit vector in the local orbital frame (x along track, y across, z to nadir).

    Pitch turns the scan plane about y, roll turns the line of sight within that plane: the same convention as
    the access geometry, in which the off-nadir angle is acos(cos roll cos pitch).
    """
    roll, pitch = radians(roll_deg), radians(pitch_deg)
    return cos(roll) * sin(pitch), sin(roll), cos(roll) * cos(pitch)


def compute_turn_deg(a: Chance, b: Chance) -> float:
    """The angle between the lines of sight of two chances, 0..180 degrees.

    From the chord of the two unit vectors, which is exact for small angles where the arc cosine is not.
    """
    u, v = compute_pointing(a.roll_deg, a.pitch_deg), compute_pointing(b.roll_deg, b.pitch_deg)
    chord = hypot(u[0] - v[0], u[1] - v[1], u[2] - v[2])
    return 2.0 * degrees(asin(min(1.0, chord / 2.0)))


def compute_slew_s(a: Chance, b: Chance, agility: Agility) -> float:
    """Seconds from the end of one capture to the earliest start of the other: settle + angle / rate.

    The same in both directions, and never shorter than by way of a third capture (angles on a sphere obey the
    triangle inequality). So on one satellite "a, then b, fits" is transitive, and only neighbours need a
    look.
    """
    return agility.settle_s + compute_turn_deg(a, b) / agility.slew_rate_deg_s


def compute_shortfall_s(a: Chance, b: Chance, agility: Agility) -> float:
    """Seconds missing between two captures of one satellite, in the order that misses less; 0 or less when both
    fit.
    """
    gap_s = max(b.start_s - a.end_s, a.start_s - b.end_s)
    return compute_slew_s(a, b, agility) - gap_s
