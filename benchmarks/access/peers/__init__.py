"""The peers: each in the fastest use that its documentation shows, behind one function.

A module has `find(tles, lon, lat, start_s, end_s)`, which gives a list of (satellite, target, rise, set), and some
have `find_areas(tles, areas, start_s, end_s)`. Importing one raises where its package or its Java is not there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Any

from benchmarks.access.works import ELEVATION, OFF_NADIR, Access, Limits, Work

Find = Callable[..., list[Access]]


@dataclass(frozen=True)
class Peer:
    """One engine in one setting; `options` go to its `find`. `areas` says what is run for areas, if anything is."""

    package: str
    setting: str
    module: str
    options: Mapping[str, float] = field(default_factory=dict)
    limits: Limits = field(default_factory=lambda: ELEVATION)
    areas: str = ""

    @property
    def about(self) -> dict[str, Any]:
        """What a report says of it, whether it runs or not."""
        return {"setting": self.setting, "areas": self.areas, "limits": self.limits}

    @property
    def version(self) -> str:
        return version(self.package)

    def load(self, work: Work) -> Find | None:
        """Its function for this kind of work; None where it has none."""
        module = import_module(f"{__name__}.{self.module}")
        if work.places:
            return partial(module.find, **self.options)
        return module.find_areas if self.areas else None


PEERS = {
    "grid": Peer("sgp4", "NumPy, 30 s", "grid"),
    "grid-10": Peer("sgp4", "NumPy, 10 s", "grid", {"step_s": 10.0}),
    "sgp4-predict": Peer("sgp4-predict", "10 to 120 s", "sgp4_predict", areas="aoi_iter"),
    "tatc": Peer("tatc", "off-nadir", "tatc", limits=OFF_NADIR, areas="collect_region_observations"),
    "lox": Peer("lox-space", "IAU_EARTH, 60 s", "lox", areas="OpticalAccessAnalysis, 60 s"),
    "lox-20": Peer("lox-space", "IAU_EARTH, 20 s", "lox", {"step_s": 20.0}),
    "brahe": Peer("brahe", "60 s", "brahe"),
    "brahe-10": Peer("brahe", "10 s", "brahe", {"step_s": 10.0}),
    "skyfield": Peer("skyfield", "find_events", "skyfield"),
    "orekit": Peer("orekit-jpype", "30 s", "orekit"),
}
