"""When a satellite can image a place or talk to a station, from what angle, and what ground a pointing covers."""

from swath.access.accesses import find_accesses, stream_accesses
from swath.access.area_accesses import find_area_accesses, stream_area_accesses
from swath.access.contacts import Contact, find_contacts, find_contacts_with_all
from swath.access.footprint import Strip, build_footprint
from swath.access.inputs import FarElements
from swath.access.look import Look, compute_look
from swath.access.pointing import half_fov_deg
from swath.access.reach import build_reach
from swath.access.table import Accesses

__all__ = [
    "Accesses",
    "Contact",
    "FarElements",
    "Look",
    "Strip",
    "build_footprint",
    "build_reach",
    "compute_look",
    "find_accesses",
    "find_area_accesses",
    "find_contacts",
    "find_contacts_with_all",
    "half_fov_deg",
    "stream_accesses",
    "stream_area_accesses",
]
