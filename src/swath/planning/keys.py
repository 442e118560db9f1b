"""Keys of candidates: the same whenever it is the same strip of the same access, whatever elements it is found with.

New elements move a capture by seconds and its roll by tenths of a degree, so neither is in its key. What stays is where
in the count of revolutions an access is, and which strip of it this is, counted from the best one.
"""

import base64
import hashlib
from collections.abc import Sequence

from swath.orbit.elements import Elements


def build_key(plan_id: str, satellite: str, half_turn: str, strip: int) -> str:
    """Sixteen letters and digits that stand for one strip of one access of a plan."""
    text = f"{plan_id}|{satellite}|{half_turn}|{strip}"
    return base64.b32encode(hashlib.sha256(text.encode()).digest()[:10]).decode()


def name_half_turn(elements: Elements, revolution: int, orbit_state: str, *, is_north: bool) -> str:
    """The way from one turning point of the orbit to the other on which a satellite is, by the numbers it has there.

    Revolutions are counted from the equator, where areas are; a half turn has the equator in its middle. So one that
    leads north has the number of the revolution in which it ends. Sets that do not count revolutions number them each
    from its own epoch: then the epoch is in the name, which another set does not give again.
    """
    upwards = orbit_state == "ascending"
    number = revolution + (upwards and not is_north)
    origin = "" if elements.rev_at_epoch else f" since {elements.epoch.isoformat()}"
    return f"{orbit_state} {number}{origin}"


def number_strips(rolls_deg: Sequence[float]) -> tuple[int, ...]:
    """Numbers of strips side by side, the best given first: it has 0, those to its right 1, 2, to its left -1, -2."""
    order = sorted(range(len(rolls_deg)), key=lambda i: rolls_deg[i])
    place = {i: number for number, i in enumerate(order)}
    return tuple(place[i] - place[0] for i in range(len(rolls_deg)))
