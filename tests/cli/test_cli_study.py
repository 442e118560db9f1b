"""`swath study`: from files to a folder of files, in seconds; what is wrong is told in a sentence."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from swath.cli.main import main

RANGE = ("2026-08-22T12:00:00Z", "2026-08-25T12:00:00Z")
FILES = [
    "areas.geojson",
    "captures.csv",
    "captures.geojson",
    "coverage.csv",
    "revisit.csv",
    "study.json",
    "study.png",
]
AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "Kanto", "code": "K"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[138.5, 35], [141, 35], [141, 37.2], [138.5, 37.2], [138.5, 35]]],
            },
        },
        {
            "type": "Feature",
            "properties": {"name": "Svalbard", "code": "S"},
            "geometry": {"type": "Point", "coordinates": [15.4, 78.23]},
        },
    ],
}

Told = tuple[str, str]
Run = Callable[..., Told]


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps(AREAS))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def quick_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in where the picture is not what is looked at: drawing takes longer than all the rest."""

    def draw(study: object, summaries: object, stream: BinaryIO, land: object) -> None:
        stream.write(b"drawn")

    monkeypatch.setattr("swath.studies.picture.draw_study", draw)


@pytest.fixture
def run_and_draw(areas: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a study of two satellites, unless options say otherwise; gives stdout and stderr."""

    def run(
        *options: str, start: str = RANGE[0], end: str = RANGE[1], crew: str = "AB", code: int = 0
    ) -> Told:
        given = ["--areas", str(areas), "--start", start, "--end", end, "--out", str(out)]
        for letter in crew:
            given += ["--satellite", f"GRUS-1{letter}"]
        with pytest.raises(SystemExit) as left:
            main(("study", *given, *options))
        told = capsys.readouterr()
        assert left.value.code == code, told.err
        return told.out, told.err

    return run


@pytest.fixture
def run(run_and_draw: Run, quick_picture: None) -> Run:
    """The same without drawing."""
    return run_and_draw


def document(run: Run, *options: str, **given: Any) -> dict[str, Any]:
    return json.loads(run("--json", *options, **given)[0])


@pytest.mark.slow
def test_files_are_written_and_the_statistics_shown(run_and_draw: Run, out: Path) -> None:
    shown, told = run_and_draw()
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert (out / "study.png").read_bytes().startswith(b"\x89PNG")
    assert "Kanto" in shown
    assert "Svalbard" in shown
    assert "accesses of 2 satellites in 3 days" in shown
    assert str(out) in told


def test_json_is_the_document_that_is_written(run: Run, out: Path, areas: Path) -> None:
    found = document(run)
    assert found == json.loads((out / "study.json").read_text("utf-8"))
    assert found["sources"] == {"areas": str(areas), "elements": "bundled", "fleet": "bundled"}
    assert [one["area"] for one in found["areas"]] == ["Kanto", "Svalbard"]


def test_daylight_is_the_default_and_nights_can_be_asked_for(run: Run) -> None:
    day, always = document(run), document(run, "--min-sun", "-90")
    assert (day["min_sun_deg"], always["min_sun_deg"]) == (10.0, None)
    assert day["totals"]["accesses"] < always["totals"]["accesses"]


def test_accesses_that_cover_too_little_do_not_count(run: Run) -> None:
    every, whole = (
        document(run, "--min-sun", "-90"),
        document(run, "--min-sun", "-90", "--min-coverage", "100"),
    )
    assert every["totals"]["captures"] == whole["totals"]["captures"]
    assert 0 < whole["totals"]["accesses"] < every["totals"]["accesses"]


def test_areas_may_be_called_by_another_property(run: Run) -> None:
    assert [one["area"] for one in document(run, "--name-property", "code")["areas"]] == ["K", "S"]


def test_points_may_come_as_a_table(run: Run, areas: Path) -> None:
    areas.write_text("target,lon_deg,lat_deg\nSvalbard,15.4,78.23\n")
    (found,) = document(run, "--point-size", "5")["areas"]
    assert found["area_km2"] == pytest.approx(25.0, abs=0.01)


def test_elements_alone_with_a_swath_make_a_fleet(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.tle"
    lines = (files("swath.fleet") / "data" / "grus_elements.txt").read_text().splitlines()
    path.write_text(
        "\n".join(line for line in lines if not line.startswith("#")).replace("GRUS-1A\n", "MINE\n")
    )
    found = document(run, "--elements", str(path), "--swath", "120", "--satellite", "mine", crew="")
    assert [(one["id"], one["swath_km"]) for one in found["satellites"]] == [("MINE", 120.0)]
    assert found["sources"]["fleet"] == "swath of 120 km"


def test_satellites_without_elements_are_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "few.tle"
    lines = (files("swath.fleet") / "data" / "grus_elements.txt").read_text().splitlines()
    path.write_text("\n".join([line for line in lines if not line.startswith("#")][:3]))
    _, told = run("--elements", str(path), crew="")
    assert "no elements of GRUS-1B, GRUS-1C" in told
    assert "no element set of GRUS-1B (47934); found GRUS-1A" in run("--elements", str(path), code=1)[1]


def test_old_elements_are_told(run: Run) -> None:
    _, told = run(start="2026-12-01T00:00:00Z", end="2026-12-02T00:00:00Z")
    assert "Elements are up to 102 days away" in told


@pytest.mark.slow
def test_more_processes_write_the_same_files(run: Run, out: Path) -> None:
    run("--jobs", "1")
    alone = {path.name: path.read_bytes() for path in out.iterdir()}
    run("--jobs", "2")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == alone


@pytest.mark.parametrize(
    ("options", "given", "said"),
    [
        ((), {"start": RANGE[1], "end": RANGE[0]}, "must come after its start"),
        ((), {"end": "2027-12-01T00:00:00Z"}, "465.5 days long; a study takes 400 at most"),
        (("--satellite", "GRUS-9"), {}, "no satellite GRUS-9 in the fleet; it has GRUS-1A"),
        (
            ("--name-property", "size"),
            {},
            "Feature 0 has no property 'size' to be called by; it has name, code",
        ),
    ],
)
def test_what_cannot_be_studied_is_told_and_nothing_is_written(
    run: Run, out: Path, options: tuple[str, ...], given: dict[str, str], said: str
) -> None:
    shown, told = run(*options, **given, code=1)
    assert said in told
    assert shown == ""
    assert not out.exists()


def test_areas_that_are_no_areas_are_told(run: Run, areas: Path) -> None:
    areas.write_text('{"type": "FeatureCollection", "features": []}')
    assert "holds no feature" in run(code=1)[1]


@pytest.mark.parametrize(
    "options",
    [("--max-off-nadir", "61"), ("--min-coverage", "101"), ("--jobs", "0"), ("--elements", "missing.tle")],
)
def test_wrong_use_ends_with_2(run: Run, options: tuple[str, ...]) -> None:
    run(*options, code=2)


def test_a_fleet_and_a_swath_exclude_each_other(run: Run, areas: Path) -> None:
    assert "--swath and --fleet both say" in run("--swath", "50", "--fleet", str(areas), code=2)[1]


def test_without_matplotlib_one_sentence_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, out: Path
) -> None:
    monkeypatch.setattr("swath.studies.picture.is_available", lambda: False)
    _, told = run()
    assert "no picture, for matplotlib is missing: pip install 'swath[study]'" in told
    assert sorted(path.name for path in out.iterdir()) == FILES[:-1]
