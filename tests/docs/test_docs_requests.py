"""The page about requests says what the tables of the lifecycle say."""

import re
from pathlib import Path

from swath.tasking.machine import CREDIT_AT_END, ENDS, REQUEST_STEPS
from swath.tasking.model import EntryKind, RequestStatus

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "requests.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE))


def test_every_step_is_on_the_page() -> None:
    for status in set(RequestStatus) - ENDS:
        assert ROWS[status] == ", ".join(sorted(REQUEST_STEPS[status]))
    (final,) = (cell for cell, told in ROWS.items() if told.startswith("nothing"))
    assert set(final.split(", ")) == ENDS


def test_every_movement_of_credit_is_on_the_page() -> None:
    told = {EntryKind.CHARGE: "charged", EntryKind.RELEASE: "released"}
    for status, kind in CREDIT_AT_END.items():
        (row,) = (cell for cell, what in ROWS.items() if what == told[kind])
        assert status in row
