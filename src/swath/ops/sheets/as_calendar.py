"""A sheet as a calendar (iCalendar, RFC 5545): captures, and the contacts at which their commands go up."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from swath.geo.polygons import bounding_cap
from swath.ops.sheets.sheet import Sheet
from swath.tasking.model import Activity

MOST_OCTETS = 75
# By request, so that a calendar that was read before moves the entry instead of adding another.
DOMAIN = "captures.swath"


def write_calendar(sheet: Sheet) -> str:
    """One entry a capture, CONFIRMED once it is commanded. Entries keep their UID from version to version."""
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//swath//schedule//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    entries = chain.from_iterable(_write_entry(sheet, activity) for activity in sheet.activities)
    lines = [*head, f"X-WR-CALNAME:swath schedule {sheet.schedule.version}", *entries, "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in fold(line))


def fold(line: str) -> Sequence[str]:
    """A content line in parts of at most 75 octets, each but the first begun by a space; no character is cut."""
    parts, used = [""], 0
    for character in line:
        size = len(character.encode())
        if used + size > MOST_OCTETS:
            parts.append(" ")
            used = 1
        parts[-1] += character
        used += size
    return parts


def escape(text: str) -> str:
    """A value of type TEXT."""
    special = text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return special.replace("\r\n", "\n").replace("\n", r"\n")


def _write_entry(sheet: Sheet, activity: Activity) -> Iterator[str]:
    chance = activity.chance
    lon, lat, _ = bounding_cap(sheet.footprints[activity.request_id])
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(activity.request_id)}@{DOMAIN}"
    yield f"DTSTAMP:{_write_time(sheet.schedule.created)}"
    yield f"SEQUENCE:{sheet.schedule.version}"
    yield f"DTSTART:{_write_time(chance.start)}"
    # Captures last seconds: an end rounded up is never at the start.
    yield f"DTEND:{_write_time(chance.end + timedelta(seconds=1) - timedelta.resolution)}"
    yield f"SUMMARY:{escape(f'{chance.satellite} captures ({activity.priority})')}"
    yield f"DESCRIPTION:{escape(_describe(activity))}"
    yield f"CATEGORIES:{activity.priority}"
    yield f"GEO:{lat:.6f};{lon:.6f}"
    yield f"STATUS:{'CONFIRMED' if activity.frozen else 'TENTATIVE'}"
    yield "END:VEVENT"


def _describe(activity: Activity) -> str:
    chance = activity.chance
    return (
        f"Request {activity.request_id}\nroll {chance.roll_deg:.2f}°, pitch {chance.pitch_deg:.2f}°\n"
        f"to be commanded by {_write_time(chance.uplink_by)}"
    )


def _write_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
