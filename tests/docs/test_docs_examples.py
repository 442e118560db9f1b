"""The examples in the documents are run as they stand, against a real service where they need one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from tests.serving import Server

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parent.parent.parent / "docs"
BIN = Path(sys.executable).parent


def blocks_of(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def run_bash(script: str, folder: Path) -> str:
    """Run examples one after another in one shell, as a reader would; any failure fails."""
    activate = folder / ".venv" / "bin"
    activate.mkdir(parents=True, exist_ok=True)
    (activate / "activate").write_text("")
    program = f'set -eu -o pipefail\nswath() {{ {sys.executable} -m swath "$@"; }}\n{script}'
    done = subprocess.run(["bash", "-c", program], cwd=folder, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def elements(tmp_path: Path) -> Path:
    path = tmp_path / "grus.tle"
    path.write_text((files("swath.fleet") / "data" / "grus_elements.txt").read_text())
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("docs") / "tutorial-data")
    running.start()
    yield running
    running.kill()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial is about curl")
def test_the_tutorial_ends_with_an_image(server: Server) -> None:
    folder = server.data.parent
    script = "".join(blocks_of("tutorial.md", "bash run")).replace(":8000", f":{server.port}")
    shown = run_bash(script, folder)
    assert "ACTIVE" in shown
    assert shown.count("DATA_AVAILABLE") >= 2
    assert (folder / "thumbnail.png").read_bytes().startswith(b"\x89PNG")
    assert list((folder / "images").glob("*_tci.tif"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="mission control is shown with curl")
def test_mission_control_by_hand_ends_with_a_delivered_scene(server: Server) -> None:
    script = "".join(blocks_of("how-to/mission-control.md", "bash run")).replace(":8000", f":{server.port}")
    shown = run_bash(script, server.data.parent)
    for word in ("PROVISIONAL", "FROZEN", "UPLINKED", "CAPTURED", "DELIVERED", "DATA_AVAILABLE"):
        assert word in shown, shown


def test_requesting_from_python_ends_with_images(server: Server, tmp_path: Path) -> None:
    made = server.account("python")
    secrets = {"SWATH_CLIENT_ID": made["client_id"], "SWATH_CLIENT_SECRET": made["client_secret"]}
    (program,) = blocks_of("how-to/python.md", "python")
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"SWATH_URL": server.url} | secrets,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "images").iterdir())) == 2


def test_the_notebook_runs(tmp_path: Path, elements: Path) -> None:
    program = "\n".join(blocks_of("how-to/notebooks.md", "python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    assert "Svalbard" in done.stdout


@pytest.mark.parametrize(
    "page",
    [
        "how-to/accesses.md",
        "how-to/credentials.md",
        "how-to/elements.md",
        "how-to/schedules.md",
        "how-to/studies.md",
    ],
)
def test_examples_without_a_server(page: str, tmp_path: Path, elements: Path) -> None:
    assert run_bash("".join(blocks_of(page, "bash run")), tmp_path)


def test_a_study_from_python_is_that_of_the_command(tmp_path: Path) -> None:
    run_bash("".join(blocks_of("how-to/studies.md", "bash run")), tmp_path)
    (program,) = blocks_of("how-to/studies.md", "python run")
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, timeout=110
    )
    assert done.returncode == 0, done.stderr
    for name in ("captures.csv", "captures.geojson", "revisit.csv", "coverage.csv", "areas.geojson"):
        assert (tmp_path / "study-from-python" / name).read_bytes() == (
            tmp_path / "study" / name
        ).read_bytes()
