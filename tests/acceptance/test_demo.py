"""`swath demo` as a new user runs it: what they see, what they get, and that nothing stays behind."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest
import rasterio
from rasterio.warp import transform_bounds

from swath.cli.throwaway import running_server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

LIMIT_S = 150
STEPS = ("1  Token", "2  Plan", "3  Candidates", "4  Request", "5  Images")
ASSETS = ("thumbnail", "tci", "band0", "band1", "band2", "band3", "band4", "band5", "msi_udm")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the demonstration is told to put its temporary folder, so that what it leaves can be seen."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


def start(scratch: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "swath", "demo", *options],
        env=os.environ | {"TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def servers_on(scratch: Path) -> list[int]:
    """Processes whose command line names the scratch folder."""
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(scratch).encode() in command:
            found.append(int(process.name))
    return found


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """One run to its end: what it printed, and the folder it saved images to."""
    folder = tmp_path_factory.mktemp("demo")
    scratch = folder / "tmp"
    scratch.mkdir()
    process = start(scratch, "--out", str(folder / "images"))
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0, err
    assert servers_on(scratch) == []
    assert list(scratch.iterdir()) == []
    return out, folder / "images"


def test_the_five_steps_come_in_order(shown: tuple[str, Path]) -> None:
    places = [shown[0].index(step) for step in STEPS]
    assert places == sorted(places)


def test_candidates_are_a_table_with_what_a_choice_needs(shown: tuple[str, Path]) -> None:
    row = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +GRUS-\w+ +\d+\.\d° +\d+° +\d+ %")
    rows = len(row.findall(shown[0]))
    assert rows >= 5
    (total,) = re.findall(r"^3  Candidates: (\d+) ways", shown[0], re.MULTILINE)
    assert int(total) == rows or f"\n{rows} of {total} are shown" in shown[0]


def test_the_request_goes_through_every_status(shown: tuple[str, Path]) -> None:
    told = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  (\w+)", shown[0], re.MULTILINE)
    assert list(dict.fromkeys(told)) == ["PLANNED", "ACCEPTED", "PROCESSING", "DATA_AVAILABLE"]


def test_the_item_is_shown_with_its_nine_assets_and_says_what_it_is(shown: tuple[str, Path]) -> None:
    assert all(re.search(rf"^ {asset} ", shown[0], re.MULTILINE) for asset in ASSETS)
    assert re.search(r"swath:simulated +True", shown[0])


def test_the_images_are_in_the_folder_and_open_where_the_plan_is(shown: tuple[str, Path]) -> None:
    (image,) = shown[1].glob("*_tci.tif")
    assert list(shown[1].glob("*_thumbnail.png"))
    with rasterio.open(image) as opened:
        assert opened.crs.to_epsg() == 32653
        west, south, east, north = transform_bounds(opened.crs, "EPSG:4326", *opened.bounds)
    assert west < 136.15 < east
    assert south < 35.75 < north


def test_it_says_where_to_look_next(shown: tuple[str, Path]) -> None:
    assert "docs/tutorial.md" in shown[0]


def test_interrupted_it_takes_its_server_along(scratch: Path) -> None:
    process = start(scratch, "--out", str(scratch.parent / "images"))
    assert process.stdout is not None
    for line in process.stdout:
        if "2  Plan" in line:
            break
    assert servers_on(scratch) != []
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert servers_on(scratch) == []
    assert list(scratch.iterdir()) == []


def test_kept_the_server_goes_on_until_it_is_told_to_end(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with running_server(keep=True) as server:
        pass
    assert servers_on(scratch) == [server.process.pid]
    assert httpx.get(f"{server.url}/livez").is_success
    server.process.terminate()
    server.process.wait(30)
    assert servers_on(scratch) == []
