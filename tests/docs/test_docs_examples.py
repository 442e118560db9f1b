"""The examples in the documents are run as they stand, against a real service where they need one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving import Customer, Server, serving

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
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
def clone(tmp_path: Path) -> Path:
    """A folder with what a clone has that examples take."""
    (tmp_path / "src").symlink_to(ROOT / "src")
    return tmp_path


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


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial is about curl")
def test_repeating_the_tutorial_keeps_the_secret_and_shows_what_the_service_says(tmp_path: Path) -> None:
    with serving(tmp_path / "tutorial-data") as server:
        first = blocks_of("tutorial.md", "bash run")[0].replace(":8000", f":{server.port}")
        run_bash(first, tmp_path)
        secret = (tmp_path / "account.json").read_bytes()
        shown = run_bash(f"{first}\n(call $API/plans/items | field id) 2>&1 || true", tmp_path)
    assert (tmp_path / "account.json").read_bytes() == secret
    assert "There is no id in" in shown
    assert "This needs an access token" in shown


@pytest.mark.skipif(shutil.which("curl") is None, reason="tokens are fetched with curl")
def test_credentials_are_given_out_replaced_and_used(tmp_path: Path) -> None:
    with serving(tmp_path / "swath-data") as server:
        script = "".join(blocks_of("how-to/credentials.md", "bash run")).replace(":8000", f":{server.port}")
        shown = run_bash(script, tmp_path)
    assert "access_token" in shown
    assert '"operator"' in shown


def test_schedules_are_shown_and_made_again(tmp_path: Path) -> None:
    with serving(tmp_path / "tutorial-data") as server:
        customer = Customer(server.url, server.account())
        plan = customer.wait_for_plan(customer.create_plan()["id"])
        assert customer.ask(customer.candidates(plan["id"])[0]["id"]).status_code == 201
    shown = run_bash("".join(blocks_of("how-to/schedules.md", "bash run")), tmp_path)
    assert "GRUS-" in shown
    assert '"selected": [1, 2, 3]' in shown


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


def test_the_notebook_runs(clone: Path) -> None:
    run_bash("".join(blocks_of("how-to/notebooks.md", "bash run")), clone)
    program = "\n".join(blocks_of("how-to/notebooks.md", "python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    assert "Svalbard" in done.stdout


@pytest.mark.parametrize("page", ["how-to/accesses.md", "how-to/elements.md", "how-to/studies.md"])
def test_examples_without_a_server(page: str, clone: Path) -> None:
    assert run_bash("".join(blocks_of(page, "bash run")), clone)


def test_a_study_from_python_is_that_of_the_command(tmp_path: Path) -> None:
    run_bash("".join(blocks_of("how-to/studies.md", "bash run")), tmp_path)
    (program,) = blocks_of("how-to/studies.md", "python run")
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, timeout=110
    )
    assert done.returncode == 0, done.stderr
    made, commanded = (
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()}
        for name in ("study-from-python", "study")
    )
    assert len(commanded) == 7
    assert made == commanded
