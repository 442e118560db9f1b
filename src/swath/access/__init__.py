"""When a satellite can image a place or talk to a station, from what angle, and what ground a pointing covers."""

from swath.access.accesses import Accesses, find_accesses, stream_accesses
from swath.access.contacts import Contact, find_contacts, find_contacts_with_all
from swath.access.footprint import Strip, build_footprint
from swath.access.look import Look, compute_look
from swath.access.pointing import half_fov_deg
from swath.access.reach import build_reach

__all__ = [
    "Accesses",
    "Contact",
    "Look",
    "Strip",
    "build_footprint",
    "build_reach",
    "compute_look",
    "find_accesses",
    "find_contacts",
    "find_contacts_with_all",
    "half_fov_deg",
    "stream_accesses",
]
