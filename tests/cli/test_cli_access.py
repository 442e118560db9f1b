"""`swath access`: from files to a file, in the columns that scripts depend on."""

import csv
import io
import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from swath.cli.main import main

COLUMNS = (
    "satellite,target,lon_deg,lat_deg,rise_utc,set_utc,t_max_utc,"
    "max_elevation_deg,off_nadir_deg,sun_elevation_deg,sun_azimuth_deg"
)
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DAY = ("2026-08-22T12:00:00Z", "2026-08-23T12:00:00Z")

Find = Callable[..., str]


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    path = tmp_path / "targets.csv"
    path.write_text("target,lon_deg,lat_deg,note\nFukui,136.22,36.06,home\nSvalbard,15.4,78.23,\n")
    return path


@pytest.fixture
def elements(tmp_path: Path) -> Path:
    """Two of the bundled sets; more would only take time."""
    lines = (files("swath.fleet") / "data" / "grus_elements.txt").read_text().splitlines()
    sets = [line for line in lines if not line.startswith("#")][:6]
    path = tmp_path / "elements.tle"
    path.write_text("\n".join(sets) + "\n")
    return path


@pytest.fixture
def find(targets: Path, elements: Path, capsys: pytest.CaptureFixture[str]) -> Find:
    def run(*options: str, start: str = DAY[0], end: str = DAY[1], code: int = 0) -> str:
        given = ("--elements", str(elements), "--targets", str(targets), "--start", start, "--end", end)
        with pytest.raises(SystemExit) as left:
            main(("access", *given, *options))
        assert left.value.code == code
        out, err = capsys.readouterr()
        return err if code else out

    return run


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_columns_are_those_that_scripts_depend_on(find: Find) -> None:
    assert find().splitlines()[0] == COLUMNS


def test_an_access_rises_culminates_and_sets_in_that_order(find: Find) -> None:
    rows = rows_of(find("--min-elevation", "10"))
    assert rows
    for row in rows:
        assert row["rise_utc"] < row["t_max_utc"] < row["set_utc"]
        assert all(ISO.fullmatch(row[column]) for column in ("rise_utc", "t_max_utc", "set_utc"))
        assert float(row["max_elevation_deg"]) > 10


def test_rows_come_by_satellite_then_target_then_time(find: Find) -> None:
    keys = [(row["satellite"], row["target"], row["rise_utc"]) for row in rows_of(find())]
    assert keys == sorted(keys)


def test_off_nadir_is_limited(find: Find) -> None:
    near, far = rows_of(find("--max-off-nadir", "20")), rows_of(find("--max-off-nadir", "40"))
    assert 0 < len(near) < len(far)
    assert all(float(row["off_nadir_deg"]) <= 20 for row in near)


def test_an_access_that_the_range_cuts_has_its_true_rise_and_set(find: Find) -> None:
    whole = rows_of(find())[0]
    inside = rows_of(find(start=whole["t_max_utc"], end=whole["set_utc"]))
    cut = next(row for row in inside if row["target"] == whole["target"])
    assert cut["rise_utc"][:22] == whole["rise_utc"][:22]


def test_json_holds_the_same_accesses(find: Find) -> None:
    from_json = json.loads(find("--format", "json"))
    from_csv = rows_of(find())
    assert from_json
    assert [list(row) for row in from_json] == [COLUMNS.split(",")] * len(from_csv)
    for one, other in zip(from_json, from_csv, strict=True):
        assert {name: type(value)(other[name]) for name, value in one.items()} == one


def test_no_access_is_an_empty_document_not_an_error(find: Find) -> None:
    assert json.loads(find("--format", "json", "--max-off-nadir", "0.01")) == []
    assert find("--max-off-nadir", "0.01") == COLUMNS + "\n"


def test_a_table_is_for_people(find: Find) -> None:
    assert "Svalbard" in find("--format", "table")


