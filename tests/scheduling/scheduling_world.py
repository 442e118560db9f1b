"""A small world for the scheduling tests: two satellites, orbits of 6,000 s, and work written in one line."""

from dataclasses import replace

from swath.fleet.model import Agility, Duty
from swath.scheduling import EMERGENCY, NORMAL, WISHLIST, Chance, Placement, Rules, Work

# 6 s to settle and 1.5 deg/s, the figures of the synthetic agile instances the design was measured on.
AGILITY = Agility(max_off_nadir_deg=30.0, max_pitch_deg=20.0, settle_s=6.0, slew_rate_deg_s=1.5)
DUTY = Duty(captures_per_orbit=5, seconds_per_orbit=60.0)
RULES = Rules({"A": AGILITY, "B": AGILITY}, {"A": DUTY, "B": DUTY})
# Wishes are promised last, other work some hours before its commands freeze.
WISH_S, NOTICE_S = 900.0, 4 * 3_600.0
WISHES_LAST = replace(RULES, notice_s={WISHLIST: WISH_S})
LATE = replace(RULES, notice_s={WISHLIST: WISH_S, NORMAL: NOTICE_S})
ORBIT_S, LEAD_S = 6_000.0, 1_800.0


def chance(
    start_s: float,
    *,
    satellite: str = "A",
    seconds: float = 10.0,
    roll: float = 0.0,
    pitch: float = 0.0,
    uplink_by: float | None = None,
) -> Chance:
    """A chance at `start_s`, to be commanded half an hour before unless told otherwise."""
    deadline_s = start_s - LEAD_S if uplink_by is None else uplink_by
    return Chance(satellite, start_s, start_s + seconds, roll, pitch, deadline_s, int(start_s // ORBIT_S))


def work(name: str, *chances: Chance, rank: int = NORMAL, owner: str = "acme") -> Work:
    return Work(name, rank, chances, owner)


def emergency(name: str, *chances: Chance, owner: str = "rescue") -> Work:
    return Work(name, EMERGENCY, chances, owner)


def wish(name: str, *chances: Chance, owner: str = "dreamer") -> Work:
    return Work(name, WISHLIST, chances, owner)


def placed(some: Work, number: int = 0, *, frozen: bool = False) -> Placement:
    """Work that has been given its chance of that number."""
    return Placement(some, some.chances[number], frozen)
