"""A sheet as CZML, for CesiumJS: satellites fly along their orbits, and the ground appears as it is captured."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import orjson
from shapely.geometry import Polygon

from swath.clock import to_seconds
from swath.geo.antimeridian import polygons_of
from swath.ops.sheets.sheet import Sheet
from swath.orbit.elements import Elements
from swath.orbit.propagate import compute_states
from swath.tasking.model import Activity, Priority
from swath.wire import format_time

Packet = dict[str, Any]
# At this step the quintics that CesiumJS lays through the points are within a metre of the orbit.
STEP_S = 60.0
DEGREE = 5
TRAIL_S = 1_500
RATE = 60
RGB: Mapping[Priority, tuple[int, int, int]] = {
    Priority.EMERGENCY: (214, 39, 40),
    Priority.NORMAL: (31, 119, 180),
    Priority.WISHLIST: (127, 127, 127),
}
WHILE_CAPTURED, AFTERWARDS = 230, 110


def write_czml(sheet: Sheet) -> str:
    """A document packet, one a satellite, and one for each part of the ground of each activity."""
    packets = [
        _build_document(sheet),
        *(_build_satellite(sheet, name, elements) for name, elements in sheet.orbits.items()),
        *(packet for activity in sheet.activities for packet in _build_captures(sheet, activity)),
    ]
    return orjson.dumps(packets).decode()


def _build_document(sheet: Sheet) -> Packet:
    return {
        "id": "document",
        "name": f"swath schedule {sheet.schedule.version}",
        "version": "1.0",
        "clock": {
            "interval": _interval(sheet.start, sheet.end),
            "currentTime": format_time(sheet.start),
            "multiplier": RATE,
        },
    }


def _build_satellite(sheet: Sheet, name: str, elements: Elements) -> Packet:
    # FIXED, which turns with the Earth: it is what we compute, and so nobody's Earth orientation comes between.
    return {
        "id": f"satellite/{name}",
        "name": name,
        "availability": _interval(sheet.start, sheet.end),
        "position": {
            "interpolationAlgorithm": "LAGRANGE",
            "interpolationDegree": DEGREE,
            "referenceFrame": "FIXED",
            "epoch": format_time(sheet.start),
            "cartesian": _sample(elements, sheet.start, sheet.end),
        },
        "label": {"text": name, "font": "11pt sans-serif", "pixelOffset": {"cartesian2": [0, -16]}},
        "point": {"pixelSize": 8, "color": {"rgba": [255, 255, 255, 255]}},
        "path": {"leadTime": 0, "trailTime": TRAIL_S, "resolution": STEP_S, "width": 1},
    }


def _build_captures(sheet: Sheet, activity: Activity) -> Iterator[Packet]:
    chance, footprint = activity.chance, sheet.footprints[activity.request_id]
    for number, part in enumerate(polygons_of(footprint)):
        yield {
            "id": f"capture/{activity.request_id}/{number}",
            "name": f"{chance.satellite} {format_time(chance.start)}",
            "description": f"{activity.priority}, request {activity.request_id}",
            "availability": _interval(chance.start, sheet.end),
            "polygon": _build_polygon(sheet, activity, part),
        }


def _build_polygon(sheet: Sheet, activity: Activity, part: Polygon) -> Packet:
    chance, rgb = activity.chance, RGB[activity.priority]
    ring = np.asarray(part.exterior.coords)[:-1, :2]
    heights = np.zeros((len(ring), 1))
    colours = [
        {"interval": _interval(chance.start, chance.end), "rgba": [*rgb, WHILE_CAPTURED]},
        {"interval": _interval(chance.end, sheet.end), "rgba": [*rgb, AFTERWARDS]},
    ]
    return {
        "positions": {"cartographicDegrees": np.hstack([ring, heights]).ravel().tolist()},
        "material": {"solidColor": {"color": colours}},
        "arcType": "GEODESIC",
    }


def _sample(elements: Elements, start: datetime, end: datetime) -> list[float]:
    """Seconds from the start and metres ITRF in turns; beyond both ends as far as an interpolation there needs."""
    start_s = to_seconds(start)
    t = np.arange(-DEGREE // 2 * STEP_S, to_seconds(end) - start_s + DEGREE * STEP_S, STEP_S)
    states = compute_states(elements, start_s + t)
    return np.column_stack([t, states.r_m.round(3)]).ravel().tolist()


def _interval(start: datetime, end: datetime) -> str:
    return f"{format_time(start)}/{format_time(end)}"
