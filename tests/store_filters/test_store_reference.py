"""Satellites and ground tracks, computed for a time and listed like stored collections."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import shapely

from swath.cql2 import Queryable, parse_filter
from swath.errors import BadParameter
from swath.fleet import load_bundled_elements, load_fleet
from swath.geo.ellipsoid import ecef_to_geodetic
from swath.ids import decode_id
from swath.orbit.elements import from_omm, to_omm
from swath.orbit.propagate import compute_states
from swath.query import NotAtOnce, Query
from swath.store.reference import Reference
from swath.tasking.model import StoredElements

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)
QUERYABLES = (
    Queryable("satellite_id", "string"),
    Queryable("revolution", "integer"),
    Queryable("start_time", "timestamp"),
    Queryable("constellation", "string"),
    Queryable("geometry", "geometry"),
    Queryable("sat:orbit_state", "string"),
)
ONE_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def elements() -> Sequence[StoredElements]:
    return [
        StoredElements(each.name, each.norad_id, each.epoch, to_omm(each), "bundled", NOW)
        for each in load_bundled_elements()
    ]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(load_fleet(None), ONE_DAY)


def where(text: str, limit: int = 1000) -> Query:
    return Query(where=parse_filter(text, "cql2-text", QUERYABLES), limit=limit)


def test_every_satellite_is_listed_by_id(reference: Reference, elements: Sequence[StoredElements]) -> None:
    page = reference.find_satellites(Query(limit=5), elements, NOW)
    ids = [row.satellite.id for row in page.rows]
    assert page.matched == 12
    assert ids == ["GRUS-1A", "GRUS-1B", "GRUS-1C", "GRUS-1D", "GRUS-1E"]
    rest = reference.find_satellites(Query(limit=20, offset=5), elements, NOW)
    assert [row.satellite.id for row in rest.rows] == sorted(row.satellite.id for row in rest.rows)


def test_a_satellite_can_reach_the_ground_below_it(
    reference: Reference, elements: Sequence[StoredElements]
) -> None:
    for row in reference.find_satellites(Query(limit=20), elements, NOW).rows:
        stored = next(each for each in elements if each.satellite == row.satellite.id)
        lon, lat, _ = ecef_to_geodetic(compute_states(from_omm(stored.omm), NOW.timestamp()).r_m)
        assert shapely.contains_xy(row.geometry, lon[0], lat[0])
        assert row.elements_epoch == stored.epoch


def test_satellites_move_with_the_clock(reference: Reference, elements: Sequence[StoredElements]) -> None:
    before = reference.satellite("GRUS-1A", elements, NOW)
    after = reference.satellite("grus-1a", elements, NOW + timedelta(minutes=10))
    again = reference.satellite("Grus-1a", elements, NOW)
    assert before is not None
    assert after is not None
    assert not before.geometry.intersects(after.geometry)
    assert again is not None
    assert vars(again) == vars(before)
    assert reference.satellite("GRUS-9Z", elements, NOW) is None


def test_the_grus_satellites_fly_northwards_by_day(
    reference: Reference, elements: Sequence[StoredElements]
) -> None:
    """As their operator's public sample of the API has it: `sat:orbit_state` is `ascending`."""
    ascending = where("\"sat:orbit_state\" = 'ascending' AND constellation = 'GRUS1'")
    assert reference.find_satellites(ascending, elements, NOW).matched == 5


def test_satellites_are_found_where_they_are(
    reference: Reference, elements: Sequence[StoredElements]
) -> None:
    here = reference.satellite("GRUS-1B", elements, NOW)
    assert here is not None
    point = here.geometry.representative_point()
    found = reference.find_satellites(Query(intersects=point, limit=20), elements, NOW)
    assert "GRUS-1B" in [row.satellite.id for row in found.rows]
    box = (point.x - 0.1, point.y - 0.1, point.x + 0.1, point.y + 0.1)
    assert reference.find_satellites(Query(bbox=box, limit=20), elements, NOW).matched == found.matched


def test_tracks_go_on_from_the_running_revolution(
    reference: Reference, elements: Sequence[StoredElements]
) -> None:
    rows = reference.find_tracks(where("satellite_id = 'GRUS-1A'"), elements, NOW).rows
    assert rows[0].start <= NOW < rows[0].end
    assert rows[-1].end >= NOW + ONE_DAY
    for one, following in pairwise(rows):
        assert following.revolution == one.revolution + 1
        assert abs(following.start - one.end) < timedelta(milliseconds=1)


