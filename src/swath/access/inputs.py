"""What a search of accesses is given, checked: elements and how far they are in time, places, limits."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from swath.access.limits import Limits
from swath.access.look import Floats
from swath.errors import Fault, Invalid
from swath.figures import write_beside
from swath.orbit.choice import days_away
from swath.orbit.elements import Elements
from swath.orbit.quality import KNOWN_DAYS

# The least elevation, the least and the largest off-nadir angle, in degrees.
AngleLimits = tuple[float, float, float]


class FarElements(UserWarning):
    """Elements are so far from the range in time that accesses may be minutes off."""


def check_sets(elements: Elements | Sequence[Elements], start_s: float, end_s: float) -> tuple[Elements, ...]:
    """The element sets; warns of FarElements."""
    sets = (elements,) if isinstance(elements, Elements) else tuple(elements)
    far = [(days, one) for one in sets if (days := days_away(one, start_s, end_s)[0]) > KNOWN_DAYS]
    if far:
        warnings.warn(_describe_far(far), FarElements, stacklevel=4)
    return sets


def check_places(lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats]:
    """Longitudes and latitudes (T,) in degrees; raises Invalid that names the first one that is out of range."""
    lon, lat = np.atleast_1d(np.asarray(lon_deg, float)), np.atleast_1d(np.asarray(lat_deg, float))
    if max(lon.ndim, lat.ndim) > 1 or (1 not in (len(lon), len(lat)) and len(lon) != len(lat)):
        sentence = (
            f"Longitudes are {lon.shape}, latitudes {lat.shape}; expected two lists of the same length."
        )
        raise Invalid(Fault("/targets", "shape", sentence))
    lon, lat = np.broadcast_arrays(lon, lat)
    wrong = np.flatnonzero(~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)))
    if wrong.size:
        i = int(wrong[0])
        sentence = (
            f"Target {i} lies at longitude {lon[i]:g}, latitude {lat[i]:g}; expected -180..180 and -90..90."
        )
        raise Invalid(Fault(f"/targets/{i}", "position_range", sentence))
    return lon, lat


def build_limits(count: int, angles: AngleLimits) -> Limits:
    """The same limits for so many targets; raises Invalid where nothing can keep them."""
    min_elevation_deg, min_off_nadir_deg, max_off_nadir_deg = angles
    if not 0 <= min_elevation_deg < 90:
        found = write_beside(min_elevation_deg, 0, 90)
        sentence = f"The least elevation is {found} degrees; it must be from 0 to below 90."
        raise Invalid(Fault("/min_elevation", "elevation_range", sentence))
    if not 0 <= min_off_nadir_deg < max_off_nadir_deg <= 90:
        band = min_off_nadir_deg, max_off_nadir_deg
        found = " to ".join(write_beside(angle, 0, 90, *band) for angle in band)
        sentence = f"Off-nadir angles run from {found} degrees; they must rise, from 0 or more to 90 at most."
        raise Invalid(Fault("/max_off_nadir", "off_nadir_range", sentence))
    return Limits(np.full(count, float(min_elevation_deg)), max_off_nadir_deg, min_off_nadir_deg)


def _describe_far(far: Sequence[tuple[float, Elements]]) -> str:
    days, one = max(far, key=lambda pair: pair[0])
    others = f", and more than {KNOWN_DAYS:.0f} days those of {len(far) - 1} others" if len(far) > 1 else ""
    return (
        f"Elements of {one.label} are {days:.0f} days from the range{others}; accesses may be minutes off. "
        "Take element sets from nearer to it."
    )
