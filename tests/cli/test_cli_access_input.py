"""What `swath access` makes of good and bad files: a clear error or a right answer, never silence, never a hang."""

import json
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.access_files import DAY, Run, Shown, bundled, run_access

from swath.fleet import load_bundled_elements
from swath.orbit.elements import Elements, to_omm

ONE = next(one for one in load_bundled_elements() if one.name == "GRUS-1A")
OTHER = next(one for one in load_bundled_elements() if one.name == "GRUS-1B")
SQUARE = [[[139, 35], [140, 35], [140, 36], [139, 36], [139, 35]]]


@pytest.fixture
def elements(tmp_path: Path) -> Path:
    path = tmp_path / "elements.tle"
    path.write_text("\n".join(bundled(2)) + "\n")
    return path


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    path = tmp_path / "targets.csv"
    path.write_text("target,lon_deg,lat_deg\nFukui,136.22,36.06\nSvalbard,15.4,78.23\n")
    return path


@pytest.fixture
def run(elements: Path, targets: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_it(*options: str, start: str = DAY[0], end: str = DAY[1]) -> Shown:
        return run_access(elements, targets, capsys, *options, start=start, end=end)

    return run_it


def write_sets(path: Path, sets: Sequence[Elements]) -> None:
    path.write_text(json.dumps([to_omm(one) for one in sets]))


def aged(days: float, one: Elements = ONE) -> Elements:
    return replace(one, epoch=one.epoch + timedelta(days=days))


# Element sets.


def test_of_several_sets_of_a_satellite_one_is_used_and_the_rest_is_told(run: Run, elements: Path) -> None:
    write_sets(elements, [ONE])
    alone = run()
    write_sets(elements, [aged(5), aged(-3), ONE, aged(1.5), aged(40)])
    among_others = run()
    assert among_others.out == alone.out
    assert (
        "Left out: 4 element sets, farther from the middle of the range than the 1 used." in among_others.err
    )


@pytest.mark.slow
def test_ten_thousand_sets_in_no_order(run: Run, elements: Path) -> None:
    write_sets(elements, [ONE, OTHER])
    alone = run()
    sets = [aged(2 * i, one) for one in (ONE, OTHER) for i in range(-2500, 2500)]
    random.Random(3).shuffle(sets)
    write_sets(elements, sets)
    began = time.monotonic()
    shown = run()
    assert time.monotonic() - began < 10
    assert sorted(shown.out.splitlines()) == sorted(alone.out.splitlines())
    assert "Left out: 9998 element sets" in shown.err


def test_copies_of_a_satellite_at_one_epoch_are_satellites_of_their_own(run: Run, elements: Path) -> None:
    write_sets(elements, [ONE, replace(ONE, raan_deg=10.0), replace(ONE, raan_deg=200.0), ONE])
    shown = run("--min-elevation", "5")
    assert {row["satellite"] for row in shown.rows} == {"GRUS-1A #1", "GRUS-1A #2", "GRUS-1A #3"}
    assert "Left out: 1 element set," in shown.err


def test_a_name_that_two_satellites_share_is_told_apart_by_number(run: Run, elements: Path) -> None:
    write_sets(elements, [replace(ONE, name="DEB"), replace(OTHER, name="DEB")])
    assert {row["satellite"] for row in run().rows} == {f"DEB ({ONE.norad_id})", f"DEB ({OTHER.norad_id})"}


def test_old_elements_are_told_with_their_age(run: Run, elements: Path) -> None:
    write_sets(elements, [aged(-20), OTHER])
    shown = run()
    assert shown.code == 0
    assert (
        "Elements of GRUS-1A are 20.2 days from the range (epoch 2026-08-02); accesses may be minutes off."
        in (shown.err.replace("\n", " "))
    )
    assert "GRUS-1B are" not in shown.err
    assert "Elements are used up to 21.2 days from their epoch." in shown.err


def test_of_many_old_sets_some_are_named(run: Run, elements: Path) -> None:
    write_sets(elements, [replace(aged(-2000), name=f"OLD-{i}") for i in range(9)])
    told = run("--max-off-nadir", "5").err
    assert (
        "Elements of OLD-0 are 2000.2 days from the range (epoch 2021-03-01); accesses are a guess." in told
    )
    assert "OLD-5" not in told
    assert "Those of 4 more satellites are more than 14 days away too." in told


def test_a_satellite_that_decays_is_named_and_the_others_go_on(
    run: Run, elements: Path, tmp_path: Path
) -> None:
    write_sets(elements, [OTHER])
    alone = run(end="2026-11-22T12:00:00Z")
    write_sets(elements, [replace(ONE, bstar=0.1), OTHER])
    out = tmp_path / "accesses.csv"
    shown = run("--out", str(out), end="2026-11-22T12:00:00Z")
    assert shown.code == 1
    assert "GRUS-1A cannot be propagated to 2026-" in shown.err
    assert "Accesses of 1 satellite are missing." in shown.err
    assert out.read_text() == alone.out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ECCENTRICITY": 1.2}, "eccentricity is 1.2; it takes 0 to below 1"),
        ({"MEAN_MOTION": -3}, "mean motion is -3"),
        ({"MEAN_MOTION": "NaN"}, "MEAN_MOTION is 'NaN'; expected a finite number"),
        ({"BSTAR": float("inf")}, "BSTAR is inf; expected a finite number"),
        ({"EPOCH": "1931-01-01T00:00:00"}, "epoch 1931-01-01T00:00:00+00:00 is not plausible"),
    ],
)
def test_hyperbolic_nonsense_is_refused(run: Run, elements: Path, change: dict[str, Any], words: str) -> None:
    elements.write_text(json.dumps([to_omm(OTHER), to_omm(ONE) | change]))
    shown = run()
    assert (shown.code, shown.out) == (1, "")
    assert f"Error: OMM record 2: {words}" in shown.err