def test_tracks_of_all_satellites_are_in_order_of_start(
    reference: Reference, elements: Sequence[StoredElements]
) -> None:
    rows = reference.find_tracks(Query(limit=1000), elements, NOW).rows
    assert [row.start for row in rows] == sorted(row.start for row in rows)
    assert len({row.satellite_id for row in rows}) == 12
    assert len({row.id for row in rows}) == len(rows)


def test_a_track_has_a_lasting_id(reference: Reference, elements: Sequence[StoredElements]) -> None:
    row = reference.find_tracks(where("satellite_id = 'GRUS-1A'", limit=3), elements, NOW).rows[2]
    assert decode_id("Revolution", row.id) == str(43890 * 100_000 + row.revolution)
    for later in (NOW, row.start):
        again = reference.track(row.id, elements, later)
        assert again is not None
        assert vars(replace(again, geometry=row.geometry)) == vars(row)
        assert again.geometry.equals_exact(row.geometry, 1e-6)
    assert reference.track(row.id, elements, row.end + timedelta(seconds=1)) is None
    assert reference.track("Revolution:1", elements, NOW) is None


def test_tracks_are_found_by_time_and_place(reference: Reference, elements: Sequence[StoredElements]) -> None:
    hour = (NOW + timedelta(hours=6), NOW + timedelta(hours=7))
    rows = reference.find_tracks(Query(interval=hour, limit=100), elements, NOW).rows
    assert rows
    assert all(row.start <= hour[1] and row.end >= hour[0] for row in rows)
    over = reference.find_tracks(where("S_INTERSECTS(geometry, BBOX(170,-10,-170,10))"), elements, NOW).rows
    box = shapely.union_all([shapely.box(170, -10, 180, 10), shapely.box(-180, -10, -170, 10)])
    assert over
    assert all(row.geometry.intersects(box) for row in over)


def test_what_has_to_be_computed_first_is_not_at_once(elements: Sequence[StoredElements]) -> None:
    reference = Reference(load_fleet(), timedelta(hours=3))
    for find in (reference.find_satellites, reference.find_tracks):
        with pytest.raises(NotAtOnce):
            find(Query(at_once=True), elements, NOW)
        patiently = find(Query(), elements, NOW)
        assert find(Query(at_once=True), elements, NOW) == patiently
    with pytest.raises(NotAtOnce):
        reference.find_satellites(Query(at_once=True), elements, NOW + timedelta(minutes=1))


def test_fresh_elements_count_at_once(reference: Reference, elements: Sequence[StoredElements]) -> None:
    fresh = [replace(each, epoch=each.epoch + timedelta(seconds=1)) for each in elements[:1]]
    assert reference.find_satellites(Query(), fresh, NOW).matched == 1
    assert {row.satellite_id for row in reference.find_tracks(Query(), fresh, NOW).rows} == {"GRUS-1A"}
    assert reference.find_satellites(Query(), elements, NOW).matched == 12


def test_satellites_without_usable_elements_are_left_out(
    reference: Reference, elements: Sequence[StoredElements], caplog: pytest.LogCaptureFixture
) -> None:
    sunk = replace(elements[0], omm={**elements[0].omm, "BSTAR": 0.1}, imported=NOW + ONE_DAY)
    later = NOW + timedelta(days=60)
    assert reference.find_satellites(Query(), [sunk, elements[1]], later).matched == 1
    assert {row.satellite_id for row in reference.find_tracks(Query(), [sunk, elements[1]], later).rows} == {
        "GRUS-1B"
    }
    assert "GRUS-1A" in caplog.text
    assert reference.find_satellites(Query(), [], NOW).matched == 0
    assert reference.find_tracks(Query(), [], NOW).matched == 0


def test_unknown_names_are_refused(reference: Reference, elements: Sequence[StoredElements]) -> None:
    with pytest.raises(BadParameter, match="altitude"):
        reference.find_satellites(Query(sort=(("altitude", True),)), elements, NOW)


def test_many_threads_may_ask_at_once(reference: Reference, elements: Sequence[StoredElements]) -> None:
    def ask(minute: int) -> int:
        now = NOW + timedelta(minutes=minute % 3)
        satellites = reference.find_satellites(Query(limit=20), elements, now)
        return satellites.matched + len(reference.find_tracks(Query(limit=1), elements, now).rows)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(12))) == {13}
