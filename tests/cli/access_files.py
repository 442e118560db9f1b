"""Files that the tests of `swath access` read, and the command run on them."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from swath.cli.main import main

DAY = ("2026-08-22T12:00:00Z", "2026-08-23T12:00:00Z")


@dataclass(frozen=True)
class Shown:
    """What a command wrote, and its exit code."""

    code: object
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


Run = Callable[..., Shown]


def bundled(count: int) -> list[str]:
    """So many of the bundled element sets, three lines each."""
    lines = (files("swath.fleet") / "data" / "grus_elements.txt").read_text().splitlines()
    return [line for line in lines if not line.startswith("#")][: 3 * count]


def run_access(
    elements: Path, targets: Path, capsys: pytest.CaptureFixture[str], *options: str, start: str, end: str
) -> Shown:
    given = ("--elements", str(elements), "--targets", str(targets), "--start", start, "--end", end)
    with pytest.raises(SystemExit) as left:
        main(("access", *given, *options))
    return Shown(left.value.code, *capsys.readouterr())
