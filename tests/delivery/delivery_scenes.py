"""A small simulated scene and what belongs to it, for the tests of delivery."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from shapely import affinity
from shapely.geometry import box

from swath.fleet import Satellite, load_fleet
from swath.ids import CANDIDATE, PLAN, REQUEST, encode_id
from swath.simulator.scenes import View, build_scene
from swath.tasking.model import Capture, CaptureStatus, Chance, Priority, RequestStatus, TaskingRequest

START = datetime(2026, 8, 22, 1, 30, 0, 250_000, tzinfo=UTC)
FOOTPRINT = affinity.rotate(box(139.5, 35.2, 140.1, 35.7), -12)
CHANCE = Chance(
    "GRUS-1A", START, START + timedelta(seconds=8), 10.5, 0.0, 10.5, START - timedelta(hours=3), 42_000
)


def make_parts(longest_px: int = 160, cloud_percent: float = 20) -> Mapping[str, bytes]:
    """The parts of a scene of Tokyo Bay."""
    return build_scene(View(FOOTPRINT, START, 52, 110, cloud_percent), longest_px)


def make_capture(status: CaptureStatus = CaptureStatus.DOWNLINKED) -> Capture:
    """The capture that the scene is of."""
    request_id = encode_id(REQUEST, "1")
    commanded = START - timedelta(hours=3)
    return Capture(
        "capture-1", request_id, "account-1", CHANCE, FOOTPRINT, status, commanded, cloud_percent=20.0
    )


def make_request() -> TaskingRequest:
    """The request that asked for it, with the snapshot of its candidate."""
    return TaskingRequest(
        id=encode_id(REQUEST, "1"),
        account_id="account-1",
        plan_id=encode_id(PLAN, "1"),
        candidate_id=encode_id(CANDIDATE, "1"),
        name="bay",
        priority=Priority.NORMAL,
        status=RequestStatus.PROCESSING,
        created=START - timedelta(days=1),
        footprint=FOOTPRINT,
        valid_start=START,
        valid_end=START + timedelta(minutes=2),
        off_nadir_range=(9.5, 11.5),
        satellite="GRUS-1A",
        chances=(CHANCE,),
        candidate={
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
        },
        cost=1,
    )


def satellite() -> Satellite:
    """The satellite that made it, from the bundled fleet."""
    return load_fleet(None).satellites["GRUS-1A"]
