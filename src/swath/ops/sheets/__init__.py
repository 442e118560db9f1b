"""A version of the schedule as people and their programs want it: a picture, a map, a calendar, a globe, a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from swath.ops.sheets.as_calendar import write_calendar
from swath.ops.sheets.as_csv import write_csv
from swath.ops.sheets.as_czml import write_czml
from swath.ops.sheets.as_geojson import write_geojson
from swath.ops.sheets.as_picture import write_picture
from swath.ops.sheets.sheet import Sheet, build_sheet

__all__ = ["FORMATS", "Format", "Sheet", "build_sheet"]


@dataclass(frozen=True)
class Format:
    """One way to write a sheet: what it is to HTTP, who writes it, and what comes out when that is read as JSON."""

    media_type: str
    write: Callable[[Sheet], str]
    kind: str = "string"


# By the ending of a file that holds it.
FORMATS: Mapping[str, Format] = {
    "geojson": Format("application/geo+json", write_geojson, "object"),
    "csv": Format("text/csv; charset=utf-8; header=present", write_csv),
    "ics": Format("text/calendar; charset=utf-8", write_calendar),
    "czml": Format("application/json", write_czml, "array"),
    "svg": Format("image/svg+xml", write_picture),
}
