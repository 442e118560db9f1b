"""Suites are declared once each, found by name or group, run with their words in a log, or skipped with a reason."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from conformance.outcome import Outcome
from conformance.place import HERE, Place, find_script, program
from conformance.programme import PROGRAMME, choose
from conformance.suite import Suite, run_suite
from conformance.table import add, build_table
from conformance.target import Target

LAYERS = {"SQLite": "http://127.0.0.1:3", "PostgreSQL": "http://127.0.0.1:4"}
TARGET = Target("http://127.0.0.1:1", "http://localhost:2", "id", "secret", "token", "operator", LAYERS)


def suite(script: str, **how: object) -> Suite:
    return Suite("A suite", "toys", lambda _: [sys.executable, "-c", script], **how)


def test_no_two_suites_share_a_name_or_a_log() -> None:
    assert len({each.name for each in PROGRAMME}) == len({each.log for each in PROGRAMME}) == len(PROGRAMME)


def test_without_a_choice_all_are_run() -> None:
    assert choose([]) == list(PROGRAMME)


def test_groups_and_names_may_be_mixed_and_keep_their_order() -> None:
    chosen = [each.name for each in choose(["GDAL", "stac"])]
    assert chosen[-1] == "GDAL"
    assert {each.group for each in choose(["stac"])} == {"stac"}


def test_what_there_is_not_is_said_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"There is no 'gdal'; there are .*GDAL"):
        choose(["gdal"])


def test_every_script_is_there_and_every_command_can_be_made(tmp_path: Path) -> None:
    place = Place(TARGET, tmp_path)
    commands = [each.command(place) for each in PROGRAMME if each.name != "stac-api-validator"]
    scripts = {part for command in commands for part in command if Path(part).is_relative_to(HERE)}
    assert scripts
    assert all(
        Path(script).exists() for script in scripts if not {"node_modules", "schemas"} & {*Path(script).parts}
    )


def test_programs_that_send_no_token_are_given_the_address_that_adds_it() -> None:
    assert Place(TARGET, HERE).through_proxy(TARGET.tasking) == "http://localhost:2/wfs/tasking/v2"


def test_what_a_suite_says_is_in_its_log(tmp_path: Path) -> None:
    script = "import sys; print('2 passed, 1 failed'); print('why', file=sys.stderr); sys.exit(1)"
    outcome = run_suite(suite(script), Place(TARGET, tmp_path))
    assert (outcome.passed, outcome.failed) == (2, 1)
    assert set((tmp_path / "a-suite.log").read_text().split("\n")) >= {"2 passed, 1 failed", "why"}


def test_a_suite_that_crashes_has_failed(tmp_path: Path) -> None:
    script = (
        "import os, signal; print('2 passed, 0 failed', flush=True); os.kill(os.getpid(), signal.SIGSEGV)"
    )
    outcome = run_suite(suite(script), Place(TARGET, tmp_path))
    assert (outcome.failed, outcome.note) == (1, "ended with exit code -11")


def test_a_suite_whose_program_is_missing_is_skipped_and_says_which(tmp_path: Path) -> None:
    outcome = run_suite(suite("", needs=(program("no-such-program"),)), Place(TARGET, tmp_path))
    assert outcome == Outcome(skipped=1, note="no no-such-program")


def test_a_script_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"There is no script nothing\.py"):
        find_script("nothing.py")


@pytest.mark.parametrize("failed", [0, 3])
def test_the_table_has_a_line_for_each_suite_and_one_for_all(failed: int) -> None:
    outcomes = {"one": Outcome(5, failed, 0, "", 1.0), "two": Outcome(skipped=1, note="no Maven")}
    table = build_table(outcomes)
    columns: Sequence[list[str]] = [list(map(str, column.cells)) for column in table.columns]
    assert columns[0] == ["one", "two", "all"]
    assert columns[-1] == ["", "no Maven", ""]
    assert add(outcomes) == Outcome(5, failed, 1, "", 1.0)
