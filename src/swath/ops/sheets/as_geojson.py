"""A sheet as GeoJSON (RFC 7946): the ground of every activity, with how it is made."""

from typing import Any

import orjson

from swath.geo.polygons import compute_bbox, to_geojson
from swath.ops.documents import build_activity
from swath.ops.sheets.sheet import Sheet
from swath.tasking.model import Activity


def write_geojson(sheet: Sheet) -> str:
    """A FeatureCollection of the footprints, by start; each feature has the request's id."""
    features = [_build_feature(sheet, activity) for activity in sheet.activities]
    return orjson.dumps({"type": "FeatureCollection", "features": features}).decode()


def _build_feature(sheet: Sheet, activity: Activity) -> dict[str, Any]:
    footprint = sheet.footprints[activity.request_id]
    return {
        "type": "Feature",
        "id": activity.request_id,
        "bbox": compute_bbox(footprint),
        "geometry": to_geojson(footprint),
        "properties": {"schedule_version": sheet.schedule.version, **build_activity(activity)},
    }
