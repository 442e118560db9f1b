"""`swath schedule solve`: a plan from a file to a file."""

import gzip
import json
from pathlib import Path

import pytest

from swath.cli.main import main

AGILE = Path(__file__).parents[1] / "reference" / "agile" / "a200.json.gz"


def solve(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as left:
        main(("schedule", "solve", *arguments))
    return left.value.code


def test_a_plan_comes_out_with_its_bound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "plan.json"
    assert solve(str(AGILE), "--seconds", "60", "--out", str(out)) == 0
    plan = json.loads(out.read_text())
    candidates = json.loads(gzip.decompress(AGILE.read_bytes()))["candidates"]
    assert plan["value"] == sum(candidates[number][6] for number in plan["selected"]) == 90_483
    assert (plan["status"], plan["gap"], plan["seed"]) == ("optimal", pytest.approx(0.0), 0)
    assert "0.00 % below" in capsys.readouterr().err


def test_with_json_the_plan_is_printed_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "plan.json"
    assert solve(str(AGILE), "--seconds", "60", "--flat", "--seed", "3", "--json", "--out", str(out)) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == json.loads(out.read_text())


def test_what_is_no_instance_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text("{}")
    assert solve(str(tmp_path / "x.json"), "--out", str(tmp_path / "plan.json")) == 1
    assert "no scheduling problem" in capsys.readouterr().err
    assert not (tmp_path / "plan.json").exists()


def test_a_spot5_file_comes_out_as_photographs_and_cameras(tmp_path: Path) -> None:
    """54 is proved to be worth 70, as by everyone since 1999; no photograph is taken twice."""
    out = tmp_path / "plan.json"
    assert solve(str(AGILE.parents[1] / "spot5" / "54.spot.gz"), "--seconds", "60", "--out", str(out)) == 0
    plan = json.loads(out.read_text())
    assert (plan["value"], plan["bound"], plan["status"], plan["gap"]) == (70, 70, "optimal", 0)
    photographs, cameras = zip(*plan["selected"], strict=True)
    assert len(set(photographs)) == len(photographs)
    assert set(cameras) <= {1, 2, 3, 13}


def test_what_is_no_spot5_file_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.spot").write_text("5\n0 1 1 1 0\n")
    assert solve(str(tmp_path / "x.spot"), "--out", str(tmp_path / "plan.json")) == 1
    assert "x.spot is no SPOT5 file" in capsys.readouterr().err
