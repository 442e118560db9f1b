"""Accesses: when satellites can image places on the ground, by elevation or by off-nadir angle, as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from swath.access.ahead import map_ahead
from swath.access.limits import Limits
from swath.access.look import Floats, build_targets
from swath.access.search import Search, check_range
from swath.access.spans import Spans
from swath.errors import Fault, Invalid
from swath.orbit.elements import Elements
from swath.orbit.sun import sun_angles

Ints = NDArray[np.intp]

# Places searched at a time: enough for arrays to pay, few enough for memory.
PLACES_AT_A_TIME = 10_000
# Satellites times places times seconds above which threads pay: some milliseconds of work.
WORTH_A_THREAD_S = 1e8


@dataclass(frozen=True)
class Accesses:
    """A table of accesses: columns (N,) by satellite, target and time.

    `satellite` counts `satellites`, the names of those searched; `target` counts the places as they were given, which
    `lon_deg` and `lat_deg` (T,) repeat. Times are POSIX seconds; `t_max_s` is when the satellite stands highest during
    the access, and all angles, in degrees, are those of that moment: elevation without refraction, off-nadir from the
    geodetic nadir. The Sun's angles are computed when they are first asked for.
    """

    satellites: tuple[str, ...]
    lon_deg: Floats
    lat_deg: Floats
    satellite: Ints
    target: Ints
    rise_s: Floats
    set_s: Floats
    t_max_s: Floats
    max_elevation_deg: Floats
    off_nadir_deg: Floats

    def __len__(self) -> int:
        return len(self.target)

    @property
    def sun_elevation_deg(self) -> Floats:
        """How high the Sun stands at the target (N,), geometric."""
        return self._sun[0]

    @property
    def sun_azimuth_deg(self) -> Floats:
        """Where the Sun stands at the target (N,), from north over east, 0 to 360."""
        return self._sun[1]

    @cached_property
    def _sun(self) -> tuple[Floats, Floats]:
        return sun_angles(self.t_max_s, self.lon_deg[self.target], self.lat_deg[self.target])


def find_accesses(
    elements: Elements | Sequence[Elements],
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    start_s: float,
    end_s: float,
    *,
    min_elevation_deg: float = 0.0,
    max_off_nadir_deg: float = 90.0,
    min_off_nadir_deg: float = 0.0,
) -> Accesses:
    """All accesses of satellites to places (T,) on the ellipsoid that touch [start, end), POSIX seconds.

    Limits may be combined; off-nadir is measured from the geodetic nadir. A least off-nadir angle above 0 splits an
    access that runs through the inner cone in two. An access cut by the range is given with its true rise and set;
    one that lasts longer than a revolution beyond the range ends there. Elevations are without refraction.

    Raises Invalid for a range, places or limits that make no sense, PropagationFailed when SGP4 gives no position.
    """
    blocks = stream_accesses(
        elements,
        lon_deg,
        lat_deg,
        start_s,
        end_s,
        min_elevation_deg=min_elevation_deg,
        max_off_nadir_deg=max_off_nadir_deg,
        min_off_nadir_deg=min_off_nadir_deg,
    )
    return _join(list(blocks))


def stream_accesses(
    elements: Elements | Sequence[Elements],
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    start_s: float,
    end_s: float,
    *,
    min_elevation_deg: float = 0.0,
    max_off_nadir_deg: float = 90.0,
    min_off_nadir_deg: float = 0.0,
) -> Iterator[Accesses]:
    """The same as `find_accesses`, block by block: a satellite, up to ten thousand places, up to sixteen days.

    At least one block comes for each satellite, by satellite, place and time; memory stays that of a block. Raises the
    same errors; those that concern what was given at once, before the first block.
    """
    sets = [elements] if isinstance(elements, Elements) else list(elements)
    check_range(start_s, end_s)
    _check_limits(min_elevation_deg, min_off_nadir_deg, max_off_nadir_deg)
    lon, lat = _check_places(lon_deg, lat_deg)
    limits = Limits(np.full(len(lon), float(min_elevation_deg)), max_off_nadir_deg, min_off_nadir_deg)
    return _stream(sets, lon, lat, limits, start_s, end_s)


def _stream(
    sets: Sequence[Elements], lon: Floats, lat: Floats, limits: Limits, start_s: float, end_s: float
) -> Iterator[Accesses]:
    names = tuple(one.label for one in sets)
    blocks = [slice(i, i + PLACES_AT_A_TIME) for i in range(0, len(lon), PLACES_AT_A_TIME)] or [slice(0, 0)]
    targets = [build_targets(lon[block], lat[block]) for block in blocks]

    def find(number: int) -> list[Accesses]:
        search = Search(sets[number], start_s, end_s)
        return [
            _describe(names, lon, lat, number, block.start, spans)
            for block, some in zip(blocks, targets, strict=True)
            for spans in search.find(some, limits.take(block))
        ]

    run = map_ahead if len(sets) * len(lon) * (end_s - start_s) > WORTH_A_THREAD_S else map
    for found in run(find, range(len(sets))):
        yield from found


def _describe(
    names: tuple[str, ...], lon: Floats, lat: Floats, number: int, first: int, spans: Spans
) -> Accesses:
    return Accesses(
        satellites=names,
        lon_deg=lon,
        lat_deg=lat,
        satellite=np.full(len(spans), number),
        target=spans.place + first,
        rise_s=spans.rise_s,
        set_s=spans.set_s,
        t_max_s=spans.highest_s,
        max_elevation_deg=np.degrees(np.arcsin(np.clip(spans.sin_elevation, -1.0, 1.0))),
        off_nadir_deg=np.degrees(np.arccos(np.clip(spans.cos_off_nadir, -1.0, 1.0))),
    )


def _join(blocks: Sequence[Accesses]) -> Accesses:
    """One table from blocks of the same search; pieces of a long range are put in order."""
    if len(blocks) == 1:
        return blocks[0]
    columns = [field.name for field in fields(Accesses)[3:]]
    joined = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in columns}
    if (np.diff(joined["satellite"] * len(blocks[0].lon_deg) + joined["target"]) < 0).any():
        order = np.lexsort((joined["rise_s"], joined["target"], joined["satellite"]))
        joined = {name: column[order] for name, column in joined.items()}
    return replace(blocks[0], **joined)


def _check_limits(min_elevation_deg: float, min_off_nadir_deg: float, max_off_nadir_deg: float) -> None:
    if not 0 <= min_elevation_deg < 90:
        sentence = f"The least elevation is {min_elevation_deg:g} degrees; it must be from 0 to below 90."
        raise Invalid(Fault("/min_elevation", "elevation_range", sentence))
    if not 0 <= min_off_nadir_deg < max_off_nadir_deg <= 90:
        found = f"{min_off_nadir_deg:g} to {max_off_nadir_deg:g}"
        sentence = f"Off-nadir angles run from {found} degrees; they must rise, from 0 or more to 90 at most."
        raise Invalid(Fault("/max_off_nadir", "off_nadir_range", sentence))


def _check_places(lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats]:
    lon, lat = np.broadcast_arrays(np.atleast_1d(np.asarray(lon_deg, float)), np.asarray(lat_deg, float))
    wrong = np.flatnonzero(~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)))
    if wrong.size:
        i = int(wrong[0])
        sentence = (
            f"Target {i} lies at longitude {lon[i]:g}, latitude {lat[i]:g}; expected -180..180 and -90..90."
        )
        raise Invalid(Fault(f"/targets/{i}", "position_range", sentence))
    return lon, lat
