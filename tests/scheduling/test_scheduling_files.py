"""Instances and plans as files: what is read is what was written, and what cannot be read is said clearly."""

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.scheduling.instances import random_instance

from swath.errors import Malformed
from swath.scheduling.solver.files import build_problem, describe, describe_plan, read_problem
from swath.scheduling.solver.run import Budget
from swath.scheduling.solver.solve import solve

AGILE = Path(__file__).parents[1] / "reference" / "agile" / "a200.json.gz"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(gzip.decompress(AGILE.read_bytes()))


def test_a_gzipped_file_is_read_as_it_is(document: dict[str, Any]) -> None:
    problem = read_problem(AGILE)
    assert len(problem.instance.chances) == len(document["candidates"])
    rows = np.array(document["candidates"])[problem.numbers]
    assert problem.instance.chances.start_s.tolist() == rows[:, 2].tolist()
    assert problem.instance.chances.open.tolist() == (rows[:, 7] >= 0).tolist()


def test_flat_weighs_emergencies_three(document: dict[str, Any]) -> None:
    plain, flat = read_problem(AGILE).instance.chances, read_problem(AGILE, flat=True).instance.chances
    emergency = np.array([r["cls"] == 2 for r in document["requests"]])[plain.work]
    assert np.allclose(flat.value[emergency], plain.value[emergency] * 3 / 50)
    assert (flat.value[~emergency] == plain.value[~emergency]).all()


@pytest.mark.parametrize("seed", range(5))
def test_an_instance_that_was_written_is_the_same_when_read(seed: int) -> None:
    instance = random_instance(seed, levels=3)
    again = build_problem(json.loads(json.dumps(describe(instance)))).instance
    assert describe(again) == describe(instance)
    assert solve(again, Budget(20.0)).chosen.tolist() == solve(instance, Budget(20.0)).chosen.tolist()


def test_a_plan_names_candidates_by_their_numbers_in_the_file(document: dict[str, Any]) -> None:
    problem = read_problem(AGILE)
    plan = describe_plan(problem, solve(problem.instance, Budget(0.0)))
    assert set(plan) == {"selected", "value", "bound", "gap", "status", "seconds", "seed", "solver"}
    value = {number: row[6] for number, row in enumerate(document["candidates"])}
    assert plan["value"] == sum(value[number] for number in plan["selected"])


def _break(document: dict[str, Any], how: str) -> None:
    first = document["candidates"][0]
    match how:
        case "no such request":
            first[0] = len(document["requests"])
        case "no such satellite":
            first[1] = -1
        case "half a satellite":
            first[1] = 0.5
        case "no time":
            first[3] = 0
        case "negative value":
            first[6] = -1
        case "short row":
            del first[-1]
        case "text":
            first[2] = "noon"
        case "endless":
            first[2] = 1e400
        case "no rate":
            del document["meta"]["rate"]
        case "standing still":
            document["meta"]["rate"] = 0
        case "no period":
            document["meta"]["period"] = 0
        case "contact backwards":
            document["contacts"][0][0] = [10.0, 5.0]
        case "satellites that differ":
            document["satellites"] = [{}]
        case "place of nowhere":
            document["requests"][0]["place"] = 10**9
        case "half a window":
            document["requests"][0]["window"] = [5.0]
        case "no candidates":
            del document["candidates"]
        case _:
            document["candidate_fields"] = ["request"]


@pytest.mark.parametrize(
    "how, said",
    [
        ("no such request", "request must be one of"),
        ("no such satellite", "sat must be one of"),
        ("half a satellite", "sat must be one of"),
        ("no time", "dur must be more than 0"),
        ("negative value", "value must not be negative"),
        ("short row", "has 7 figures"),
        ("text", "noon"),
        ("endless", "not finite"),
        ("no rate", "lacks rate"),
        ("standing still", "rate must be more than 0"),
        ("no period", "period must be more than 0"),
        ("contact backwards", "ends before it starts"),
        ("satellites that differ", "1 satellites"),
        ("place of nowhere", "place must be"),
        ("half a window", "no scheduling problem"),
        ("no candidates", "candidates"),
        ("few fields", "lacks sat"),
    ],
)
def test_what_is_wrong_is_named(document: dict[str, Any], how: str, said: str) -> None:
    broken = copy.deepcopy(document)
    _break(broken, how)
    with pytest.raises(Malformed, match=said):
        build_problem(broken)


@pytest.mark.parametrize(
    ("window", "uplink_by", "is_open"),
    [
        ([1000.0, 1010.0], 900.0, True),
        ([1000.0, 1010.0], 1000.0, True),
        ([1000.0, 1009.9], 900.0, False),
        ([1000.1, 1010.0], 900.0, False),
        ([1005.0, 1005.0], 900.0, False),
        ([2000.0, 0.0], 900.0, False),
        ([0.0, 2000.0], 1000.1, False),
        ([0.0, 2000.0], -1.0, False),
    ],
)
def test_what_cannot_be_commanded_or_is_outside_of_its_window_is_not_chosen(
    document: dict[str, Any], window: list[float], uplink_by: float, is_open: bool
) -> None:
    one = [0, 0, 1000.0, 10.0, 0.0, 0.0, 5.0, uplink_by]
    problem = build_problem({**document, "requests": [{"window": window}], "candidates": [one]})
    assert solve(problem.instance, Budget(5.0)).chosen.tolist() == [0] * is_open


@pytest.mark.parametrize("text", ["", "[", "null", "[1]", '{"meta": NaN}', "[" * 100_000, "\x00"])
def test_what_is_no_problem_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(Malformed):
        read_problem(tmp_path / "x.json")


def test_a_cut_gzip_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json.gz").write_bytes(AGILE.read_bytes()[:1000])
    with pytest.raises(Malformed, match="cannot be read"):
        read_problem(tmp_path / "x.json.gz")


def test_contacts_that_overlap_are_one(document: dict[str, Any]) -> None:
    doubled = copy.deepcopy(document)
    start, end = doubled["contacts"][0][0]
    doubled["contacts"][0].append([(start + end) / 2, end])
    before, after = (build_problem(d).instance.crafts[0].passes_s.tolist() for d in (document, doubled))
    assert before == after
