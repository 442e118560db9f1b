"""The table of accesses: columns in NumPy, and the same for notebooks in Arrow and pandas."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from swath.access.look import Floats
from swath.access.spans import Spans, chain_spans
from swath.orbit.sun import sun_angles

if TYPE_CHECKING:
    import pandas
    import pyarrow

Ints = NDArray[np.intp]

MICROS = 1e6
ANGLES = ("max_elevation_deg", "off_nadir_deg", "sun_elevation_deg", "sun_azimuth_deg")


@dataclass(frozen=True)
class Accesses:
    """A table of accesses: columns (N,) by satellite, target and time.

    `satellite` counts `satellites`, names of those searched, no two alike; `target` counts the targets as they were
    given, places or areas, and `lon_deg` and `lat_deg` (T,) are where they, or their middles, lie. Times are POSIX
    seconds; `t_max_s` is when the satellite stands highest during the access, and all angles, in degrees, are those of
    that moment: elevation without refraction, off-nadir from the geodetic nadir. The Sun's angles are computed when
    they are first asked for.
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

    def take(self, index: slice | NDArray[np.bool_] | Ints) -> "Accesses":
        """Some of the accesses, in that order."""
        return replace(self, **{name: getattr(self, name)[index] for name in _COLUMNS})

    @property
    def sun_elevation_deg(self) -> Floats:
        """How high the Sun stands at the target (N,), geometric."""
        return self._sun[0]

    @property
    def sun_azimuth_deg(self) -> Floats:
        """Where the Sun stands at the target (N,), from north over east, 0 to 360."""
        return self._sun[1]

    # pyarrow comes without types.
    def to_arrow(  # pyright: ignore[reportUnknownParameterType]
        self, names: Sequence[str] | None = None
    ) -> "pyarrow.Table":
        """The table in Arrow, one row an access, in the columns that `swath access` writes.

        Satellites are a dictionary of their names. So are targets where names (T,) are given; else they are the numbers
        of `target`. Times are UTC to the microsecond, angles are float64 degrees. Needs pyarrow, of the extra
        `notebook`; raises ModuleNotFoundError without it, ValueError if there are too few names or too many.
        """
        arrow = _import_extra("pyarrow")
        columns = {
            "satellite": arrow.DictionaryArray.from_arrays(
                arrow.array(self.satellite, arrow.int32()), list(self.satellites)
            ),
            "target": self.target if names is None else _encode(arrow, self.target, len(self.lon_deg), names),
            "lon_deg": self.lon_deg[self.target],
            "lat_deg": self.lat_deg[self.target],
        }
        utc = arrow.timestamp("us", "UTC")
        times = {f"{name}_utc": arrow.array(to_micros(t_s), utc) for name, t_s in self._times().items()}
        return arrow.table(columns | times | {name: getattr(self, name) for name in ANGLES})

    def to_pandas(self, names: Sequence[str] | None = None) -> "pandas.DataFrame":
        """The table in pandas, as `to_arrow` has it: satellites are categorical, times aware to the microsecond.

        Needs pandas and pyarrow, of the extra `notebook`; raises ModuleNotFoundError without them.
        """
        _import_extra("pandas")
        return self.to_arrow(names).to_pandas()

    def _times(self) -> dict[str, Floats]:
        return {"rise": self.rise_s, "set": self.set_s, "t_max": self.t_max_s}

    @cached_property
    def _sun(self) -> tuple[Floats, Floats]:
        return sun_angles(self.t_max_s, self.lon_deg[self.target], self.lat_deg[self.target])


_COLUMNS = tuple(field.name for field in fields(Accesses)[3:])


class Found(NamedTuple):
    """What a piece of a search found: spans of one satellite, by its number, at places counted from `first`."""

    number: int
    first: int
    spans: Spans


def build_empty(satellites: tuple[str, ...], lon_deg: Floats, lat_deg: Floats) -> Accesses:
    """The table of a search that has not found anything yet."""
    none, nothing = np.zeros(0, np.intp), np.zeros(0)
    return Accesses(satellites, lon_deg, lat_deg, none, none, nothing, nothing, nothing, nothing, nothing)


def fill_accesses(empty: Accesses, found: Sequence[Found]) -> Accesses:
    """The table of what the pieces of a search found; those of a long range come in any order."""
    if not found:
        return empty
    rows = [len(piece.spans) for piece in found]
    spans = chain_spans([piece.spans for piece in found])
    filled = Accesses(
        empty.satellites,
        empty.lon_deg,
        empty.lat_deg,
        satellite=np.repeat([piece.number for piece in found], rows),
        target=spans.place + np.repeat([piece.first for piece in found], rows),
        rise_s=spans.rise_s,
        set_s=spans.set_s,
        t_max_s=spans.highest_s,
        max_elevation_deg=np.degrees(np.arcsin(spans.sin_elevation.clip(-1.0, 1.0))),
        off_nadir_deg=np.degrees(np.arccos(spans.cos_off_nadir.clip(-1.0, 1.0))),
    )
    place = filled.satellite * len(filled.lon_deg) + filled.target
    if (place[1:] < place[:-1]).any():
        return filled.take(np.lexsort((filled.rise_s, place)))
    return filled


def to_micros(t_s: Floats) -> NDArray[np.int64]:
    """POSIX seconds (N,) as whole microseconds, which is as fine as they are."""
    return np.rint(t_s * MICROS).astype(np.int64)


def _encode(arrow: Any, target: Ints, targets: int, names: Sequence[str]) -> Any:
    """Names by number; targets may share one."""
    if len(names) != targets:
        raise ValueError(f"There are {len(names)} names for {targets} targets.")
    numbers = {name: i for i, name in enumerate(dict.fromkeys(names))}
    number = np.array([numbers[name] for name in names], np.int32)
    return arrow.DictionaryArray.from_arrays(arrow.array(number[target]), list(numbers))


def _import_extra(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        sentence = f"This needs {name}, which comes with the extra `notebook`: pip install 'swath[notebook]'"
        raise ModuleNotFoundError(sentence, name=name) from error
