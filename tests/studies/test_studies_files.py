"""The files of a study: complete or not there, readable by others, and saying the same everywhere."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import shapely
from shapely.geometry import shape
from study_world import AREAS, DATE_LINE, FUKUI, NOW_S, build, results

from swath.studies import AreaResult, Written, run_study, write_study
from swath.studies import picture as picture_module
from swath.studies.tables import show_utc

FILES = [
    "areas.geojson",
    "captures.csv",
    "captures.geojson",
    "coverage.csv",
    "revisit.csv",
    "study.json",
    "study.png",
]


@pytest.fixture(scope="module", autouse=True)
def quick_picture() -> Iterator[None]:
    """A stand-in: drawing takes longer than all the rest, and has tests of its own."""

    def draw(study: object, summaries: object, stream: BinaryIO, land: object) -> None:
        stream.write(b"drawn")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture_module, "draw_study", draw)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, quick_picture: None) -> Path:
    path = tmp_path_factory.mktemp("files") / "study"
    write_study(build(), results(), path, sources={"areas": "three"})
    return path


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def features(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text("utf-8"))["features"]


def test_there_is_one_file_for_each_question(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert (folder / "study.png").read_bytes() == b"drawn"


def test_the_columns_are_those_that_scripts_depend_on(folder: Path) -> None:
    heads = {path.name: path.read_text("utf-8").partition("\n")[0] for path in folder.glob("*.csv")}
    assert heads == {
        "captures.csv": "area,access,satellite,start_utc,end_utc,orbit_state,off_nadir_deg,incidence_deg,roll_deg,"
        "sun_elevation_deg,solar_time_h,coverage_percent,adds_percent,lon_deg,lat_deg",
        "revisit.csv": "area,area_km2,captures,accesses,first_access_utc,last_access_utc,before_first_h,mean_gap_h,"
        "median_gap_h,max_gap_h,after_last_h,mean_wait_h,longest_wait_h,covered_percent,hours_to_50,hours_to_90,"
        "hours_to_99",
        "coverage.csv": "area,time_utc,hours,covered_percent,satellite",
    }


def test_footprints_carry_the_rows_of_the_table(folder: Path) -> None:
    written = [
        {key: str(value) for key, value in one["properties"].items()}
        for one in features(folder / "captures.geojson")
    ]
    assert written == rows(folder / "captures.csv")
    assert len(written) == sum(len(result.captures) for result in results())


def test_footprints_keep_to_rfc_7946(folder: Path) -> None:
    """Valid, counter-clockwise, within 180 degrees, and in two parts where they cross them."""
    shapes = [shape(one["geometry"]) for one in features(folder / "captures.geojson")]
    assert all(one.is_valid for one in shapes)
    for part in (part for one in shapes for part in shapely.get_parts(one)):
        assert part.exterior.is_ccw
        assert part.bounds[0] >= -180.0
        assert part.bounds[2] <= 180.0
        assert part.bounds[2] - part.bounds[0] < 20.0
    assert any(one.geom_type == "MultiPolygon" for one in shapes)


def test_areas_carry_their_statistics(folder: Path) -> None:
    found = features(folder / "areas.geojson")
    assert [one["properties"]["area"] for one in found] == [one.name for one in AREAS]
    told = [{key: "" if v is None else str(v) for key, v in one["properties"].items()} for one in found]
    assert told == rows(folder / "revisit.csv")
    assert shape(found[2]["geometry"]).equals_exact(DATE_LINE.area, 1e-6)


def test_the_curve_runs_from_the_start_to_the_end_of_the_range(folder: Path) -> None:
    study = build()
    for one in AREAS:
        curve = [row for row in rows(folder / "coverage.csv") if row["area"] == one.name]
        assert [curve[0]["time_utc"], curve[-1]["time_utc"]] == [
            show_utc(study.start_s),
            show_utc(study.end_s),
        ]
        assert [curve[0]["hours"], curve[-1]["hours"]] == ["0.0", "96.0"]
        percents = [float(row["covered_percent"]) for row in curve]
        assert percents == sorted(percents)
        assert [bool(row["satellite"]) for row in curve] == [False, *[True] * (len(curve) - 2), False]


def test_the_statistics_follow_from_the_captures(folder: Path) -> None:
    """As a reader would compute them, from the table alone."""
    captures = rows(folder / "captures.csv")
    for row in rows(folder / "revisit.csv"):
        own = [capture for capture in captures if capture["area"] == row["area"]]
        assert int(row["captures"]) == len(own)
        assert int(row["accesses"]) == len({capture["access"] for capture in own})
        adds = sum(float(capture["adds_percent"]) for capture in own)
        assert float(row["covered_percent"]) == pytest.approx(adds, abs=0.001)


def test_the_document_says_what_was_studied_with_what(folder: Path) -> None:
    document = json.loads((folder / "study.json").read_text("utf-8"))
    assert document["sources"] == {"areas": "three"}
    assert (document["start"], document["end"]) == ("2026-08-22T12:00:00.000Z", "2026-08-26T12:00:00.000Z")
    assert [one["id"] for one in document["satellites"]] == ["GRUS-1A", "GRUS-1B"]
    assert document["satellites"][0]["elements_epoch"] == "2026-08-22T06:19:23.118Z"
    assert document["satellites"][0]["elements_age_days"] == [0.24, 4.24]
    assert document["totals"]["captures"] == sum(len(result.captures) for result in results())
    assert {"swath", "numpy", "shapely"} <= set(document["versions"])


def test_the_same_study_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_study(build(), run_study(build(), areas_per_shard=1), tmp_path, sources={"areas": "three"})
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_a_study_that_fails_leaves_nothing_and_touches_nothing(tmp_path: Path) -> None:
    (tmp_path / "revisit.csv").write_text("of an earlier study")

    def failing() -> Iterator[AreaResult]:
        yield results()[0]
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        write_study(build(), failing(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["revisit.csv"]
    assert (tmp_path / "revisit.csv").read_text() == "of an earlier study"


def test_without_matplotlib_everything_else_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_module, "is_available", lambda: False)
    (tmp_path / "study.png").write_text("of an earlier study")
    written = write_study(build(), results(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES[:-1]
    assert sorted(written.files) == FILES[:-1]


def test_a_study_in_which_nothing_is_seen_is_written_too(tmp_path: Path) -> None:
    study = build(FUKUI, end_s=NOW_S + 60.0)
    written: Written = write_study(study, run_study(study), tmp_path)
    assert rows(tmp_path / "captures.csv") == []
    assert features(tmp_path / "captures.geojson") == []
    (row,) = rows(tmp_path / "revisit.csv")
    assert (row["accesses"], row["before_first_h"], row["mean_gap_h"], row["after_last_h"]) == (
        "0",
        "0.0167",
        "",
        "",
    )
    assert written.document["totals"]["areas_without_access"] == 1
