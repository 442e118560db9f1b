"""Targets as people write them down: places on the ground in a CSV file."""

import csv
import math
from pathlib import Path
from typing import NamedTuple

from swath.errors import Malformed

HEADER = ("target", "lon_deg", "lat_deg")


class Target(NamedTuple):
    """A place on the ground."""

    target: str
    lon_deg: float
    lat_deg: float


def parse_targets(text: str, name: str) -> list[Target]:
    """The targets of a file with the columns target, lon_deg, lat_deg, which is called by a name.

    Raises Malformed that names the line.
    """
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines())
    if not set(HEADER) <= set(reader.fieldnames or ()):
        found = ", ".join(reader.fieldnames or ()) or "none"
        raise Malformed(f"{name}: the first line must name the columns {', '.join(HEADER)}; found {found}.")
    targets = [
        Target(
            row["target"] or "",
            check_degrees(row["lon_deg"], "lon_deg", 180.0, f"{name}, line {reader.line_num}"),
            check_degrees(row["lat_deg"], "lat_deg", 90.0, f"{name}, line {reader.line_num}"),
        )
        for row in reader
    ]
    if not targets:
        raise Malformed(f"{name} holds no target below its first line.")
    return targets


def read_text(path: Path) -> str:
    """A file's text, UTF-8. Raises Malformed."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"{path} cannot be read: {error}.") from error


def check_degrees(given: object, name: str, most: float, where: str) -> float:
    """A number or its text as degrees from -most to most. Raises Malformed that says where and what was found."""
    try:
        value = float(given) if isinstance(given, str | int | float) else math.nan
    except (ValueError, OverflowError):
        value = math.nan
    if not -most <= value <= most or isinstance(given, bool):
        found = "" if given is None else given
        raise Malformed(f"{where}: {name} is {found!r}; expected degrees from {-most:g} to {most:g}.")
    return value
