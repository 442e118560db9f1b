"""A sheet as a table of plain text (RFC 4180): one line an activity."""

import csv
import io
from collections.abc import Mapping

from swath.ops.documents import build_activity
from swath.ops.sheets.sheet import Sheet
from swath.tasking.model import Activity

COLUMNS = (
    "satellite",
    "start",
    "end",
    "priority",
    "frozen",
    "roll_deg",
    "pitch_deg",
    "off_nadir_deg",
    "uplink_by",
    "revolution",
    "request_id",
)


def write_csv(sheet: Sheet) -> str:
    """A header and the activities, by start; times are UTC, angles degrees."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_list_cells(activity) for activity in sheet.activities)
    return text.getvalue()


def _list_cells(activity: Activity) -> list[object]:
    line: Mapping[str, object] = {**build_activity(activity), "frozen": "yes" if activity.frozen else "no"}
    return [line[column] for column in COLUMNS]
