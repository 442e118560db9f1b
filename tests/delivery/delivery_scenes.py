"""A small simulated scene and what belongs to it, for the tests of delivery."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from shapely import affinity
from shapely.geometry import box

from swath.fleet import Satellite, load_fleet
from swath.geo.polygons import Area
from swath.ids import CANDIDATE, REQUEST, encode_id
from swath.simulator.scenes import View, build_scene
from swath.tasking.model import Capture, CaptureStatus, Chance

START = datetime(2026, 8, 22, 1, 30, 0, 250_000, tzinfo=UTC)
FOOTPRINT = affinity.rotate(box(139.5, 35.2, 140.1, 35.7), -12)
CHANCE = Chance(
    candidate_id=encode_id(CANDIDATE, "1"),
    satellite="GRUS-1A",
    start=START,
    end=START + timedelta(seconds=8),
    roll_deg=10.5,
    pitch_deg=0.0,
    off_nadir_deg=10.5,
    uplink_by=START - timedelta(hours=3),
    revolution=42_000,
)
# What the capture keeps of its candidate.
SEEN = {
    "coverage_percent": 100.0,
    "view_azimuth_deg": 98.0,
    "incidence_deg": 11.5,
    "off_nadir_deg": 10.5,
    "sun_elevation_deg": 52.0,
    "sun_azimuth_deg": 110.0,
    "gsd_m": 2.59,
    "orbit_state": "ascending",
    "constellation": "GRUS1",
    "elements_epoch": "2026-08-22T00:00:00+00:00",
}


def make_parts(
    longest_px: int = 160, cloud_percent: float = 20, footprint: Area = FOOTPRINT
) -> Mapping[str, bytes]:
    """The parts of a scene, of Tokyo Bay if nothing else is said."""
    return build_scene(View(footprint, START, 52, 110, cloud_percent), longest_px)


def make_capture(status: CaptureStatus = CaptureStatus.DOWNLINKED) -> Capture:
    """The capture that the scene is of."""
    return Capture(
        id="capture-1",
        request_id=encode_id(REQUEST, "1"),
        account_id="account-1",
        chance=CHANCE,
        footprint=FOOTPRINT,
        status=status,
        commanded=START - timedelta(hours=3),
        seen=SEEN,
        cloud_percent=20.0,
    )


def satellite() -> Satellite:
    """The satellite that made it, from the bundled fleet."""
    return load_fleet(None).satellites["GRUS-1A"]
