"""`swath schedule` on a data folder."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import NOW
from tests.ops.sheet_world import CAUSE, publish
from tests.scheduling.instances import random_instance

from swath.cli.main import main
from swath.ops.sheets import FORMATS
from swath.scheduling.solver.files import describe
from swath.scheduling.solver.publish import solve_verified
from swath.scheduling.solver.run import Budget
from swath.store.database import open_store
from swath.tasking.accounts import create_account
from swath.tasking.model import Activity
from swath.tasking.rules import Rules

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the data folder; its output, or what it says on stderr when it must fail."""

    def run_line(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as left:
            main((*arguments, "--data", str(tmp_path)))
        out, err = capsys.readouterr()
        assert left.value.code == code, err
        return out if code == 0 else err

    return run_line


@pytest.fixture
def lines(tmp_path: Path, rules: Rules) -> list[Activity]:
    store = open_store(f"sqlite:///{tmp_path / 'swath.db'}")
    with store.begin() as uow:
        account = create_account(uow, "acme", 10, NOW)
    found = publish(store, rules, account.id, NOW)
    store.close()
    return found


def test_the_table_has_a_line_for_each_capture(run: Run, lines: list[Activity]) -> None:
    shown = run("schedule", "show")
    assert "Schedule 1" in shown
    for line in lines:
        (row,) = [row for row in shown.splitlines() if line.request_id in row]
        assert line.chance.satellite in row
        assert f"{line.chance.start:%Y-%m-%d %H:%M:%S}" in row
        assert (" yes " in row) is line.frozen


def test_programs_get_json(run: Run, lines: list[Activity]) -> None:
    document = json.loads(run("schedule", "show", "--format", "json", "--version", "1"))
    assert {line["request_id"] for line in document["activities"]} == {line.request_id for line in lines}
    (version,) = json.loads(run("schedule", "list", "--json"))
    assert (version["version"], version["cause"]["message"]) == (1, CAUSE.message)


def test_the_list_says_why_each_version_was_made(run: Run, lines: list[Activity]) -> None:
    assert CAUSE.message in run("schedule", "list")


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_exports_go_to_a_file_or_to_stdout(
    run: Run, lines: list[Activity], tmp_path: Path, kind: str
) -> None:
    command = "show" if kind == "svg" else "export"
    path = tmp_path / f"schedule.{kind}"
    run("schedule", command, "--format", kind, "--out", str(path))
    written = path.read_bytes().decode()
    assert all(line.request_id in written.replace("\r\n ", "") for line in lines)
    assert run("schedule", command, "--format", kind) == written


def test_a_table_for_programs_has_their_line_ends(run: Run, lines: list[Activity], tmp_path: Path) -> None:
    path = tmp_path / "schedule.csv"
    run("schedule", "export", "--format", "csv", "--out", str(path))
    with path.open(newline="") as file:
        rows = list(csv.reader(io.StringIO(file.read(), newline="")))
    assert len(rows) == 1 + len(lines)
    assert path.read_bytes().count(b"\r\n") == len(rows)


def test_a_version_that_never_was_is_one_sentence(run: Run, lines: list[Activity]) -> None:
    assert "no version 9; the latest is 1" in run("schedule", "show", "--version", "9", code=1)


def test_a_service_that_has_not_begun_has_an_empty_schedule(run: Run, tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'swath.db'}").close()
    assert "Schedule 0" in run("schedule", "show")


def test_a_format_that_there_is_none_of_is_wrong_use(run: Run) -> None:
    assert "geojson" in run("schedule", "export", "--format", "pdf", code=2)


def keep(folder: Path, **changes: Any) -> dict[str, Any]:
    """A version that was computed, with what it was made from."""
    instance = random_instance(3, works=20)
    solution = solve_verified(instance, Budget(20.0, 3), 7)
    works = [f"request {number}" for number in range(20)]
    chances = instance.chances
    plan = [
        {
            "work": works[int(chances.work[row])],
            "satellite": instance.crafts[int(chances.craft[row])].id,
            "start_s": float(chances.start_s[row]),
            "pitch_deg": float(chances.pitch_deg[row]),
        }
        for row in solution.chosen.tolist()
    ]
    inputs: dict[str, Any] = {
        "made_by": "plan",
        "instance": describe(instance),
        "works": works,
        "seed": 7,
        "rounds": 3,
        "seconds": 20.0,
        "solver": solution.solver,
        "value": solution.value,
        "bound": solution.bound,
        "plan": plan,
    }
    store = open_store(f"sqlite:///{folder / 'swath.db'}")
    with store.begin() as uow:
        uow.add_schedule(CAUSE, NOW, inputs={**inputs, **changes})
        uow.add_schedule(CAUSE, NOW)
    store.close()
    return inputs


def test_a_past_version_made_again_is_the_same(run: Run, tmp_path: Path) -> None:
    kept = keep(tmp_path)
    again = json.loads(run("schedule", "rerun", "1", "--json"))
    assert (again["same"], again["captures"], again["value"]) == (True, len(kept["plan"]), kept["value"])
    assert (again["seed"], again["rounds"], again["bound"]) == (7, 3, kept["bound"])


def test_a_version_that_comes_out_otherwise_is_told_and_fails(run: Run, tmp_path: Path) -> None:
    keep(tmp_path, plan=[{"work": "request 0", "satellite": "0", "start_s": 0.0, "pitch_deg": 0.0}])
    assert "lines differ" in run("schedule", "rerun", "1", code=1)


def test_a_version_that_had_not_to_be_computed_says_what_it_changed(run: Run, tmp_path: Path) -> None:
    keep(tmp_path)
    told = json.loads(run("schedule", "rerun", "2", "--json"))
    assert (told["same"], told["made_by"], told["changes"]) == (True, "change", [])
    assert "no version 3; the latest is 2" in run("schedule", "rerun", "3", code=1)
