"""What the servers are asked for: a customer's 200 plans, their 2,000 candidates, 60 requests and 10,000 images.

Drawn by dice that always fall alike; written straight into a data folder, so that filling takes seconds.
"""

import math
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from rasterio.crs import CRS
from shapely.geometry import Polygon

from swath.cli.operations import open_registry
from swath.data_folder import build_rules, open_store
from swath.delivery.images import Image
from swath.delivery.item import TITLES, Subject, build_asset, build_item
from swath.delivery.scene import Raster
from swath.fleet import load_bundled_elements, load_fleet
from swath.ids import CANDIDATE, PLAN, REQUEST, encode_id
from swath.settings import Settings
from swath.tasking.elements import import_elements
from swath.tasking.model import (
    Candidate,
    Capture,
    CaptureStatus,
    CatalogItem,
    Chance,
    Plan,
    PlanStatus,
    Priority,
    RequestStatus,
    TaskingRequest,
)

PLANS, CANDIDATES_EACH, REQUESTS, ITEMS = 200, 10, 60, 10_000
# One plan has as many as a page holds and more, so that its list is a full page of ten with a next one.
CANDIDATES_OF_FIRST = 30
CREDITS = 1_000_000
HIGHEST_DEG = 60.0
COG = "image/tiff; application=geotiff; profile=cloud-optimized"


def fill(data: Path) -> Mapping[str, str]:
    """A data folder with all of it; returns the customer's credentials and the plan with the most candidates."""
    settings, now = Settings(data), datetime.now(UTC)
    with open_registry(settings) as registry:
        issued = registry.create_account("bench", CREDITS)
    store = open_store(settings)
    plans = build_plans(issued.account, now)
    candidates = build_candidates(plans, now)
    requests = build_requests(plans, candidates, now)
    with store.begin() as uow:
        fresh = [replace(one, epoch=now - timedelta(days=1)) for one in load_bundled_elements()]
        import_elements(uow, build_rules(settings), fresh, "bench", now)
        for plan in plans:
            uow.add_plan(plan)
            uow.replace_candidates(plan.id, [c for c in candidates if c.plan_id == plan.id], now)
        for request in requests:
            uow.add_request(request)
        for item in build_items(requests, candidates, now):
            uow.save_item(item)
    store.close()
    return {**issued.model_dump(), "plan": plans[0].id}


def build_plans(account_id: str, now: datetime) -> Sequence[Plan]:
    """Areas of 5 to 20 corners, some ten kilometres wide: fields, harbours, cities."""
    dice = random.Random(1)
    return [
        Plan(
            id=encode_id(PLAN, str(uuid.UUID(int=dice.getrandbits(128), version=4))),
            account_id=account_id,
            name=f"area {number}",
            geometry=draw_area(dice, corners=dice.randint(5, 20), reach_deg=0.1),
            valid_start=now + timedelta(hours=number % 48),
            valid_end=now + timedelta(days=14),
            off_nadir_range=(0.0, 30.0),
            satellites=("GRUS-1A", "GRUS-1B", "GRUS-1C", "GRUS-1D", "GRUS-1E"),
            status=PlanStatus.ACTIVE,
            created=now - timedelta(minutes=PLANS - number),
            candidate_count=CANDIDATES_EACH,
        )
        for number in range(PLANS)
    ]


def build_candidates(plans: Sequence[Plan], now: datetime) -> Sequence[Candidate]:
    """Two days to two weeks ahead, each with a footprint of 14 corners around its plan."""
    dice = random.Random(2)
    counts = [CANDIDATES_OF_FIRST, *(CANDIDATES_EACH for _ in plans[1:])]
    return [
        _draw_candidate(dice, plan, now)
        for plan, count in zip(plans, counts, strict=True)
        for _ in range(count)
    ][: PLANS * CANDIDATES_EACH]