# Ranges and limits.


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (DAY[0], DAY[0], "The end of the range must be after its start."),
        (DAY[1], DAY[0], "The end of the range must be after its start."),
        ("1957-10-03T23:59:59Z", DAY[0], "The range begins before the first satellite flew, on 1957-10-04."),
        (DAY[0], "2050-01-01T00:00:00Z", "The range is 8532 days long; the limit is 3660."),
    ],
)
def test_ranges_that_make_no_sense_are_refused(run: Run, start: str, end: str, words: str) -> None:
    shown = run(start=start, end=end)
    assert (shown.code, shown.out) == (1, "")
    assert f"Error: {words}" in shown.err


@pytest.mark.parametrize("text", ["nan", "2026-08-22", "2026-13-22T00:00:00Z", "0001-01-01T00:00:00+05:00"])
def test_times_that_are_none_are_wrong_use(run: Run, text: str) -> None:
    assert run(start=text).code == 2


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--min-off-nadir", "20", "--max-off-nadir", "10"), 1, "Off-nadir angles run from 20 to 10 degrees"),
        (("--min-elevation", "nan"), 2, "--min-elevation"),
        (("--max-off-nadir", "nan"), 2, "--max-off-nadir"),
        (("--min-elevation", "90"), 2, "--min-elevation"),
        (("--max-off-nadir", "0"), 2, "--max-off-nadir"),
    ],
)
def test_limits_that_nothing_keeps_are_refused(
    run: Run, options: tuple[str, ...], code: int, words: str
) -> None:
    shown = run(*options)
    assert (shown.code, shown.out) == (code, "")
    assert words in shown.err


def test_a_second_is_a_range(run: Run) -> None:
    row = run().rows[0]
    second = run(start=row["t_max_utc"], end=row["t_max_utc"][:-4] + "999Z").rows
    assert row["t_max_utc"][:21] in {other["t_max_utc"][:21] for other in second}


def test_400_days_are_a_range(run: Run) -> None:
    shown = run("--satellites", "GRUS-1A", "--max-off-nadir", "20", end="2027-09-26T12:00:00Z")
    rises = [row["rise_utc"] for row in shown.rows if row["target"] == "Svalbard"]
    assert rises == sorted(set(rises))
    assert (rises[0][:7], rises[-1][:7]) == ("2026-08", "2027-09")
    assert "400.2 days from their epoch" in shown.err


# Targets.


