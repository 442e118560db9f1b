"""A sheet as a picture (SVG): a lane a satellite, its captures by class, its contacts below, night in grey."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from swath.access import Contact
from swath.clock import from_seconds, to_seconds
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.ops.sheets.sheet import Sheet
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states
from swath.orbit.sun import sun_angles
from swath.tasking.model import Activity, Priority
from swath.wire import format_time

COLOURS: Mapping[Priority, str] = {
    Priority.EMERGENCY: "#d62728",
    Priority.NORMAL: "#1f77b4",
    Priority.WISHLIST: "#7f7f7f",
}
NIGHT, CONTACT, INK, RULE = "#e4e6ee", "#2ca02c", "#222222", "#c8c8c8"
LEFT, TOP, LANE, GAP, FOOT = 90.0, 64.0, 34.0, 10.0, 34.0
CAPTURE_HEIGHT, CONTACT_HEIGHT = 20.0, 5.0
# So wide at least, in all and for each hour; a capture of seconds must still be seen.
LEAST_WIDTH, HOUR_WIDTH, CAPTURE_WIDTH = 1_000.0, 24.0, 3.0
NIGHT_STEP_S = 30.0
HOUR = timedelta(hours=1)
# Marks of the axis are this many hours apart, the first that leaves room for what is written at them.
MARKS, MARK_WIDTH = (1, 3, 6, 12, 24), 70.0


def write_picture(sheet: Sheet) -> str:
    """The schedule as an SVG document by itself; pointing at a thing tells what it is."""
    return ElementTree.tostring(_Picture(sheet).draw(), encoding="unicode", xml_declaration=True)


class _Picture:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        hours = (sheet.end - sheet.start) / HOUR
        self._scale = max(LEAST_WIDTH / hours, HOUR_WIDTH)
        self._width = hours * self._scale
        self._height = len(sheet.satellites) * (LANE + GAP)

    def draw(self) -> Element:
        width, height = LEFT + self._width + GAP, TOP + self._height + FOOT
        svg = Element(
            "svg",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width:.0f} {height:.0f}",
            width=f"{width:.0f}",
            height=f"{height:.0f}",
            attrib={"font-family": "sans-serif", "font-size": "12", "fill": INK},
        )
        _add_box(svg, (0, 0), (width, height), fill="#ffffff")
        _add_hatching(svg)
        self._add_heading(svg)
        for number, satellite in enumerate(self._sheet.satellites):
            self._add_lane(svg, satellite, TOP + number * (LANE + GAP))
        self._add_axis(svg)
        self._add_legend(svg, TOP + self._height + FOOT / 2)
        return svg

    def _add_heading(self, svg: Element) -> None:
        schedule = self._sheet.schedule
        made = f", made {format_time(schedule.created)}" if schedule.version else ""
        _add_text(svg, GAP, 18, f"Schedule {schedule.version}{made}", size="15")
        _add_text(svg, GAP, 36, schedule.cause.message)

    def _add_lane(self, svg: Element, satellite: str, top: float) -> None:
        lane = SubElement(svg, "g", id=satellite)
        _add_box(lane, (LEFT, top), (self._width, LANE), fill="#ffffff", stroke=RULE)
        if satellite in self._sheet.orbits:
            for start, end in find_nights(self._sheet.orbits[satellite], self._sheet.start, self._sheet.end):
                self._add_span(lane, start, end, (top, LANE), fill=NIGHT)
        _add_text(lane, GAP, top + LANE / 2 + 4, satellite)
        for contact in self._sheet.contacts.get(satellite, ()):
            self._add_contact(lane, contact, top + LANE - CONTACT_HEIGHT)
        for activity in self._sheet.activities:
            if activity.chance.satellite == satellite:
                self._add_capture(lane, activity, top + 4)

    def _add_contact(self, lane: Element, contact: Contact, top: float) -> None:
        start, end = from_seconds(contact.start_s), from_seconds(contact.end_s)
        bar = self._add_span(lane, start, end, (top, CONTACT_HEIGHT), fill=CONTACT)
        _add_title(bar, f"contact with {contact.station}\n{format_time(start)} to {format_time(end)}")

    def _add_capture(self, lane: Element, activity: Activity, top: float) -> None:
        chance = activity.chance
        place = top, CAPTURE_HEIGHT
        colour = COLOURS[activity.priority]
        bar = self._add_span(lane, chance.start, chance.end, place, fill=colour, least=CAPTURE_WIDTH)
        if activity.frozen:
            bar = self._add_span(
                lane, chance.start, chance.end, place, fill="url(#frozen)", least=CAPTURE_WIDTH
            )
        _add_title(bar, _describe(activity))

    def _add_span(
        self,
        lane: Element,
        start: datetime,
        end: datetime,
        place: tuple[float, float],
        *,
        fill: str,
        least: float = 0.0,
    ) -> Element:
        left, right = (max(0.0, min(self._width, self._x(at))) for at in (start, end))
        return _add_box(lane, (LEFT + left, place[0]), (max(least, right - left), place[1]), fill=fill)

    def _add_axis(self, svg: Element) -> None:
        axis = SubElement(svg, "g", id="time")
        for at in self._find_marks():
            x = LEFT + self._x(at)
            ends = {
                "x1": f"{x:.1f}",
                "x2": f"{x:.1f}",
                "y1": f"{TOP - 4:.1f}",
                "y2": f"{TOP + self._height:.1f}",
            }
            SubElement(axis, "line", ends, stroke=RULE)
            _add_text(axis, x + 2, TOP - 8, at.strftime("%m-%d %H:%M"), size="10")

    def _find_marks(self) -> Iterator[datetime]:
        step = next((h for h in MARKS if h * self._scale >= MARK_WIDTH), MARKS[-1])
        at = self._sheet.start.replace(hour=0, minute=0, second=0, microsecond=0)
        while at < self._sheet.end:
            if at >= self._sheet.start:
                yield at
            at += step * HOUR

    def _add_legend(self, svg: Element, y: float) -> None:
        legend = SubElement(svg, "g", id="legend")
        things = [(name.lower(), colour) for name, colour in COLOURS.items()]
        things += [("commanded", "url(#frozen)"), ("contact", CONTACT), ("night below", NIGHT)]
        for number, (name, fill) in enumerate(things):
            x = LEFT + 120 * number
            _add_box(legend, (x, y - 9), (14, 12), fill=fill, stroke=RULE)
            _add_text(legend, x + 20, y + 1, name, size="11")

    def _x(self, at: datetime) -> float:
        return (at - self._sheet.start) / HOUR * self._scale


def find_nights(elements: Elements, start: datetime, end: datetime) -> Sequence[tuple[datetime, datetime]]:
    """When the Sun is below the horizon of the place under the satellite, to half a minute."""
    t = np.arange(to_seconds(start), to_seconds(end) + NIGHT_STEP_S, NIGHT_STEP_S)
    lon, lat, _ = ecef_to_geodetic(compute_states(elements, t).r_m)
    dark = np.concatenate([[False], sun_angles(t, lon, lat)[0] < 0.0, [False]])
    edges = np.flatnonzero(np.diff(dark.astype(int)))
    moments = [from_seconds(t[min(edge, len(t) - 1)]) for edge in edges]
    return list(zip(moments[::2], moments[1::2], strict=True))


def _describe(activity: Activity) -> str:
    chance = activity.chance
    state = "commanded" if activity.frozen else f"to be commanded by {format_time(chance.uplink_by)}"
    return (
        f"{activity.priority}, {state}\n{format_time(chance.start)} to {format_time(chance.end)}\n"
        f"roll {chance.roll_deg:.2f}°, pitch {chance.pitch_deg:.2f}°\nrequest {activity.request_id}"
    )


def _add_hatching(svg: Element) -> None:
    size = {"width": "5", "height": "5", "patternUnits": "userSpaceOnUse"}
    pattern = SubElement(SubElement(svg, "defs"), "pattern", size, id="frozen")
    SubElement(pattern, "path", d="M-1,1 l2,-2 M0,5 l5,-5 M4,6 l2,-2", stroke="#000000")


def _add_box(
    parent: Element,
    corner: tuple[float, float],
    size: tuple[float, float],
    *,
    fill: str,
    stroke: str = "none",
) -> Element:
    x, y, width, height = (f"{value:.2f}" for value in (*corner, *size))
    look = {"fill": fill, "stroke": stroke}
    return SubElement(parent, "rect", {"x": x, "y": y, "width": width, "height": height, **look})


def _add_text(parent: Element, x: float, y: float, text: str, *, size: str = "12") -> None:
    SubElement(parent, "text", {"font-size": size}, x=f"{x:.1f}", y=f"{y:.1f}").text = text


def _add_title(thing: Element, text: str) -> None:
    SubElement(thing, "title").text = text