def build_requests(
    plans: Sequence[Plan], candidates: Sequence[Candidate], now: datetime
) -> Sequence[TaskingRequest]:
    """Requests in three statuses; none is left to be scheduled while the clock runs."""
    statuses = (RequestStatus.DATA_AVAILABLE, RequestStatus.CANCELED, RequestStatus.FAILED)
    named = {plan.id: plan for plan in plans}
    return [
        TaskingRequest(
            id=encode_id(REQUEST, f"bench-{number}"),
            account_id=candidate.account_id,
            plan_id=candidate.plan_id,
            candidate_id=candidate.id,
            name=named[candidate.plan_id].name,
            priority=Priority.NORMAL,
            status=statuses[number % len(statuses)],
            created=now - timedelta(minutes=number),
            footprint=candidate.footprint,
            valid_start=named[candidate.plan_id].valid_start,
            valid_end=named[candidate.plan_id].valid_end,
            off_nadir_range=named[candidate.plan_id].off_nadir_range,
            satellites=(candidate.chance.satellite,),
            chances=(candidate.chance,),
            cost=1,
            cancel_until=candidate.chance.uplink_by,
            capture_id=f"capture-{number}",
        )
        for number, candidate in enumerate(candidates[:: len(candidates) // REQUESTS][:REQUESTS])
    ]


def build_items(
    requests: Sequence[TaskingRequest], candidates: Sequence[Candidate], now: datetime
) -> Iterator[CatalogItem]:
    """Items as deliveries write them, of nine images each, over the past three years."""
    dice, fleet = random.Random(3), load_fleet()
    known = {candidate.id: candidate for candidate in candidates}
    for number in range(ITEMS):
        request = requests[number % len(requests)]
        start = now - timedelta(days=dice.uniform(1, 1_000))
        capture = Capture(
            id=f"capture-{number}",
            request_id=request.id,
            account_id=request.account_id,
            chance=replace(request.chances[0], start=start, end=start + timedelta(seconds=8)),
            footprint=draw_area(dice, corners=8, reach_deg=0.2),
            status=CaptureStatus.DELIVERED,
            commanded=start,
            seen=_remember(known[request.candidate_id]),
        )
        subject = Subject(capture, fleet.satellites[capture.chance.satellite])
        item = build_item(subject, _build_assets(subject), _build_raster(1), False, start)
        item.document["properties"]["eo:cloud_cover"] = round(dice.uniform(0, 100), 2)
        yield item


def _build_assets(subject: Subject) -> Mapping[str, Any]:
    rasters = {"tci": _build_raster(3), "thumbnail": None}
    images = (Image(key, f"{key}.tif", COG, b"image", rasters.get(key, _build_raster(1))) for key in TITLES)
    return {
        image.key: build_asset(image, f"{subject.item_id}/{image.file}", subject.satellite, 2.5)
        for image in images
    }


@cache
def _build_raster(bands: int) -> Raster:
    pixels = np.random.default_rng(1).integers(1, 10_000, (bands, 8, 8), "uint16")
    return Raster(pixels, CRS.from_epsg(32654), Affine(5, 0, 4e5, 0, -5, 4e6), 0)


def draw_body(start: datetime) -> Mapping[str, Any]:
    """A plan as a customer sends it."""
    area = draw_area(random.Random(4), corners=8, reach_deg=0.1)
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [list(area.exterior.coords)]},
        "properties": {
            "name": "made",
            "valid_start": start.isoformat(),
            "valid_end": (start + timedelta(days=1)).isoformat(),
            "off_nadir_range": [0, 30],
        },
    }


def draw_area(dice: random.Random, corners: int, reach_deg: float) -> Polygon:
    """A star-shaped polygon anywhere between the parallels, away from the antimeridian; full doubles as corners."""
    highest = math.sin(math.radians(HIGHEST_DEG))
    lon, lat = dice.uniform(-170, 170), math.degrees(math.asin(dice.uniform(-highest, highest)))
    return _draw_star(dice, lon, lat, corners, reach_deg)


def _draw_star(dice: random.Random, lon: float, lat: float, corners: int, reach_deg: float) -> Polygon:
    turns = [2 * math.pi * (corner + dice.uniform(0, 0.9)) / corners for corner in range(corners)]
    reaches = [dice.uniform(0.5, 1.0) * reach_deg for _ in turns]
    stretch = 1 / math.cos(math.radians(lat))
    return Polygon(
        [
            (lon + r * math.cos(a) * stretch, lat + r * math.sin(a))
            for a, r in zip(turns, reaches, strict=True)
        ]
    )


def _draw_candidate(dice: random.Random, plan: Plan, now: datetime) -> Candidate:
    start = now + timedelta(days=dice.uniform(2, 14))
    satellite = dice.choice(plan.satellites)
    middle = plan.geometry.centroid
    candidate_id = encode_id(CANDIDATE, f"{plan.id[-8:]}-{dice.getrandbits(64):x}")
    return Candidate(
        id=candidate_id,
        plan_id=plan.id,
        account_id=plan.account_id,
        chance=Chance(
            candidate_id=candidate_id,
            satellite=satellite,
            start=start,
            end=start + timedelta(seconds=dice.uniform(4, 9)),
            roll_deg=dice.uniform(-30, 30),
            pitch_deg=dice.uniform(-5, 5),
            off_nadir_deg=dice.uniform(0, 30),
            uplink_by=start - timedelta(hours=1),
            revolution=dice.randint(1, 60_000),
        ),
        footprint=_draw_star(dice, middle.x, middle.y, 14, 0.3),
        coverage_percent=dice.uniform(60, 100),
        expected_coverage_percent=dice.uniform(50, 100),
        coverage_probability=dice.random(),
        time_uncertainty_s=dice.uniform(0.05, 2),
        view_azimuth_deg=dice.uniform(0, 360),
        incidence_deg=dice.uniform(0, 35),
        sun_elevation_deg=dice.uniform(10, 70),
        sun_azimuth_deg=dice.uniform(0, 360),
        gsd_m=dice.uniform(2.5, 4),
        orbit_state="descending",
        constellation="AxelGlobe",
        elements_epoch=now - timedelta(days=1),
        access_start=start - timedelta(seconds=30),
        access_end=start + timedelta(seconds=30),
        expected_delivery=start + timedelta(hours=12),
        created=now,
        valid_until=now + timedelta(days=1),
    )


def _remember(candidate: Candidate) -> Mapping[str, Any]:
    """What a capture and its item remember of the candidate."""
    return {
        "gsd_m": candidate.gsd_m,
        "view_azimuth_deg": candidate.view_azimuth_deg,
        "incidence_deg": candidate.incidence_deg,
        "sun_elevation_deg": candidate.sun_elevation_deg,
        "sun_azimuth_deg": candidate.sun_azimuth_deg,
        "orbit_state": candidate.orbit_state,
    }