def test_a_table_shows_as_much_as_people_read(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swath.cli.access_table.MOST_SHOWN", 3)
    title, _, *rows = find("--format", "table").splitlines()
    assert len(rows) == 3
    assert title.strip() == f"{len(rows_of(find()))} accesses; the first 3, csv and json have all"


def test_numbers_have_six_decimals_and_times_microseconds(find: Find) -> None:
    line = find("--format", "csv").splitlines()[1]
    time, number = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", r"-?\d+\.\d{6}"
    assert re.fullmatch(rf"GRUS-1A,Fukui,136\.22,36\.06,({time},){{3}}({number},){{3}}{number}", line)


def test_a_least_off_nadir_angle_leaves_the_nadir_out(find: Find) -> None:
    rows = rows_of(find("--max-off-nadir", "40", "--min-off-nadir", "20"))
    assert rows
    assert all(20 - 1e-6 <= float(row["off_nadir_deg"]) <= 40 for row in rows)


@pytest.mark.parametrize("wanted", ["GRUS-1B", " 47934 ,", "GRUS-1B,47934"])
def test_satellites_are_chosen_by_name_or_number(find: Find, elements: Path, wanted: str) -> None:
    number = elements.read_text().splitlines()[4][2:7]
    rows = rows_of(find("--satellites", wanted.replace("47934", number)))
    assert {row["satellite"] for row in rows} == {"GRUS-1B"}


def test_a_satellite_that_is_not_there_is_named(find: Find) -> None:
    assert "no element set of GRUS-9Z" in find("--satellites", "GRUS-1A,GRUS-9Z", code=1)


def test_many_targets_come_in_blocks_and_pieces(
    find: Find, targets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"T{i:03},{(i * 37) % 360 - 180},{(i * 11) % 160 - 80}" for i in range(200)]
    targets.write_text("\n".join(["target,lon_deg,lat_deg", *lines]) + "\n")
    whole = find()
    monkeypatch.setattr("swath.access.accesses.PLACES_AT_A_TIME", 30)
    monkeypatch.setattr("swath.cli.access_table.MOST_ROWS", 17)
    monkeypatch.setattr("swath.cli.access_text.PIECE_BYTES", 900)
    in_pieces = find()
    assert len(whole.splitlines()) > 1000
    assert [row[:4] for row in csv.reader(io.StringIO(in_pieces))] == [
        row[:4] for row in csv.reader(io.StringIO(whole))
    ]
    assert len(json.loads(find("--format", "json"))) == len(whole.splitlines()) - 1


def test_a_file_appears_when_it_is_complete(find: Find, tmp_path: Path) -> None:
    out = tmp_path / "accesses.csv"
    assert find("--out", str(out)) == ""
    assert out.read_text() == find()
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "name,lon,lat\nFukui,136,36\n",
            "must name the columns target, lon_deg, lat_deg; found name, lon, lat",
        ),
        (
            "target,lon_deg,lat_deg\nFukui,136,36\nOdd,540,36\n",
            "line 3: lon_deg is '540'; expected degrees from -180",
        ),
        ("target,lon_deg,lat_deg\nFukui,nan,36\n", "line 2: lon_deg is 'nan'"),
        ("target,lon_deg,lat_deg\nFukui,136\n", "line 2: lat_deg is ''"),
        ("target,lon_deg,lat_deg\n", "no target"),
        ("", "found none"),
    ],
)
def test_a_bad_target_is_named_by_its_line(find: Find, targets: Path, text: str, told: str) -> None:
    targets.write_text(text)
    assert told in find(code=1)


def test_a_bad_element_set_is_named_by_its_place(find: Find, elements: Path) -> None:
    elements.write_text(elements.read_text().replace("97.4441", "97.4442"))
    assert "checksum" in find(code=1)


def test_a_range_that_ends_before_it_starts(find: Find) -> None:
    assert "must be after its start" in find(start=DAY[1], end=DAY[0], code=1)


def test_a_missing_file_is_wrong_use(find: Find, targets: Path) -> None:
    targets.unlink()
    assert "does not exist" in find(code=2)
