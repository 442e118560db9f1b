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


def load_targets(path: Path) -> list[Target]:
    """The targets of a CSV file with the columns target, lon_deg, lat_deg; raises Malformed that names the line."""
    return parse_targets(read_text(path), str(path))


def parse_targets(text: str, name: str) -> list[Target]:
    """The targets of such a file's text, which is called by a name. Raises Malformed."""
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines())
    if not set(HEADER) <= set(reader.fieldnames or ()):
        found = ", ".join(reader.fieldnames or ()) or "none"
        raise Malformed(f"{name}: the first line must name the columns {', '.join(HEADER)}; found {found}.")
    targets = [
        Target(
            row["target"] or "",
            _degrees(row, "lon_deg", 180.0, f"{name}, line {reader.line_num}"),
            _degrees(row, "lat_deg", 90.0, f"{name}, line {reader.line_num}"),
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


def _degrees(row: dict[str, str | None], column: str, most: float, where: str) -> float:
    text = row[column] or ""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise Malformed(f"{where}: {column} is {text!r}; expected degrees from {-most:g} to {most:g}.")
    return value
