"""What items can be filtered and sorted by."""

from swath.api.parameters import list_simple
from swath.cql2 import Queryable

QUERYABLES = (
    Queryable("id", "string", title="Item"),
    Queryable("collection", "string", title="Collection"),
    Queryable("geometry", "geometry", title="Footprint"),
    Queryable("datetime", "timestamp", title="Start of the capture"),
    Queryable("start_datetime", "timestamp", title="Start of the capture"),
    Queryable("end_datetime", "timestamp", title="End of the capture"),
    Queryable("created", "timestamp", title="When the item was published"),
    Queryable("platform", "string", title="Satellite"),
    Queryable("constellation", "string", title="Constellation"),
    Queryable("mission", "string", title="Mission; the same as the constellation"),
    Queryable("gsd", "number", title="Ground sampling distance in metres"),
    Queryable("eo:cloud_cover", "number", title="Cloud cover in percent"),
    Queryable("view:off_nadir", "number", title="Off-nadir angle in degrees"),
    Queryable("view:sun_elevation", "number", title="Elevation of the Sun in degrees"),
    Queryable("view:sun_azimuth", "number", title="Azimuth of the Sun in degrees"),
    Queryable("ag:capture_id", "string", title="Capture"),
)
SORTABLE = frozenset(queryable.name for queryable in QUERYABLES if queryable.type != "geometry")
# Those that are parameters by themselves: `platform=GRUS-1A`. `datetime` asks for more than equality.
SIMPLE = {name: queryable for name, queryable in list_simple(QUERYABLES).items() if name != "datetime"}
