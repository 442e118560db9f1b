"""What there is to task with: satellites, ground stations, limits, and the bundled GRUS constellation."""

from swath.fleet.load import load_bundled_elements, load_fleet, parse_fleet, read_fleet
from swath.fleet.model import (
    Agility,
    Band,
    Duty,
    Fleet,
    GroundStation,
    Limits,
    Memory,
    Satellite,
    Sensor,
)

__all__ = [
    "Agility",
    "Band",
    "Duty",
    "Fleet",
    "GroundStation",
    "Limits",
    "Memory",
    "Satellite",
    "Sensor",
    "load_bundled_elements",
    "load_fleet",
    "parse_fleet",
    "read_fleet",
]