def test_poles_and_the_antimeridian_are_places_like_others(run: Run, targets: Path) -> None:
    targets.write_text("target,lon_deg,lat_deg\nE,180,5\nW,-180,5\nN,180,90\nN0,0,90\nS,-180,-90\nS0,0,-90\n")
    rows = run("--min-elevation", "8").rows
    times: dict[str, list[str]] = {}
    for row in rows:
        times.setdefault(row["target"], []).append(row["t_max_utc"][:22])
    assert len(times) == 6
    assert (times["E"], times["N"], times["S"]) == (times["W"], times["N0"], times["S0"])


def test_targets_that_share_a_name_are_told(run: Run, targets: Path) -> None:
    targets.write_text("target,lon_deg,lat_deg\nX,10,50\nX,20,50\nY,0,0\n")
    shown = run()
    assert "Targets share names (X); longitude and latitude tell them apart." in shown.err
    assert {(row["target"], row["lon_deg"]) for row in shown.rows} >= {("X", "10.0"), ("X", "20.0")}


def test_names_may_hold_commas_quotes_and_other_alphabets(run: Run, targets: Path) -> None:
    targets.write_text('target,lon_deg,lat_deg\n"a, ""b""",10,50\n福井,136,36\n', "utf-8")
    assert {row["target"] for row in run().rows} == {'a, "b"', "福井"}
    assert {row["target"] for row in json.loads(run("--format", "json").out)} == {'a, "b"', "福井"}


def collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(kind: str, coordinates: Any, **more: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {}, "geometry": geometry, **more}


def test_geojson_has_points_and_polygons(run: Run, targets: Path) -> None:
    from_csv = run().rows
    targets.write_text(
        collection(
            feature("Polygon", SQUARE, properties={"name": "Honshu"}),
            feature("Point", [136.22, 36.06], properties={"Title": "Fukui"}),
            feature("Point", [15.4, 78.23, 12.0], id="Svalbard"),
            feature("MultiPolygon", [SQUARE]),
        )
    )
    rows = run().rows
    assert [row for row in rows if row["target"] in ("Fukui", "Svalbard")] == from_csv
    honshu = [row for row in rows if row["target"] == "Honshu"]
    assert honshu
    assert {(row["lon_deg"], row["lat_deg"][:5]) for row in honshu} == {("139.5", "35.49")}
    of_the_same = [row | {"target": "Honshu"} for row in rows if row["target"] == "4"]
    assert of_the_same == honshu


def test_a_polygon_alone_is_a_target(run: Run, targets: Path) -> None:
    targets.write_text(json.dumps({"type": "Polygon", "coordinates": SQUARE}))
    shown = run("--max-off-nadir", "30", end="2026-08-30T12:00:00Z")
    assert {row["target"] for row in shown.rows} == {"1"}
    assert "to 1 target." in shown.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (collection(), "holds no feature"),
        (collection(feature("Polygon", [])), "Area 1: coordinates is empty"),
        (collection(feature("Polygon", [[[0, 0], [1, 1], [2, 2], [0, 0]]])), "Area 1: The ring has no area"),
        (collection(feature("Polygon", SQUARE), feature("Point", [1, 91])), "feature 2: latitude is 91"),
        (collection(feature("Point", [181, 1])), "feature 1: longitude is 181; expected degrees"),
        (collection(feature("Point", [float("nan"), 1])), "feature 1: longitude is nan"),
        (collection(feature("Point", [True, 1])), "feature 1: longitude is True"),
        (collection(feature("Point", [])), "feature 1: a Point has [longitude, latitude]; found []"),
        (
            collection(feature("LineString", [[0, 0], [1, 1]])),
            "feature 1 is a LineString; targets are Points",
        ),
        (collection({"type": "Feature", "geometry": None}), "feature 1 has no geometry"),
        ('{"type": "FeatureCollection", "features": 3}', "no array of features"),
        ('{"type": "FeatureCollection", ', "is not JSON"),
        ("{}", "found a dict without type"),
    ],
)
def test_geojson_that_is_none_is_named_by_its_feature(run: Run, targets: Path, text: str, words: str) -> None:
    targets.write_text(text)
    shown = run()
    assert (shown.code, shown.out) == (1, "")
    assert words in shown.err
