"""A schedule in every format, read back by the rules of each format."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape
from tests.conftest import NOW
from tests.ops.sheet_world import CAUSE, elements_of, publish
from tests.tasking_world import AREA

from swath.clock import from_seconds, to_seconds
from swath.errors import NotFound
from swath.geo.ellipsoid import geodetic_to_ecef
from swath.ops.sheets import FORMATS, Sheet, build_sheet
from swath.ops.sheets.as_calendar import escape, fold
from swath.ops.sheets.as_picture import find_nights
from swath.orbit.propagate import compute_states
from swath.store.database import SqlStore, open_store
from swath.tasking.accounts import create_account
from swath.tasking.model import Activity, Priority
from swath.tasking.rules import Rules

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, rules: Rules
) -> Iterator[tuple[SqlStore, list[Activity]]]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('sheets') / 'swath.db'}")
    with store.begin() as uow:
        account = create_account(uow, "acme", 10, NOW)
    lines = publish(store, rules, account.id, NOW)
    yield store, lines
    store.close()


@pytest.fixture(scope="module")
def sheet(world: tuple[SqlStore, list[Activity]], rules: Rules) -> Sheet:
    with world[0].read() as reader:
        return build_sheet(reader, rules, NOW)


@pytest.fixture
def lines(world: tuple[SqlStore, list[Activity]]) -> list[Activity]:
    return sorted(world[1], key=lambda line: line.chance.start)


class TestSheet:
    def test_the_ground_is_where_the_camera_looks(
        self, sheet: Sheet, lines: list[Activity], rules: Rules
    ) -> None:
        """The angle at the satellite between its vertical and the middle of the footprint is the off-nadir angle."""
        for line in lines:
            ground = sheet.footprints[line.request_id]
            if ground.geom_type != "Polygon":
                continue
            chance = line.chance
            middle_s = (to_seconds(chance.start) + to_seconds(chance.end)) / 2
            at = compute_states(elements_of(rules, chance.satellite), middle_s).r_m[0]
            middle = geodetic_to_ecef(ground.centroid.x, ground.centroid.y, 0.0)
            # Off the geocentric vertical by 0.2 degrees at most.
            assert angle_deg(np.asarray(middle).ravel() - at, -at) == pytest.approx(
                abs(chance.roll_deg), abs=0.3
            )

    def test_orbits_and_contacts_of_the_whole_fleet_come_along(self, sheet: Sheet, rules: Rules) -> None:
        assert set(sheet.orbits) == set(rules.fleet.satellites) == set(sheet.contacts)
        for contacts in sheet.contacts.values():
            assert contacts
            assert all(
                from_seconds(c.start_s) < sheet.end and from_seconds(c.end_s) > sheet.start for c in contacts
            )

    def test_a_version_is_shown_on_the_orbits_of_its_time(
        self, world: tuple[SqlStore, list[Activity]], rules: Rules
    ) -> None:
        with world[0].read() as reader:
            assert reader.elements(NOW - timedelta(seconds=1)) == []
            assert len(reader.elements(NOW)) == len(reader.elements())

    def test_without_an_orbit_the_ground_is_that_of_the_candidate(
        self, world: tuple[SqlStore, list[Activity]], rules: Rules
    ) -> None:
        less = replace(rules, fleet=replace(rules.fleet, satellites={}))
        with world[0].read() as reader:
            bare = build_sheet(reader, less, NOW)
        assert all(shapely.equals(ground, AREA) for ground in bare.footprints.values())
        for kind in FORMATS.values():
            assert kind.write(bare)

    def test_an_unknown_version_is_not_found(
        self, world: tuple[SqlStore, list[Activity]], rules: Rules
    ) -> None:
        with world[0].read() as reader, pytest.raises(NotFound, match="no version 7; the latest is 1"):
            build_sheet(reader, rules, NOW, 7)

    def test_before_anything_was_scheduled_there_is_an_empty_sheet(
        self, store: SqlStore, rules: Rules
    ) -> None:
        with store.read() as reader:
            empty = build_sheet(reader, rules, NOW)
        assert (empty.schedule.version, list(empty.activities)) == (0, [])
        for kind in FORMATS.values():
            assert kind.write(empty)


class TestGeoJson:
    @pytest.fixture
    def features(self, sheet: Sheet) -> list[dict[str, Any]]:
        document = json.loads(FORMATS["geojson"].write(sheet))
        assert document["type"] == "FeatureCollection"
        return document["features"]

    def test_every_activity_is_a_feature_with_its_figures(
        self, features: list[dict[str, Any]], lines: list[Activity]
    ) -> None:
        assert [f["id"] for f in features] == [line.request_id for line in lines]
        for feature, line in zip(features, lines, strict=True):
            told = feature["properties"]
            assert (told["satellite"], told["priority"]) == (line.chance.satellite, line.priority)
            assert (told["frozen"], told["roll_deg"]) == (line.frozen, line.chance.roll_deg)
            assert datetime.fromisoformat(told["start"]) == line.chance.start

    def test_areas_are_valid_right_handed_and_on_the_map(self, features: list[dict[str, Any]]) -> None:
        for feature in features:
            area = shape(feature["geometry"])
            assert area.is_valid
            assert -180 <= area.bounds[0] <= area.bounds[2] <= 180
            for part in shapely.get_parts(area):
                assert part.exterior.is_ccw

    def test_what_lies_across_the_antimeridian_is_cut_there(
        self, features: list[dict[str, Any]], lines: list[Activity]
    ) -> None:
        wishlist = next(line.request_id for line in lines if line.priority == Priority.WISHLIST)
        (feature,) = (f for f in features if f["id"] == wishlist)
        west, _, east, _ = feature["bbox"]
        assert feature["geometry"]["type"] == "MultiPolygon"
        assert west > east


class TestCsv:
    def test_rows_say_what_the_schedule_says(self, sheet: Sheet, lines: list[Activity]) -> None:
        rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(sheet), newline="")))
        assert [row["request_id"] for row in rows] == [line.request_id for line in lines]
        for row, line in zip(rows, lines, strict=True):
            assert datetime.fromisoformat(row["end"]) == line.chance.end
            assert float(row["off_nadir_deg"]) == line.chance.off_nadir_deg
            assert row["frozen"] == ("yes" if line.frozen else "no")


class TestCalendar:
    def test_lines_are_as_long_as_readers_allow_and_end_as_they_expect(self, sheet: Sheet) -> None:
        text = FORMATS["ics"].write(sheet)
        assert text.endswith("END:VCALENDAR\r\n")
        parts = text.split("\r\n")
        assert all(len(part.encode()) <= 75 for part in parts)
        assert not any("\n" in part for part in parts)

    def test_every_capture_is_an_entry_in_utc(self, sheet: Sheet, lines: list[Activity]) -> None:
        entries = read_calendar(FORMATS["ics"].write(sheet))
        assert [entry["UID"].partition("@")[0] for entry in entries] == [line.request_id for line in lines]
        for entry, line in zip(entries, lines, strict=True):
            start, end = (read_time(entry[name]) for name in ("DTSTART", "DTEND"))
            assert (
                start <= line.chance.start < line.chance.end <= end < line.chance.end + timedelta(seconds=1)
            )
            assert entry["STATUS"] == ("CONFIRMED" if line.frozen else "TENTATIVE")
            assert entry["CATEGORIES"] == line.priority
            assert "roll" in entry["DESCRIPTION"]

    def test_a_later_version_moves_entries_instead_of_adding_them(self, sheet: Sheet) -> None:
        later = replace(sheet, schedule=replace(sheet.schedule, version=2))
        before, after = (read_calendar(FORMATS["ics"].write(each)) for each in (sheet, later))
        assert [e["UID"] for e in before] == [e["UID"] for e in after]
        assert {e["SEQUENCE"] for e in after} == {"2"}

    @given(st.text(st.characters(exclude_characters="\r", codec="utf-8")))
    def test_any_text_of_an_entry_can_be_read_back(self, text: str) -> None:
        folded = "\r\n".join(fold(f"SUMMARY:{escape(text)}"))
        assert unescape(unfold(folded)[0].removeprefix("SUMMARY:")) == text


class TestCzml:
    @pytest.fixture
    def packets(self, sheet: Sheet) -> list[dict[str, Any]]:
        return json.loads(FORMATS["czml"].write(sheet))

    def test_the_document_comes_first_and_ids_are_unique(self, packets: list[dict[str, Any]]) -> None:
        assert (packets[0]["id"], packets[0]["version"]) == ("document", "1.0")
        ids = [packet["id"] for packet in packets]
        assert len(set(ids)) == len(ids)

    def test_between_its_points_a_satellite_is_within_a_metre_of_its_orbit(
        self, packets: list[dict[str, Any]], sheet: Sheet
    ) -> None:
        """Interpolated as CesiumJS does: a polynomial through the nearest points, as many as its degree asks for."""
        flown = [packet for packet in packets if "position" in packet]
        assert [packet["name"] for packet in flown] == list(sheet.orbits)
        for packet in flown:
            position = packet["position"]
            assert position["referenceFrame"] == "FIXED"
            samples = np.array(position["cartesian"]).reshape(-1, 4)
            epoch = datetime.fromisoformat(position["epoch"])
            asked = np.linspace(0, (sheet.end - sheet.start).total_seconds(), 500)
            places = np.array([interpolate(samples, t, position["interpolationDegree"]) for t in asked])
            truth = compute_states(sheet.orbits[packet["name"]], to_seconds(epoch) + asked).r_m
            assert np.linalg.norm(places - truth, axis=1).max() < 1.0

    def test_ground_appears_when_it_is_captured(
        self, packets: list[dict[str, Any]], sheet: Sheet, lines: list[Activity]
    ) -> None:
        for line in lines:
            mine = [p for p in packets if p["id"].startswith(f"capture/{line.request_id}/")]
            ground = shapely.unary_union([ring_of(packet) for packet in mine])
            assert ground.equals_exact(
                sheet.footprints[line.request_id].normalize(), 1e-12
            ) or shapely.equals(ground, sheet.footprints[line.request_id])
            for packet in mine:
                since, until = map(datetime.fromisoformat, packet["availability"].split("/"))
                assert (since, until) == (line.chance.start, sheet.end)


class TestPicture:
    @pytest.fixture
    def svg(self, sheet: Sheet) -> ElementTree.Element:
        return ElementTree.fromstring(FORMATS["svg"].write(sheet))

    def test_every_satellite_has_a_lane(self, svg: ElementTree.Element, sheet: Sheet) -> None:
        lanes = {g.get("id") for g in svg.findall(f"{SVG}g")}
        assert set(sheet.satellites) <= lanes

    def test_captures_stand_at_their_time_in_the_colour_of_their_class(
        self, svg: ElementTree.Element, lines: list[Activity], sheet: Sheet
    ) -> None:
        boxes = {line.request_id: find_boxes(svg, line.request_id) for line in lines}
        xs = [float(boxes[line.request_id][-1].get("x", "")) for line in lines]
        hours = [(line.chance.start - sheet.start) / timedelta(hours=1) for line in lines]
        scale = (xs[-1] - xs[0]) / (hours[-1] - hours[0])
        assert xs == pytest.approx([xs[0] + scale * (hour - hours[0]) for hour in hours], abs=0.02)
        for line in lines:
            hatched = boxes[line.request_id][-1].get("fill") == "url(#frozen)"
            assert hatched is line.frozen

    def test_what_the_operator_wrote_is_text_and_never_markup(self, svg: ElementTree.Element) -> None:
        assert CAUSE.message in [text.text for text in svg.iter(f"{SVG}text")]

    def test_a_satellite_is_in_the_dark_a_part_of_every_turn(self, sheet: Sheet) -> None:
        nights = find_nights(sheet.orbits["GRUS-1A"], NOW, NOW + timedelta(days=1))
        dark = sum(((end - start) for start, end in nights), timedelta())
        assert 14 <= len(nights) <= 17
        assert 0.35 < dark / timedelta(days=1) < 0.55


def angle_deg(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))))


def interpolate(samples: np.ndarray, t: float, degree: int) -> np.ndarray:
    """Lagrange's polynomial through the degree + 1 samples around a time; rows are t, x, y, z."""
    after = int(np.searchsorted(samples[:, 0], t))
    first = min(max(after - (degree + 1) // 2, 0), len(samples) - degree - 1)
    near = samples[first : first + degree + 1]
    others = [np.delete(near[:, 0], k) for k in range(len(near))]
    weights = [np.prod((t - rest) / (near[k, 0] - rest)) for k, rest in enumerate(others)]
    return np.array(weights) @ near[:, 1:]


def ring_of(packet: dict[str, Any]) -> shapely.Polygon:
    points = np.array(packet["polygon"]["positions"]["cartographicDegrees"]).reshape(-1, 3)
    return shapely.Polygon(points[:, :2])


def find_boxes(svg: ElementTree.Element, request_id: str) -> list[ElementTree.Element]:
    titled = [
        r
        for r in svg.iter(f"{SVG}rect")
        if (title := r.find(f"{SVG}title")) is not None and request_id in (title.text or "")
    ]
    assert titled
    return titled


def unfold(text: str) -> list[str]:
    """Content lines as they were before they were folded (RFC 5545 section 3.1)."""
    return text.replace("\r\n ", "").split("\r\n")


def unescape(text: str) -> str:
    """A TEXT value as it was meant (RFC 5545 section 3.3.11)."""
    out, rest = "", iter(text)
    for character in rest:
        out += (
            {"n": "\n", "N": "\n"}.get(following := next(rest), following) if character == "\\" else character
        )
    return out


def read_calendar(text: str) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = []
    for line in unfold(text):
        if line == "BEGIN:VEVENT":
            entries.append({})
        elif entries and ":" in line:
            name, _, value = line.partition(":")
            entries[-1].setdefault(name, unescape(value))
    return entries


def read_time(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
